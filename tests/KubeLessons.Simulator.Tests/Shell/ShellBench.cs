using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Tests.Shell;

/// <summary>What a script gave: all that it wrote, and its exit code.</summary>
internal sealed record ShellOutcome(string Out, string Error, int ExitCode, TimeSpan Took, bool IsFinished);

/// <summary>A small host with the shell and its commands.</summary>
internal sealed class ShellBench
{
    private ShellSession? _session;

    public ShellBench(ulong seed = 1)
    {
        World = new World(seed);
        Host = new Host(World, "w1-k8s", "192.168.1.101");
        foreach (var directory in (string[])["/root", "/tmp", "/etc", "/usr/bin", "/var/log", "/dev"])
        {
            Host.Files.MakeDirectories(directory);
        }

        CoreCommands.AddTo(Host.Programs);
    }

    public World World { get; }

    public Host Host { get; }

    public ShellSession Session => _session ??= new ShellSession(new ShellSessionStart(Host));

    /// <summary>Runs <c>bash -c script</c> until it ends, at most this long in virtual time.</summary>
    public ShellOutcome Bash(string script, string input = "", double seconds = 600)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var began = World.Now;
        var process = Host.Processes.Start(new ProcessStart(["bash", "-c", script], ShellProgram.Bash)
        {
            WorkingDirectory = "/root",
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("HOME", "/root"),
            Input = TextStream.Of(World, input),
            Output = new TextStream(World, text => output.Append(text)),
            Error = new TextStream(World, text => error.Append(text)),
        });
        World.RunUntil(() => process.HasExited, World.Now + TimeSpan.FromSeconds(seconds));
        return new ShellOutcome(output.ToString(), error.ToString(), process.ExitCode, World.Now - began, process.HasExited);
    }

    /// <summary>Types a line into the session and lets it run, at most this long in virtual time.</summary>
    public ShellOutcome Type(string line, double seconds = 600)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var began = World.Now;
        var run = Start(line, output, error);
        World.RunUntil(() => run.IsFinished, World.Now + TimeSpan.FromSeconds(seconds));
        return new ShellOutcome(output.ToString(), error.ToString(), run.ExitCode, World.Now - began, run.IsFinished);
    }

    public ShellRun Start(string line, StringBuilder output, StringBuilder error) => Session.Run(
        line, new TextStream(World, text => output.Append(text)), new TextStream(World, text => error.Append(text)));
}
