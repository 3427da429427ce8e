using System.Collections.Frozen;
using System.Collections.Immutable;

namespace KubeLessons.Simulator.Hosts;

/// <summary>A module that the kernel's package has: its size in memory, as lsmod prints it, and the modules that it needs.</summary>
public sealed record KernelModule(string Name, int Size, ImmutableArray<string> Needs);

/// <summary>What became of loading or removing a module, as modprobe distinguishes it.</summary>
public enum ModuleOutcome
{
    Done,

    /// <summary>No such module in /lib/modules.</summary>
    Unknown,

    /// <summary>Another module, an interface or a mount uses it.</summary>
    InUse,

    /// <summary>It is not loaded (rmmod complains; modprobe -r does not).</summary>
    NotLoaded,
}

/// <summary>The modules of Debian's kernel that lessons meet, and loading them with what they need.</summary>
public static class KernelModules
{
    /// <summary>Loaded by the time systemd starts: what drives the machine's devices, and the packet filter.</summary>
    public static ImmutableArray<string> AtBoot { get; } =
        ["ext4", "virtio_net", "virtio_blk", "button", "fuse", "xt_conntrack", "xt_MASQUERADE", "xt_comment", "xt_mark", "xt_statistic", "iptable_filter", "iptable_nat"];

    private static readonly FrozenDictionary<string, KernelModule> Known = All().ToFrozenDictionary(module => module.Name, StringComparer.Ordinal);

    /// <summary>A module by its name; dashes and underscores are the same to modprobe. Null: there is none.</summary>
    public static KernelModule? Find(string name) => Known.GetValueOrDefault(name.Replace('-', '_'));

    /// <summary>modprobe NAME: loads what the module needs, then the module.</summary>
    public static ModuleOutcome Load(Host host, string name)
    {
        if (Find(name) is not { } module)
        {
            return ModuleOutcome.Unknown;
        }

        foreach (var need in module.Needs)
        {
            Load(host, need);
        }

        host.Kernel.Load(module.Name);
        return ModuleOutcome.Done;
    }

    /// <summary>
    /// Removes a module that nothing uses. As modprobe -r (<paramref name="withUnused"/>) it then removes what only that module
    /// needed, too.
    /// </summary>
    public static ModuleOutcome Unload(Host host, string name, bool withUnused)
    {
        if (Find(name) is not { } module)
        {
            return ModuleOutcome.Unknown;
        }

        if (!host.Kernel.IsLoaded(module.Name))
        {
            return ModuleOutcome.NotLoaded;
        }

        if (UsedBy(host, module.Name).Count > 0 || Users(host, module.Name) > 0)
        {
            return ModuleOutcome.InUse;
        }

        host.Kernel.Unload(module.Name);
        if (withUnused)
        {
            foreach (var need in module.Needs)
            {
                Unload(host, need, withUnused: true);
            }
        }

        return ModuleOutcome.Done;
    }

    /// <summary>The loaded modules that need this one.</summary>
    public static IReadOnlyList<string> UsedBy(Host host, string name) =>
        [.. host.Kernel.Modules.Where(other => Find(other)?.Needs.Contains(name) == true)];

    /// <summary>How many users a module has besides other modules: interfaces, mounts, rules.</summary>
    public static int Users(Host host, string name) => name switch
    {
        "bridge" => host.Network.Stack.Interfaces.Count(device => device.Kind == Network.InterfaceKind.Bridge),
        "ext4" => 1,
        "virtio_blk" => 2,
        "fuse" => 1,
        "overlay" => host.Processes.Running.Select(process => process.ContainerId).Where(id => id is not null).Distinct().Count(),
        "iptable_nat" or "iptable_filter" or "xt_conntrack" or "xt_MASQUERADE" or "xt_comment" or "xt_mark" or "xt_statistic" => 1,
        _ => 0,
    };

    private static IEnumerable<KernelModule> All() =>
    [
        Of("autofs4", 53248),
        Of("br_netfilter", 32768, "bridge"),
        Of("bridge", 311296, "stp"),
        Of("button", 24576),
        Of("crc16", 16384),
        Of("dummy", 16384),
        Of("ext4", 983040, "jbd2", "mbcache", "crc16"),
        Of("fuse", 176128),
        Of("ip_set", 61440, "nfnetlink"),
        Of("ip_tables", 36864, "x_tables"),
        Of("ip_vs", 208896, "nf_conntrack", "libcrc32c"),
        Of("ip_vs_rr", 16384, "ip_vs"),
        Of("ip_vs_sh", 16384, "ip_vs"),
        Of("ip_vs_wrr", 16384, "ip_vs"),
        Of("ipip", 20480, "tunnel4"),
        Of("iptable_filter", 16384, "ip_tables"),
        Of("iptable_mangle", 16384, "ip_tables"),
        Of("iptable_nat", 16384, "nf_nat", "ip_tables"),
        Of("jbd2", 167936),
        Of("libcrc32c", 16384),
        Of("llc", 16384),
        Of("loop", 32768),
        Of("mbcache", 16384),
        Of("nf_conntrack", 188416, "nf_defrag_ipv6", "nf_defrag_ipv4", "libcrc32c"),
        Of("nf_defrag_ipv4", 16384),
        Of("nf_defrag_ipv6", 24576),
        Of("nf_nat", 57344, "nf_conntrack", "libcrc32c"),
        Of("nf_tables", 303104, "nfnetlink", "libcrc32c"),
        Of("nfnetlink", 20480),
        Of("nfs", 491520),
        Of("overlay", 163840),
        Of("stp", 16384, "llc"),
        Of("tcp_bbr", 20480),
        Of("tun", 61440),
        Of("tunnel4", 16384),
        Of("udp_tunnel", 20480),
        Of("veth", 36864),
        Of("virtio_blk", 28672),
        Of("virtio_net", 73728),
        Of("vxlan", 94208, "udp_tunnel"),
        Of("wireguard", 94208, "udp_tunnel"),
        Of("x_tables", 61440),
        Of("xt_MASQUERADE", 20480, "nf_nat", "x_tables"),
        Of("xt_REDIRECT", 20480, "nf_nat", "x_tables"),
        Of("xt_addrtype", 16384, "x_tables"),
        Of("xt_comment", 16384, "x_tables"),
        Of("xt_conntrack", 16384, "nf_conntrack", "x_tables"),
        Of("xt_mark", 16384, "x_tables"),
        Of("xt_recent", 24576, "x_tables"),
        Of("xt_statistic", 16384, "x_tables"),
    ];

    private static KernelModule Of(string name, int size, params ReadOnlySpan<string> needs) => new(name, size, [.. needs]);
}
