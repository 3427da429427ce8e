using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>A column that ps can show (ps(1), "STANDARD FORMAT SPECIFIERS"): its title, its width, and what it says of a process.</summary>
internal sealed record ProcessColumn(string Header, int Width, bool IsRight, Func<Process, Process, string> Text)
{
    /// <summary>A text that is longer than the column is cut unless it is the last.</summary>
    public bool IsCut { get; init; }

    /// <summary>It names the program, behind the branches of a tree.</summary>
    public bool IsCommand { get; init; }

    /// <summary>Numbers by their size, texts by their letters.</summary>
    public static IComparer<(double Number, string Text)> Keys { get; } = Comparer<(double Number, string Text)>.Create(
        (one, other) => one.Number != other.Number ? one.Number.CompareTo(other.Number) : string.CompareOrdinal(one.Text, other.Text));

    public (double Number, string Text) Key(Process viewer, Process process)
    {
        var text = Text(viewer, process);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number, "") : (0, text);
    }

    /// <summary>A column by its name in -o and --sort; null: there is none.</summary>
    public static ProcessColumn? Find(string name) => name switch
    {
        "pid" or "tgid" => Number("PID", 7, (viewer, process) => process.IdSeenBy(viewer)),
        "ppid" => Number("PPID", 7, (viewer, process) => ProcessTools.Parent(viewer, process)),
        "lwp" or "tid" or "spid" => Number("LWP", 7, (viewer, process) => process.IdSeenBy(viewer)),
        "uid" or "euid" => Number("UID", 5, (_, process) => process.Start.User == "root" ? 0 : 1000),
        "user" or "euser" or "uname" or "ruser" => Words("USER", 8, (_, process) => process.Start.User),
        "uid_name" => Words("UID", 8, (_, process) => process.Start.User),
        "comm" or "ucomm" => Words("COMMAND", 15, (_, process) => Short(process)) with { IsCommand = true },
        "ucmd" => Words("CMD", 15, (_, process) => Short(process)) with { IsCommand = true },
        "args" or "command" => Words("COMMAND", 27, (_, process) => ProcessUsage.CommandLine(process)) with { IsCommand = true },
        "cmd" => Words("CMD", 27, (_, process) => ProcessUsage.CommandLine(process)) with { IsCommand = true },
        "%cpu" or "pcpu" => Right("%CPU", 4, (_, process) => Tenths(ProcessUsage.CpuShare(process) * 100)),
        "%mem" or "pmem" => Right("%MEM", 4, (_, process) => Tenths(ProcessUsage.ResidentBytes(process) / 1024 * 100.0 / process.Host.Machine.MemoryKiB)),
        "c" => Number("C", 2, (_, process) => (int)(ProcessUsage.CpuShare(process) * 100)),
        "vsz" or "vsize" => Number("VSZ", 6, (_, process) => ProcessUsage.VirtualBytes(process) / 1024),
        "rss" or "rssize" or "rsz" => Number(name == "rss" ? "RSS" : "RSZ", 5, (_, process) => ProcessUsage.ResidentBytes(process) / 1024),
        "tty" => Words("TTY", 8, (_, process) => ProcessTools.Terminal(process)),
        "tt" or "tname" => Words("TT", 8, (_, process) => ProcessTools.Terminal(process)),
        "stat" => Words("STAT", 4, (_, process) => ProcessTools.Stat(process)),
        "s" or "state" => Words("S", 1, (_, process) => ProcessTools.Stat(process)[..1]),
        "start_time" or "bsdstart" => Words("START", 5, (_, process) => ProcessTools.Started(process)),
        "stime" => Right("STIME", 5, (_, process) => ProcessTools.Started(process)),
        "start" => Right("STARTED", 8, (_, process) => Started(process).ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
        "lstart" => Right("STARTED", 24, (_, process) => string.Create(CultureInfo.InvariantCulture, $"{Started(process):ddd MMM} {Started(process).Day,2} {Started(process):HH:mm:ss yyyy}")),
        "etime" => Right("ELAPSED", 11, (_, process) => Elapsed(process.World.Now - process.StartedAt)),
        "etimes" => Number("ELAPSED", 7, (_, process) => (long)(process.World.Now - process.StartedAt).TotalSeconds),
        "time" or "cputime" => Right("TIME", 8, (_, process) => ProcessUsage.CpuTime(process).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)),
        "bsdtime" => Right("TIME", 6, (_, process) => string.Create(CultureInfo.InvariantCulture, $"{(int)ProcessUsage.CpuTime(process).TotalMinutes}:{ProcessUsage.CpuTime(process).Seconds:00}")),
        "nlwp" or "thcount" => Number("NLWP", 4, (_, process) => ProcessUsage.Threads(process)),
        "ni" or "nice" => Right("NI", 3, (_, _) => "0"),
        "pri" => Right("PRI", 3, (_, _) => "19"),
        "cgroup" => Words("CGROUP", 27, (_, process) => "0::" + (process.ContainerId is { } id ? $"/kubepods.slice/cri-containerd-{id}.scope" : $"/system.slice/{process.Name}.service")),
        _ => null,
    };

    // The kernel keeps 15 letters of a program's name (TASK_COMM_LEN).
    private static string Short(Process process) => process.Name[..Math.Min(15, process.Name.Length)];

    private static DateTimeOffset Started(Process process) => process.World.Epoch + process.StartedAt;

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Elapsed(TimeSpan span) => string.Create(
        CultureInfo.InvariantCulture, $"{(span.Days > 0 ? $"{span.Days}-" : "")}{(span.TotalHours >= 1 ? $"{span.Hours:00}:" : "")}{span.Minutes:00}:{span.Seconds:00}");

    private static ProcessColumn Words(string header, int width, Func<Process, Process, string> text) => new(header, width, false, text) { IsCut = true };

    private static ProcessColumn Right(string header, int width, Func<Process, Process, string> text) => new(header, width, true, text);

    private static ProcessColumn Number(string header, int width, Func<Process, Process, long> value) =>
        new(header, width, true, (viewer, process) => value(viewer, process).ToString(CultureInfo.InvariantCulture));
}
