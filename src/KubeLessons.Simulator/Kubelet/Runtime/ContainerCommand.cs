using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>Finds what a command line means inside a container, as runc does.</summary>
internal static class ContainerCommand
{
    /// <summary>
    /// How to start it: a program of the image, or a script whose first line names its interpreter. Null with runc's words when
    /// there is no such thing.
    /// </summary>
    public static ProcessStart? Resolve(Container container, ImmutableArray<string> commandLine, out string fault)
    {
        fault = "";
        if (commandLine.IsEmpty)
        {
            fault = "no command specified";
            return null;
        }

        var programs = container.Image.Programs;
        var command = commandLine[0];
        var script = command.Contains('/') ? container.Files.Read(FileSystem.Resolve(WorkingDirectory(container), command)) : null;
        if (script is not null && script.StartsWith("#!", StringComparison.Ordinal))
        {
            var end = script.IndexOf('\n');
            commandLine = [.. script[2..(end < 0 ? script.Length : end)].Split(' ', StringSplitOptions.RemoveEmptyEntries), .. commandLine];
        }

        if (programs.Find(commandLine[0]) is { } main)
        {
            return new ProcessStart(commandLine, main)
            {
                User = container.Config.User.Length > 0 ? container.Config.User : container.Image.Repository.User is { Length: > 0 } user ? user : "root",
                WorkingDirectory = WorkingDirectory(container),
                Environment = Environment(container),
                Files = container.Files,
                Programs = programs,
                Network = container.Sandbox.Network,
                ContainerId = container.Id,
                OomScoreAdjustment = container.Config.OomScoreAdjustment,
                PidNamespace = PidNamespace(container),
            };
        }

        fault = command.Contains('/')
            ? $"exec: \"{command}\": stat {command}: no such file or directory: unknown"
            : $"exec: \"{command}\": executable file not found in $PATH: unknown";
        return null;
    }

    // A container sees its own processes; the pod's or the node's when the pod shares them, or those of the one that it is to look into.
    private static string PidNamespace(Container container)
    {
        var sandbox = container.Sandbox;
        return sandbox.Config.HostProcesses ? ""
            : sandbox.Config.SharesProcesses ? sandbox.Id
            : container.Config.TargetId.Length > 0 ? container.Config.TargetId
            : container.Id;
    }

    private static string WorkingDirectory(Container container) =>
        container.Config.WorkingDirectory.Length > 0 ? container.Config.WorkingDirectory : container.Image.Repository.WorkingDirectory;

    private static ImmutableDictionary<string, string> Environment(Container container)
    {
        var environment = container.Image.Repository.Environment.ToBuilder();
        environment.TryAdd("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment["HOSTNAME"] = container.Sandbox.Config.Hostname;
        environment.TryAdd("HOME", "/root");
        foreach (var (name, value) in container.Config.Environment)
        {
            environment[name] = value;
        }

        return environment.ToImmutable();
    }
}
