namespace KubeLessons.Simulator.Hosts.Proc;

/// <summary>One line of /proc/mounts.</summary>
internal sealed record MountEntry(string Source, string Target, string Type, string Options)
{
    public override string ToString() => $"{Source} {Target} {Type} {Options} 0 0";
}

/// <summary>
/// What is mounted, as /proc/mounts, mount, findmnt and df tell it: the kernel's own trees, the disk, what the kubelet keeps in memory,
/// and a root file system for each running container.
/// </summary>
internal static class MountTable
{
    public static string Text(Host host, FileSystem files, string? containerId) =>
        string.Concat(Of(host, files, containerId).Select(entry => entry + "\n"));

    public static IEnumerable<MountEntry> Of(Host host, FileSystem files, string? containerId) =>
        (containerId is { } id ? Container(id) : System(host)).Concat(Mounted(host, files, containerId));

    private static IEnumerable<MountEntry> System(Host host)
    {
        const string Safe = "rw,nosuid,nodev,noexec,relatime";
        var memory = host.Machine.MemoryKiB;
        yield return new MountEntry("sysfs", "/sys", "sysfs", Safe);
        yield return new MountEntry("proc", "/proc", "proc", Safe);
        yield return new MountEntry("udev", "/dev", "devtmpfs", $"rw,nosuid,relatime,size={(memory / 2) - 30_000}k,mode=755,inode64");
        yield return new MountEntry("devpts", "/dev/pts", "devpts", "rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000");
        yield return new MountEntry("tmpfs", "/run", "tmpfs", $"rw,nosuid,nodev,noexec,relatime,size={memory / 10}k,mode=755,inode64");
        yield return new MountEntry("/dev/vda1", "/", "ext4", "rw,relatime,errors=remount-ro");
        yield return new MountEntry("tmpfs", "/dev/shm", "tmpfs", "rw,nosuid,nodev,inode64");
        yield return new MountEntry("tmpfs", "/run/lock", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=5120k,inode64");
        yield return new MountEntry("cgroup2", "/sys/fs/cgroup", "cgroup2", Safe + ",nsdelegate,memory_recursiveprot");
        foreach (var process in host.Processes.Running)
        {
            // A container's first process stands for it; a sandbox' is its pause.
            if (process.ContainerId is { } id && process.Start.ContainerId == id && process.Start.IsInit)
            {
                foreach (var entry in Container(host, process, id))
                {
                    yield return entry;
                }
            }
        }
    }

    private static IEnumerable<MountEntry> Container(Host host, Process process, string id)
    {
        const string Snapshots = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/";
        if (process.Name == "pause")
        {
            yield return new MountEntry("shm", $"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/{id}/shm", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=65536k,inode64");
            if (!ReferenceEquals(process.Network.Stack, host.Network.Stack))
            {
                yield return new MountEntry("nsfs", $"/run/netns/{process.Network.Name}", "nsfs", "rw");
            }
        }

        yield return new MountEntry(
            "overlay", $"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{id}/rootfs", "overlay",
            $"rw,relatime,lowerdir={Snapshots}{process.Name}/fs,upperdir={Snapshots}{id[..12]}/fs,workdir={Snapshots}{id[..12]}/work");
    }

    private static IEnumerable<MountEntry> Container(string id)
    {
        const string Safe = "rw,nosuid,nodev,noexec,relatime";
        yield return new MountEntry("overlay", "/", "overlay", $"rw,relatime,upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/{id[..Math.Min(12, id.Length)]}/fs");
        yield return new MountEntry("proc", "/proc", "proc", Safe);
        yield return new MountEntry("tmpfs", "/dev", "tmpfs", "rw,nosuid,size=65536k,mode=755,inode64");
        yield return new MountEntry("sysfs", "/sys", "sysfs", "ro,nosuid,nodev,noexec,relatime");
        yield return new MountEntry("cgroup", "/sys/fs/cgroup", "cgroup2", "ro,nosuid,nodev,noexec,relatime");
        yield return new MountEntry("shm", "/dev/shm", "tmpfs", "rw,relatime,size=65536k,inode64");
    }

    // A part of the host's own tree is a part of its disk, everything else lies in memory.
    private static IEnumerable<MountEntry> Mounted(Host host, FileSystem files, string? containerId)
    {
        foreach (var mount in files.Mounts.OrderBy(mount => mount.Path, StringComparer.Ordinal))
        {
            if (mount.Path is "/proc")
            {
                continue;
            }

            var isDisk = ReferenceEquals(mount.Source, host.Files) && (containerId is null || host.Files.MountedAt(mount.Root) is null);
            var mode = mount.IsReadOnly ? "ro" : "rw";
            yield return isDisk
                ? new MountEntry("/dev/vda1", mount.Path, "ext4", mode + ",relatime,errors=remount-ro")
                : new MountEntry("tmpfs", mount.Path, "tmpfs", $"{mode},relatime,size={host.Machine.MemoryKiB}k,inode64,noswap");
        }
    }
}
