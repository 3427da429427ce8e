using System.CommandLine;
using System.Reflection;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>version</c>: the tool's version, and the Kubernetes versions that it can simulate.</summary>
internal static class VersionCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var command = new Command("version", wording.Get("cli.version"));
        command.SetAction((parsed, _) => CommandLine.Guard(Session.Of(parsed, surroundings), session =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            session.Out.WriteLine($"kubelessons {version?.Split('+')[0]}");
            session.Out.WriteLine(session.Say(
                "cli.simulates",
                $"1.{Simulator.Versions.KubernetesVersion.OldestMinor}",
                $"1.{Simulator.Versions.KubernetesVersion.NewestMinor}",
                $"1.{Simulator.Versions.KubernetesVersion.DefaultMinor}"));
            return Task.FromResult(ExitCodes.Passed);
        }));
        return command;
    }
}
