using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>top, pgrep, pkill, kill, pidof and killall, over the host's process table.</summary>
internal static class ProcessTools
{
    /// <summary>The processes that a process sees: all of them on a host, its container's own in a container.</summary>
    public static IEnumerable<Process> Visible(Process self) => self.PidNamespace.Length == 0
        ? self.Host.Processes.Running
        : self.Host.Processes.Running.Where(process => process.PidNamespace == self.PidNamespace);

    /// <summary>top(1), one batch: <c>top -b -n 1</c>.</summary>
    public static IEnumerable<Wait> Top(Process self)
    {
        var processes = Visible(self).ToList();
        var total = self.Host.Machine.MemoryKiB / 1024.0;
        var used = ProcessUsage.UsedMemory(self.Host) / 1024.0 / 1024;
        var load = processes.Sum(ProcessUsage.CpuShare) * 100 / self.Host.Machine.Cpus;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"top - {self.World.UtcNow:HH:mm:ss} {Uptime(self.Host)},  1 user,  load average: {LoadAverages(self.Host)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Tasks: {processes.Count,3} total,   1 running, {processes.Count - 1,3} sleeping,   0 stopped,   0 zombie\n");
        text.Append(CultureInfo.InvariantCulture, $"%Cpu(s): {load * 0.7,4:0.0} us, {load * 0.3,4:0.0} sy,  0.0 ni, {100 - load,4:0.0} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\n");
        text.Append(CultureInfo.InvariantCulture, $"MiB Mem : {total,8:0.0} total, {total - used - 1500,8:0.0} free, {used,8:0.0} used, {1500,8:0.0} buff/cache\n");
        text.Append(CultureInfo.InvariantCulture, $"MiB Swap: {0,8:0.0} total, {0,8:0.0} free, {0,8:0.0} used. {total - used,8:0.0} avail Mem\n\n");
        text.Append("    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n");
        foreach (var process in processes.OrderByDescending(ProcessUsage.CpuShare).ThenBy(process => process.Id).Take(30))
        {
            var resident = ProcessUsage.ResidentBytes(process) / 1024;
            text.Append(CultureInfo.InvariantCulture,
                $"{process.IdSeenBy(self),7} {process.Start.User,-9} 20   0 {ProcessUsage.VirtualBytes(process) / 1024,7} {resident,6} {resident / 2,6} S {ProcessUsage.CpuShare(process) * 100,5:0.0} {resident * 100.0 / self.Host.Machine.MemoryKiB,5:0.0} {TopTime(process),9} {process.Name}\n");
        }

