using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What a <c>kill</c> is asked for: a signal and its targets, or a list of signals; or what is wrong.</summary>
internal sealed record KillRequest(int Signal, ImmutableArray<string> Targets)
{
    public string? Listing { get; private init; }

    public string? Fault { get; private init; }

    /// <summary>There were too few words.</summary>
    public bool IsUsage { get; private init; }

    public int Status { get; private init; } = 1;

    public static KillRequest Parse(ImmutableArray<string> arguments)
    {
        if (arguments.IsEmpty)
        {
            return new KillRequest(0, []) { IsUsage = true, Fault = "not enough arguments" };
        }

        if (arguments[0] is "-l" or "-L")
        {
            return List(arguments[1..]);
        }

        var (signal, rest) = arguments switch
        {
            ["-s" or "-n", var name, .. var targets] => (name, targets),
            ["--", .. var targets] => ("TERM", targets),
            [['-', .. var name], .. var targets] when name.Length > 0 => (name, targets),
            _ => ("TERM", arguments),
        };
        if (rest is ["--", .. var after])
        {
            rest = after;
        }

        return SignalNames.Number(signal) is not { } number ? new KillRequest(0, []) { Fault = $"{signal}: invalid signal specification" }
            : rest.IsEmpty ? new KillRequest(0, []) { IsUsage = true, Fault = "not enough arguments" }
            : new KillRequest(number, rest);
    }

    /// <summary>Sends a signal (0: none, only asks) to a process, or with a negative number to its group; null, or Linux' reason why not.</summary>
    public static string? Deliver(Process sender, int pid, int signal)
    {
        var table = sender.Host.Processes;
        if (table.FindSeenBy(sender, Math.Abs(pid)) is not { } target)
        {
            return "No such process";
        }

        if (sender.Start.User != "root" && sender.Start.User != target.Start.User)
        {
            return "Operation not permitted";
        }

        if (signal == 0)
        {
            return null;
        }

        var targets = pid < 0 ? table.Descendants(target).Append(target) : [target];
        foreach (var process in targets.ToList())
        {
            process.Send((ProcessSignal)signal, sender);
        }

        return null;
    }

    private static KillRequest List(ImmutableArray<string> names)
    {
        if (names.IsEmpty)
        {
            return new KillRequest(0, []) { Listing = string.Join(' ', SignalNames.All) };
        }

        var answers = names.Select(name => int.TryParse(name, out var number)
            ? SignalNames.Of(number > 128 ? number - 128 : number)
            : SignalNames.Number(name)?.ToString());
        var wrong = names.FirstOrDefault(name => SignalNames.Number(name) is null && !(int.TryParse(name, out var n) && SignalNames.Of(n - 128) is not null));
        return wrong is null
            ? new KillRequest(0, []) { Listing = string.Join('\n', answers) }
            : new KillRequest(0, []) { Fault = $"{wrong}: invalid signal specification" };
    }
}
