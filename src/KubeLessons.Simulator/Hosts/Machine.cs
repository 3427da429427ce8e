namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// The hardware and the operating system of a simulated host: what free, df, lscpu, uname and the kubelet's node status report.
/// The textbook lab's virtual machines, with Debian 12 on them.
/// </summary>
public sealed record Machine
{
    public const string KernelRelease = "6.1.0-37-amd64";
    public const string KernelVersion = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)";
    public const string OsImage = "Debian GNU/Linux 12 (bookworm)";
    public const string Architecture = "amd64";

    public int Cpus { get; init; } = 2;

    /// <summary>In KiB, as /proc/meminfo has MemTotal.</summary>
    public long MemoryKiB { get; init; } = 4_013_136;

    /// <summary>The size of the root file system in KiB.</summary>
    public long DiskKiB { get; init; } = 41_019_616;

    /// <summary>/etc/machine-id: 32 hexadecimal digits that stay.</summary>
    public required string MachineId { get; init; }

    /// <summary>/proc/sys/kernel/random/boot_id: another one after every boot.</summary>
    public required string BootId { get; init; }

    /// <summary>When it was started last.</summary>
    public required TimeSpan BootedAt { get; init; }
}
