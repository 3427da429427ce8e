using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>sleep</c>, <c>date</c>, <c>timeout</c> and <c>watch</c>: all on the virtual clock.</summary>
internal static class TimeCommands
{
    public static IEnumerable<Wait> Sleep(Process self)
    {
        var command = new CommandContext(self, "sleep");
        if (command.Parse("") is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
            yield break;
        }

        var total = TimeSpan.Zero;
        foreach (var operand in options.Operands)
        {
            if (Interval(operand) is not { } interval)
            {
                command.Usage($"invalid time interval ‘{operand}’");
                yield break;
            }

            total += interval;
        }

        yield return total > TimeSpan.FromDays(36_500) ? Wait.Forever : Wait.For(total);
    }

    /// <summary>A number with s, m, h or d; null when it is none. <c>infinity</c> is a very long time.</summary>
    public static TimeSpan? Interval(string text)
    {
        if (text is "infinity" or "inf")
        {
            return TimeSpan.FromDays(1_000_000);
        }

        var factor = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        var digits = factor == 0 ? text : text[..^1];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? TimeSpan.FromSeconds(Math.Min(number * Math.Max(factor, 1), 86_400e6)) : null;
    }

    public static IEnumerable<Wait> Date(Process self)
    {
        var command = new CommandContext(self, "date");
        if (command.Parse("d:uRI::s:r:", 1, false,
            new("date", 'd'), new("utc", 'u'), new("rfc-email", 'R'), new("iso-8601", 'I'), new("set", 's'), new("reference", 'r')) is not { } options)
        {
            yield break;
        }

        var time = self.World.UtcNow;
        if (options.Value('d') is { } text)
        {
            if (DateText.Parse(text, time) is not { } parsed)
            {
                command.Die($"invalid date ‘{text}’");
                yield break;
            }

            time = parsed;
        }

        if (options.Value('r') is { } file)
        {
            time = self.Files.Find(command.Resolve(file))?.Modified ?? time;
        }

        if (options.Operands.FirstOrDefault(operand => !operand.StartsWith('+')) is { } wrong)
        {
            command.Die($"invalid date ‘{wrong}’");
            yield break;
        }

        var format = options.Operands is [['+', .. var given], ..] ? given
            : options.Has('R') ? "%a, %d %b %Y %H:%M:%S %z"
            : options.Has('I') ? options.Value('I') is "seconds" or "s" ? "%Y-%m-%dT%H:%M:%S+00:00" : "%Y-%m-%d"
            : "%a %b %e %H:%M:%S UTC %Y";
        command.WriteLine(TimeFormat.Format(format, time));
    }

    public static IEnumerable<Wait> Timeout(Process self)
    {
        var command = new CommandContext(self, "timeout");
        if (command.Parse("s:k:vf\u0002", 125, true,
            new("signal", 's'), new("kill-after", 'k'), new("preserve-status", '\u0002'), new("foreground", 'f')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count < 2)
        {
            command.Usage("", 125);
            yield break;
        }

        if (Interval(options.Operands[0]) is not { } limit)
        {
            command.Usage($"invalid time interval ‘{options.Operands[0]}’", 125);
            yield break;
        }

        var signal = Execution.SignalNames.Number(options.Value('s') ?? "TERM") ?? 15;
        var result = new ChildResult();
        if (Children.Start(self, [.. options.Operands.Skip(1)], self.Input, self.Output, result) is not { } child)
        {
            command.Die($"failed to run command ‘{options.Operands[1]}’: {result.Reason}", result.ExitCode);
            yield break;
        }

        self.SignalHandler = received =>
        {
            // What ends timeout ends the command, and its end is timeout's.
            child.Send(received);
            return true;
        };
        var deadline = self.World.Now + limit;
        while (!child.HasExited && (self.World.Now < deadline || limit == TimeSpan.Zero))
        {
            yield return limit == TimeSpan.Zero ? Wait.On(child.Exited) : Wait.On(child.Exited, deadline - self.World.Now);
        }

        if (child.HasExited)
        {
            self.Exit(child.ExitCode);
            yield break;
        }

        foreach (var process in self.Host.Processes.Descendants(child).Prepend(child).ToList())
        {
            process.Send((ProcessSignal)signal);
        }

        if (Interval(options.Value('k') ?? "") is { } grace && !child.HasExited)
        {
            yield return Wait.On(child.Exited, grace);
            child.Send(ProcessSignal.Kill);
        }

        while (!child.HasExited)
        {
            yield return Wait.On(child.Exited);
        }

        self.Exit(options.Has('\u0002') ? child.ExitCode : signal == 9 ? 137 : 124);
    }

    public static IEnumerable<Wait> Watch(Process self)
    {
        var command = new CommandContext(self, "watch");
        if (command.Parse("n:tdgebcx", 1, true,
            new("interval", 'n'), new("no-title", 't'), new("differences", 'd'), new("chgexit", 'g'), new("errexit", 'e'), new("exec", 'x')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            self.Error.Write("Usage: watch [options] command\n");
            self.Exit(1);
            yield break;
        }

        var interval = TimeSpan.FromSeconds(2);
        if (options.Value('n') is { } text)
        {
            if (Interval(text) is not { } given)
            {
                command.Die($"failed to parse argument: '{text}'");
                yield break;
            }

            interval = given < TimeSpan.FromSeconds(0.1) ? TimeSpan.FromSeconds(0.1) : given;
        }

        var line = string.Join(' ', options.Operands);
        string? last = null;
        while (true)
        {
            var output = new StringBuilder();
            var stream = new TextStream(self.World, piece => output.Append(output.Length < 200_000 ? piece : ""));
            var result = new ChildResult();
            yield return Wait.Call(Children.Run(self, ["sh", "-c", line], self.Input, stream, result));
            Show(command, options, interval, line, output.ToString());
            yield return Wait.Call(command.Room());
            if ((options.Has('g') && last is not null && last != output.ToString()) || (options.Has('e') && result.ExitCode != 0))
            {
                self.Exit(options.Has('e') ? result.ExitCode : 0);
                yield break;
            }

            last = output.ToString();
            yield return Wait.For(interval);
        }
    }

    private static void Show(CommandContext command, CommandOptions options, TimeSpan interval, string line, string output)
    {
        var left = $"Every {interval.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)}s: {line}";
        var right = $"{Execution.HostNames.Of(command.Self)}: {TimeFormat.Format("%a %b %e %H:%M:%S %Y", command.World.UtcNow)}";
        var title = options.Has('t') ? "" : left.PadRight(Math.Max(left.Length + 2, 80 - right.Length)) + right + "\n\n";
        command.Write((command.Self.Output.IsTerminal ? "\u001b[H\u001b[2J" : "") + title + output);
    }
}
