using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Expansion;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The builtins for background commands and signals.</summary>
internal static class JobBuiltins
{
    public static void Trap(BuiltinCall call)
    {
        var arguments = call.Arguments is ["--", .. var rest] ? rest : call.Arguments;
        if (arguments.IsEmpty || arguments[0] == "-p")
        {
            foreach (var (name, command) in call.State.Traps)
            {
                var shown = name is "EXIT" or "ERR" or "DEBUG" or "RETURN" ? name : "SIG" + name;
                call.WriteLine($"trap -- {Quoting.Single(command, always: true)} {shown}");
            }

            return;
        }

        if (arguments[0] == "-l")
        {
            call.WriteLine(string.Join(' ', SignalNames.All.Select((name, i) => $"{i + 1}) SIG{name}")));
            return;
        }

        var resets = arguments.Length == 1 || arguments[0] == "-";
        foreach (var given in arguments.Length == 1 ? arguments : arguments[1..])
        {
            if (TrapName(given) is not { } name)
            {
                call.Fail($"{given}: invalid signal specification");
                continue;
            }

            call.State.Traps = resets ? call.State.Traps.Remove(name) : call.State.Traps.SetItem(name, arguments[0]);
            call.Shell.Self.SignalHandler ??= call.Shell.OnSignal;
        }
    }

    public static void Jobs(BuiltinCall call)
    {
        var options = CommandOptions.Parse(call.Arguments, "lnprs", stopsAtOperand: true);
        foreach (var job in call.Shell.Jobs.All.ToList())
        {
            if (!options.Has('r') || !job.Process.HasExited)
            {
                call.WriteLine(options.Has('p') ? job.Process.OwnId.ToString() : call.Shell.Jobs.Describe(job, options.Has('l')));
            }

            if (job.Process.HasExited)
            {
                call.Shell.Jobs.Remove(job);
            }
        }
    }

    public static void Kill(BuiltinCall call)
    {
        var request = KillRequest.Parse(call.Arguments);
        if (request.IsUsage)
        {
            call.FailUsage();
        }
        else if (request.Fault is { } fault)
        {
            call.Fail(fault, request.Status);
        }
        else if (request.Listing is { } listing)
        {
            call.WriteLine(listing);
        }
        else
        {
            foreach (var target in request.Targets)
            {
                KillOne(call, request.Signal, target);
            }
        }
    }

    public static void Background(BuiltinCall call)
    {
        if (Find(call) is { } job)
        {
            call.Fail($"job {job.Number} already in background", 0);
        }
    }

    public static void Disown(BuiltinCall call)
    {
        var name = call.Arguments is [var given, ..] ? given : "%%";
        if (call.Shell.Jobs.Find(name) is { } job)
        {
            call.Shell.Jobs.Remove(job);
        }
    }

    public static IEnumerable<Wait> Foreground(BuiltinCall call)
    {
        if (Find(call) is not { } job)
        {
            yield break;
        }

        call.WriteLine(job.Command);
        yield return Simulator.Wait.Call(call.Shell.WaitInForeground(job.Process));
        call.Shell.Jobs.Remove(job);
        call.Status = call.Shell.Flow == Flow.None ? job.Process.ExitCode : call.State.Status;
    }

    public static IEnumerable<Wait> Wait(BuiltinCall call)
    {
        var options = CommandOptions.Parse(call.Arguments, "fnp:", stopsAtOperand: true);
        var jobs = call.Shell.Jobs;
        if (options.Has('n'))
        {
            while (jobs.All.Any() && jobs.All.All(job => !job.Process.HasExited) && !call.Shell.HasPendingTraps)
            {
                yield return Simulator.Wait.On(call.Shell.Woken);
            }

            var ended = jobs.All.FirstOrDefault(job => job.Process.HasExited);
            call.Status = ended?.Process.ExitCode ?? 127;
            if (ended is not null)
            {
                jobs.Remove(ended);
            }

            yield break;
        }

        var waitsForAll = options.Operands.Count == 0;
        foreach (var target in waitsForAll ? jobs.All.Select(job => job.Process.OwnId.ToString()).ToList() : options.Operands)
        {
            var job = target.StartsWith('%') ? jobs.Find(target) : int.TryParse(target, out var pid) ? jobs.OfProcess(pid) : null;
            if (job is null)
            {
                var isNumber = int.TryParse(target, out _);
                call.Fail(target.StartsWith('%') ? $"{target}: no such job"
                    : isNumber ? $"pid {target} is not a child of this shell" : $"`{target}': not a pid or valid job spec",
                    isNumber || target.StartsWith('%') ? 127 : 1);
                continue;
            }

            while (!job.Process.HasExited && !call.Shell.HasPendingTraps)
            {
                yield return Simulator.Wait.On(call.Shell.Woken);
            }

            if (call.Shell.HasPendingTraps)
            {
                // A trapped signal ends the wait (POSIX, wait).
                call.Status = 128 + (int)ProcessSignal.Terminate;
                yield break;
            }

            call.Status = waitsForAll ? 0 : job.Process.ExitCode;
            if (call.Shell.IsInteractive && !waitsForAll)
            {
                continue;
            }

            jobs.Remove(job);
        }
    }

    private static Job? Find(BuiltinCall call)
    {
        if (!call.Shell.IsInteractive)
        {
            call.Fail("no job control");
            return null;
        }

        var name = call.Arguments is [var given, ..] ? given : "%%";
        var job = call.Shell.Jobs.Find(name);
        if (job is null)
        {
            call.Fail($"{(call.Arguments.IsEmpty ? "current" : name)}: no such job");
        }

        return job;
    }

    private static void KillOne(BuiltinCall call, int signal, string target)
    {
        var host = call.Shell.Self.Host;
        if (target.StartsWith('%'))
        {
            if (call.Shell.Jobs.Find(target) is not { } job)
            {
                call.Fail($"{target}: no such job");
                return;
            }

            foreach (var process in host.Processes.Descendants(job.Process).Append(job.Process))
            {
                process.Send((ProcessSignal)signal);
            }
        }
        else if (!int.TryParse(target, out var pid))
        {
            call.Fail($"{target}: arguments must be process or job IDs");
        }
        else if (KillRequest.Deliver(call.Shell.Self, pid, signal) is { } reason)
        {
            call.Fail($"({pid}) - {reason}");
        }
    }

    private static string? TrapName(string text)
    {
        var name = text.ToUpperInvariant();
        return name is "EXIT" or "0" ? "EXIT"
            : name is "ERR" or "DEBUG" or "RETURN" ? name
            : SignalNames.Number(text) is > 0 and var number ? SignalNames.Of(number) : null;
    }
}
