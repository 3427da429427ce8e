using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>
/// nsenter(1): a command of the host in another process' namespaces: -t PID with -n (network), -m (its files and its commands), -a (all);
/// -u, -i, -p and -C change nothing that can be seen here.
/// </summary>
internal static class NamespaceEntry
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "t:n::m::u::i::p::C::U::aFr::w::", stopsAtOperand: true, new LongOption("target", 't'),
            new LongOption("net", 'n'), new LongOption("mount", 'm'), new LongOption("uts", 'u'), new LongOption("ipc", 'i'), new LongOption("pid", 'p'),
            new LongOption("cgroup", 'C'), new LongOption("all", 'a'), new LongOption("no-fork", 'F'));
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"nsenter: {fault}\nTry 'nsenter --help' for more information.");
            self.Exit(1);
            yield break;
        }

        if (options.Value('t') is not { } pid)
        {
            self.Error.WriteLine(options.Has('a') ? "nsenter: no target PID specified for --all" : $"nsenter: neither filename nor target pid supplied for ns/{(options.Has('m') ? "mnt" : "net")}");
            self.Exit(1);
            yield break;
        }

        if (!int.TryParse(pid, out var id))
        {
            self.Error.WriteLine($"nsenter: failed to parse pid: '{pid}'");
            self.Exit(1);
            yield break;
        }

        if (self.Host.Processes.Running.FirstOrDefault(process => process.Id == id) is not { } target)
        {
            var kind = options.Has('m') || options.Has('a') ? "mnt" : options.Has('n') ? "net" : "pid";
            self.Error.WriteLine($"nsenter: cannot open /proc/{pid}/ns/{kind}: No such file or directory");
            self.Exit(1);
            yield break;
        }

        ImmutableArray<string> words = options.Operands.Count > 0 ? [.. options.Operands] : ["bash"];
        var entersFiles = options.Has('m') || options.Has('a');
        var start = new ProcessStart(words, static _ => [])
        {
            Parent = self,
            User = self.Start.User,
            WorkingDirectory = entersFiles ? "/" : self.WorkingDirectory,
            Environment = self.Environment,
            Input = self.Input,
            Output = self.Output,
            Error = self.Error,
            Network = options.Has('n') || options.Has('a') ? target.Network : self.Network,
            Files = entersFiles ? target.Files : self.Files,
            Programs = entersFiles ? target.Programs : self.Programs,
            ContainerId = entersFiles ? target.ContainerId : null,
        };
        var program = start.Programs!.Find(words[0]);
        if (program is null)
        {
            self.Error.WriteLine($"nsenter: failed to execute {words[0]}: No such file or directory");
            self.Exit(127);
            yield break;
        }

        var child = self.Host.Processes.Start(start with { Main = program });
        self.OnExit(() => child.Send(ProcessSignal.Kill));
        while (!child.HasExited)
        {
            yield return Wait.On(child.Exited);
        }

        self.Exit(child.ExitCode);
    }
}
