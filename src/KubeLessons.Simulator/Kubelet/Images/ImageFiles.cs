using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>The files that images have in common.</summary>
internal static class ImageFiles
{
    public static void AddBase(FileSystem files)
    {
        foreach (var directory in (ReadOnlySpan<string>)["/bin", "/dev", "/etc", "/home", "/proc", "/root", "/tmp", "/usr/bin", "/var/log"])
        {
            files.MakeDirectories(directory);
        }

        files.Write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
        files.Write("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
    }

    public static void AddDebian(FileSystem files) => files.Write(
        "/etc/os-release",
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\n"
        + "VERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n");

    public static void AddAlpine(FileSystem files, string version) => files.Write(
        "/etc/os-release", $"NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID={version}\nPRETTY_NAME=\"Alpine Linux v{version}\"\n");
}