        self.Output.Write(text.ToString());
        yield break;
    }

    public static IEnumerable<Wait> Pgrep(Process self) => Select(self, "pgrep");

    public static IEnumerable<Wait> Pkill(Process self) => Select(self, "pkill");

    public static IEnumerable<Wait> Killall(Process self) => Select(self, "killall");

    public static IEnumerable<Wait> Pidof(Process self)
    {
        var names = self.Arguments.ToArray();
        var found = Visible(self).Where(process => names.Contains(process.Name)).Select(process => process.IdSeenBy(self)).Reverse().ToList();
        if (found.Count > 0)
        {
            self.Output.WriteLine(string.Join(' ', found));
        }

        self.Exit(found.Count > 0 ? 0 : 1);
        yield break;
    }

    /// <summary>kill(1) as a program, for whoever calls it without a shell.</summary>
    public static IEnumerable<Wait> Kill(Process self)
    {
        var signal = ProcessSignal.Terminate;
        var code = 0;
        var arguments = self.Arguments.ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "-s" && i + 1 < arguments.Length)
            {
                signal = SignalWords.Parse(arguments[++i]) ?? signal;
            }
            else if (arguments[i].StartsWith('-') && SignalWords.Parse(arguments[i][1..]) is { } named)
            {
                signal = named;
            }
            else if (!int.TryParse(arguments[i], out var pid) || Visible(self).FirstOrDefault(process => process.IdSeenBy(self) == pid) is not { } target)
            {
                self.Error.WriteLine(int.TryParse(arguments[i], out _) ? $"{self.CommandLine[0]}: ({arguments[i]}): No such process" : $"{self.CommandLine[0]}: failed to parse argument: '{arguments[i]}'");
                code = 1;
            }
            else
            {
                target.Send(signal, self);
            }
        }

        self.Exit(code);
        yield break;
    }

    private static IEnumerable<Wait> Select(Process self, string tool)
    {
        var signal = ProcessSignal.Terminate;
        var words = new List<string>();
        foreach (var word in self.Arguments)
        {
            if (tool != "pgrep" && word.Length > 1 && word[0] == '-' && SignalWords.Parse(word[1..]) is { } named)
            {
                signal = named;
            }
            else
            {
                words.Add(word);
            }
        }

        var options = CommandOptions.Parse([.. words], "flaxonvu:cs:eqi");
        if (options.Fault is not null || options.Operands is not [var pattern, ..])
        {
            self.Error.WriteLine(options.Fault is { } fault ? $"{tool}: {fault}" : $"{tool}: no matching criteria specified\nTry `{tool} --help' for more information.");
            self.Exit(2);
            yield break;
        }

        if (tool != "killall" && PosixRegex.Compile(pattern, extended: true) is null)
        {
            self.Error.WriteLine($"{tool}: regex error: {(pattern.Contains('[') ? "Unmatched [, [^, [:, [., or [=" : pattern.Contains('(') ? "Unmatched ( or \\(" : "Invalid preceding regular expression")}");
            self.Exit(2);
            yield break;
        }

        var isExact = tool == "killall" || options.Has('x');
        var found = Visible(self)
            .Where(process => process != self)
            .Where(process => Matches(options.Has('f') ? ProcessUsage.CommandLine(process) : process.Name, pattern, isExact))
            .ToList();
        if (tool == "pgrep")
        {
            Print(self, options, found);
        }
        else
        {
            found.ForEach(process => process.Send(signal, self));
        }

        if (found.Count == 0 && tool == "killall")
        {
            self.Error.WriteLine($"{pattern}: no process found");
        }

        self.Exit(found.Count > 0 ? 0 : 1);
    }

    private static void Print(Process self, CommandOptions options, List<Process> found)
    {
        if (options.Has('c'))
        {
            self.Output.WriteLine(found.Count.ToString(CultureInfo.InvariantCulture));
            return;
        }

        foreach (var process in options.Has('n') ? found.TakeLast(1) : options.Has('o') ? found.Take(1) : found)
        {
            self.Output.WriteLine(options.Has('a') ? $"{process.IdSeenBy(self)} {ProcessUsage.CommandLine(process)}" : options.Has('l') ? $"{process.IdSeenBy(self)} {process.Name}" : $"{process.IdSeenBy(self)}");
        }
    }

    private static bool Matches(string text, string pattern, bool isExact)
    {
        if (isExact)
        {
            return text == pattern;
        }

        var regex = PosixRegex.Compile(pattern, extended: true);
        return regex?.IsMatch(text) ?? text.Contains(pattern, StringComparison.Ordinal);
    }

    public static string Uptime(Host host)
    {
        var up = host.World.Now - host.Machine.BootedAt;
        var clock = up.TotalHours < 1 ? $"{up.Minutes} min" : $"{up.Hours,2}:{up.Minutes:00}";
        return "up " + (up.TotalDays >= 1 ? $"{(int)up.TotalDays} day{((int)up.TotalDays == 1 ? "" : "s")}, " : "") + clock;
    }

    public static string LoadAverages(Host host)
    {
        var load = host.Processes.Running.Sum(ProcessUsage.CpuShare);
        return string.Create(CultureInfo.InvariantCulture, $"{load:0.00}, {load:0.00}, {load * 0.9:0.00}");
    }

    public static int Parent(Process self, Process process) =>
        process.Start.Parent is { HasExited: false } parent ? parent.IsSeenBy(self) ? parent.IdSeenBy(self) : 0 : 1;

    public static string Terminal(Process process) => process.Output.IsTerminal || process.Start.Parent is { Output.IsTerminal: true } ? "pts/0" : "?";

    public static string Stat(Process process) => (process.Name == "ps" ? "R" : "S") + (ProcessUsage.Threads(process) > 1 ? "sl" : "s");

    public static string Started(Process process)
    {
        var at = process.World.Epoch + process.StartedAt;
        return at.Date == process.World.UtcNow.Date ? $"{at:HH:mm}" : at.ToString("MMMdd", CultureInfo.InvariantCulture);
    }

    private static string TopTime(Process process)
    {
        var time = ProcessUsage.CpuTime(process);
        return $"{(int)time.TotalMinutes}:{time.Seconds:00}.{time.Milliseconds / 10:00}";
    }
}
