using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>Checks what a hostPath volume's type asks for, and makes what it lets be made (pkg/volume/hostpath: checkTypeInternal).</summary>
internal static class HostPaths
{
    private const string Failed = "hostPath type check failed: ";

    /// <summary>Null: the path may be mounted; else why not.</summary>
    public static string? Check(Host host, string path, string type)
    {
        var kind = host.Files.Find(path)?.Kind;
        var isSocket = host.UnixSockets.Connect(path, out var error) is not null || error.EndsWith("refused", StringComparison.Ordinal);
        switch (type)
        {
            case "DirectoryOrCreate" when kind is null && !isSocket:
                host.Files.MakeDirectories(path);
                return null;
            case "FileOrCreate" when kind is null && !isSocket:
                // Its directory is not made along with it.
                if (!host.Files.IsDirectory(FileSystem.Parent(path)))
                {
                    return $"open {path}: no such file or directory";
                }

                host.Files.Write(path, "");
                return null;
            case "Directory" or "DirectoryOrCreate":
                return kind == FileKind.Directory ? null : $"{Failed}{path} is not a directory";
            case "File" or "FileOrCreate":
                return kind == FileKind.File ? null : $"{Failed}{path} is not a file";
            case "Socket":
                return isSocket ? null : $"{Failed}{path} is not a socket file";
            case "CharDevice":
                return IsCharacterDevice(path) ? null : $"{Failed}{path} is not a character device";
            case "BlockDevice":
                return path == "/dev/vda" || path.StartsWith("/dev/vda", StringComparison.Ordinal) ? null : $"{Failed}{path} is not a block device";
            case "":
                // The container runtime makes a directory of whatever is not there.
                if (kind is null && !isSocket)
                {
                    host.Files.MakeDirectories(path);
                }

                return null;
            default:
                return $"{Failed}unknown hostPath type: {type}";
        }
    }

    private static bool IsCharacterDevice(string path) =>
        path is "/dev/null" or "/dev/zero" or "/dev/random" or "/dev/urandom" or "/dev/kmsg" or "/dev/tty" or "/dev/fuse" or "/dev/net/tun";
}
