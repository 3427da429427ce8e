using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>How ls and stat write a file's mode, size and time.</summary>
internal static class EntryText
{
    /// <summary>Such as <c>-rw-r--r--</c>.</summary>
    public static string Mode(FileNode node)
    {
        var kind = node.Kind switch { FileKind.Directory => 'd', FileKind.Link => 'l', _ => '-' };
        var text = new char[10];
        text[0] = kind;
        for (var i = 0; i < 9; i++)
        {
            text[i + 1] = (node.Mode & (1 << (8 - i))) != 0 ? "rwx"[i % 3] : '-';
        }

        if ((node.Mode & 0b001_000_000_000) != 0)
        {
            text[9] = text[9] == 'x' ? 't' : 'T';
        }

        return new string(text);
    }

    /// <summary>A file's size in bytes; a directory has one block.</summary>
    public static long Size(FileNode node) => node.Kind == FileKind.Directory ? 4096 : node.Size;

    /// <summary>Such as <c>1.5K</c>: powers of 1024, rounded up, one digit below ten.</summary>
    public static string Human(long size)
    {
        if (size < 1024)
        {
            return size.ToString();
        }

        double value = size;
        var unit = -1;
        while (value >= 1024 && unit < 5)
        {
            value /= 1024;
            unit++;
        }

        var text = value < 10 ? (Math.Ceiling(value * 10) / 10).ToString("0.0") : Math.Ceiling(value).ToString("0");
        return text + "KMGTPE"[unit];
    }

    /// <summary>As <c>ls -l</c> does it: the time of day within the last half year, else the year.</summary>
    public static string Time(DateTimeOffset time, DateTimeOffset now) =>
        TimeFormat.Format(now - time < TimeSpan.FromDays(182) && time <= now + TimeSpan.FromHours(1) ? "%b %e %H:%M" : "%b %e  %Y", time);

    /// <summary>1 for a file; 2 and one for each directory in it for a directory.</summary>
    public static int Links(FileSystem files, string path, FileNode node) => node.Kind != FileKind.Directory ? 1
        : 2 + files.List(path).Count(name => files.FindNoFollow(path == "/" ? "/" + name : path + "/" + name)?.Kind == FileKind.Directory);
}
