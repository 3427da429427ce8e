namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>How full a host's disk is: the operating system, every file, and what programs keep there in forms of their own.</summary>
public static class DiskUse
{
    /// <summary>Debian, containerd and the Kubernetes packages.</summary>
    private const long InstalledKiB = 4_612_880;

    public static long UsedKiB(Host host) => InstalledKiB + ((host.Files.BytesBelow("/") + host.Disk.UsedBytes) / 1024);

    /// <summary>What is left for new files.</summary>
    public static long FreeKiB(Host host) => Math.Max(0, host.Machine.DiskKiB - UsedKiB(host));
}
