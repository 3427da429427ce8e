using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>What a process may do with a path, and Linux' words when it may not (strerror(3)).</summary>
internal static class PathAccess
{
    public const string NoSuchFile = "No such file or directory";
    public const string IsADirectory = "Is a directory";
    public const string NotADirectory = "Not a directory";
    public const string Denied = "Permission denied";
    public const string ReadOnly = "Read-only file system";

    public static string Resolve(Process process, string path) => FileSystem.Resolve(process.WorkingDirectory, path);

    /// <summary>Whether the mode's bits (4 read, 2 write, 1 execute) allow it. Root may read and write everything.</summary>
    public static bool Allows(Process process, FileNode node, int bits)
    {
        if (process.Start.User == "root")
        {
            return (bits & 1) == 0 || node.Kind == FileKind.Directory || (node.Mode & 0b001_001_001) != 0;
        }

        var granted = node.Owner == process.Start.User ? node.Mode >> 6 : node.Mode;
        return (granted & bits) == bits;
    }

    /// <summary>The text of a file; null, with the reason, when it cannot be read.</summary>
    public static string? Read(Process process, string path, out string reason)
    {
        var absolute = Resolve(process, path);
        var node = process.Files.Find(absolute);
        reason = path.Length == 0 || node is null ? MissingReason(process, absolute)
            : node.Kind == FileKind.Directory ? IsADirectory
            : path.EndsWith('/') ? NotADirectory
            : !Allows(process, node, 4) ? Denied : "";
        if (absolute == "/dev/null")
        {
            reason = "";
            return "";
        }

        return reason.Length > 0 ? null : node!.Content;
    }

    /// <summary>Null when a file can be written at this path; else the reason.</summary>
    public static string? WhyNotWritable(Process process, string path)
    {
        var absolute = Resolve(process, path);
        if (path.Length == 0)
        {
            return NoSuchFile;
        }

        if (process.Files.Find(absolute) is { } node)
        {
            return node.Kind == FileKind.Directory ? IsADirectory
                : process.Files.IsReadOnlyAt(absolute) && absolute != "/dev/null" ? ReadOnly
                : Allows(process, node, 2) ? null : Denied;
        }

        return path.EndsWith('/') ? IsADirectory : WhyNotCreatable(process, absolute);
    }

    /// <summary>Null when something new can be made at this absolute path; else the reason.</summary>
    public static string? WhyNotCreatable(Process process, string absolute)
    {
        var parent = process.Files.Find(FileSystem.Parent(absolute));
        return parent is null ? MissingReason(process, FileSystem.Parent(absolute))
            : parent.Kind != FileKind.Directory ? NotADirectory
            : process.Files.IsReadOnlyAt(absolute) ? ReadOnly
            : Allows(process, parent, 2) ? null : Denied;
    }

    /// <summary>Why there is nothing at a path: a file stands where a directory should, or simply nothing.</summary>
    public static string MissingReason(Process process, string absolute)
    {
        for (var parent = FileSystem.Parent(absolute); parent != "/"; parent = FileSystem.Parent(parent))
        {
            if (process.Files.Find(parent) is { } node)
            {
                return node.Kind == FileKind.Directory ? NoSuchFile : NotADirectory;
            }
        }

        return NoSuchFile;
    }

    /// <summary>The standard directories of programs: what is installed is found in any of them.</summary>
    public static bool IsProgramDirectory(string directory) =>
        directory is "/bin" or "/sbin" or "/usr/bin" or "/usr/sbin" or "/usr/local/bin" or "/usr/local/sbin";
}
