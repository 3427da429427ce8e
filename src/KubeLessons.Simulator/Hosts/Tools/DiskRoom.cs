using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>Whether what a program writes finds room, or is taken by the kernel where the file is the kernel's own.</summary>
internal static class DiskRoom
{
    /// <summary>ENOSPC in words (strerror(3)).</summary>
    public const string NoSpace = "No space left on device";

    /// <summary>Why this text cannot be put into a file in place of what is there; null: it can.</summary>
    public static string? WhyNotStored(Process self, string path, string text)
    {
        var before = self.Files.Find(path) is { Live: null } node ? node.Size : 0;
        return WhyNotStored(self, path, text, Encoding.UTF8.GetByteCount(text) - before);
    }

    /// <summary>The same for text that makes the file longer by so many bytes.</summary>
    public static string? WhyNotStored(Process self, string path, string text, long growth)
    {
        if (self.Files.Find(path)?.Live is { } live && live.WhyNot(text) is { } reason)
        {
            return reason;
        }

        return growth > 0 && IsOnDisk(self, path) && growth > DiskUse.FreeKiB(self.Host) * 1024 ? NoSpace : null;
    }

    // The host's own files and the root of a container lie on the disk; what else is mounted lies in memory.
    private static bool IsOnDisk(Process self, string path)
    {
        var holder = self.Files.Locate(path).Holder;
        return !holder.IsLive && (ReferenceEquals(holder, self.Files) || ReferenceEquals(holder, self.Host.Files));
    }
}
