using System.Collections.Frozen;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>
/// What a process costs, as ps, top and free show it: typical figures of each program, the CPU time growing with its age. A
/// program that is not in the table is a small one.
/// </summary>
public static class ProcessUsage
{
    private sealed record Cost(int ResidentMiB, int Threads, double CpuShare);

    private static readonly Cost Small = new(3, 1, 0);

    private static readonly FrozenDictionary<string, Cost> Costs = new Dictionary<string, Cost>(StringComparer.Ordinal)
    {
        ["kube-apiserver"] = new(262, 10, 0.035),
        ["etcd"] = new(68, 10, 0.02),
        ["kube-controller-manager"] = new(98, 8, 0.014),
        ["kube-scheduler"] = new(58, 9, 0.004),
        ["kubelet"] = new(86, 14, 0.018),
        ["containerd"] = new(62, 12, 0.006),
        ["containerd-shim-runc-v2"] = new(14, 11, 0.0005),
        ["kube-proxy"] = new(42, 7, 0.0008),
        ["flanneld"] = new(38, 8, 0.0009),
        ["coredns"] = new(52, 9, 0.002),
        ["nginx"] = new(9, 3, 0),
        ["httpd"] = new(11, 82, 0.0001),
        ["mysqld"] = new(412, 38, 0.01),
        ["redis-server"] = new(11, 5, 0.002),
        ["systemd-journald"] = new(24, 1, 0.0004),
        ["sshd"] = new(9, 1, 0),
        ["firewalld"] = new(44, 2, 0),
        ["bash"] = new(5, 1, 0),
        ["kubectl"] = new(48, 8, 0.05),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static long ResidentBytes(Process process) => (Of(process).ResidentMiB * 1024L * 1024) + process.AllocatedBytes;

    /// <summary>The address space: Go's programs reserve far more than they use.</summary>
    public static long VirtualBytes(Process process) => (Of(process).ResidentMiB * 8L + 700) * 1024 * 1024 / (Of(process).Threads > 4 ? 1 : 90);

    public static int Threads(Process process) => Of(process).Threads;

    public static double CpuShare(Process process) => Of(process).CpuShare;

    public static TimeSpan CpuTime(Process process) =>
        TimeSpan.FromMilliseconds(15) + ((process.World.Now - process.StartedAt) * Of(process).CpuShare);

    /// <summary>Everything that runs, and what the kernel takes for itself.</summary>
    public static long UsedMemory(Host host) => 180L * 1024 * 1024 + host.Processes.Running.Sum(ResidentBytes);

    public static string CommandLine(Process process) => string.Join(' ', process.CommandLine);

    private static Cost Of(Process process) => Costs.GetValueOrDefault(process.Name) ?? Small;
}
