using System.Globalization;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Hosts;

/// <summary>What a host's kernel says of itself (dmesg, journalctl -k): at boot, as modules come, links change and memory runs out.</summary>
internal static class KernelLog
{
    /// <summary>KERN_ERR, KERN_WARNING and KERN_INFO (include/linux/kern_levels.h).</summary>
    public const int Error = 3;
    public const int Warning = 4;
    public const int Info = 6;

    public const string Identifier = "kernel";

    public static void Write(Host host, string message, int priority = Info) => host.Journal.Add("", Identifier, 0, message, priority);

    /// <summary>What is said between the power and systemd. Nothing runs yet, so nobody sees a line before its time.</summary>
    public static void Boot(Host host)
    {
        var machine = host.Machine;
        var sectors = machine.DiskKiB * 2;
        Say(0, $"Linux version {Machine.KernelRelease} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) {Machine.KernelVersion}");
        Say(0, $"Command line: BOOT_IMAGE=/boot/vmlinuz-{Machine.KernelRelease} root=/dev/vda1 ro net.ifnames=0 quiet");
        Say(0, "DMI: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014");
        Say(0, "Hypervisor detected: KVM");
        Say(41_208, $"Memory: {machine.MemoryKiB - 61_444}K/{machine.MemoryKiB + 181_152}K available");
        Say(118_940, $"smp: Brought up 1 node, {machine.Cpus} CPU{(machine.Cpus == 1 ? "" : "s")}");
        Say(702_115, string.Create(CultureInfo.InvariantCulture, $"virtio_blk virtio1: [vda] {sectors} 512-byte logical blocks ({sectors * 512 / 1e9:0.0} GB/{machine.DiskKiB / 1024.0 / 1024:0.0} GiB)"));
        Say(1_330_782, "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.");
        Say(2_104_377, "EXT4-fs (vda1): re-mounted. Quota mode: none.");

        void Say(int microseconds, string message) =>
            host.Journal.Add(new JournalEntry(host.World.UtcNow + TimeSpan.FromMicroseconds(microseconds), "", Identifier, 0, message));
    }

    /// <summary>What a module says when it comes.</summary>
    public static void Loaded(Host host, string module)
    {
        foreach (var line in module switch
        {
            "bridge" => ["bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this."],
            "br_netfilter" => ["Bridge firewalling registered"],
            "ip_vs" => ["IPVS: Registered protocols (TCP, UDP, SCTP, AH, ESP)", "IPVS: Connection hash table configured (size=4096, memory=32Kbytes)", "IPVS: ipvs loaded."],
            "ip_vs_rr" or "ip_vs_wrr" or "ip_vs_sh" => [$"IPVS: [{module[6..]}] scheduler registered."],
            "ip_set" => ["ip_set: protocol 7"],
            "ipip" => ["ipip: IPv4 and MPLS over IPv4 tunneling driver"],
            "tun" => ["tun: Universal TUN/TAP device driver, 1.6"],
            "loop" => ["loop: module loaded"],
            "fuse" => ["fuse: init (API version 7.37)"],
            "wireguard" => (string[])["wireguard: WireGuard 1.0.0 loaded. See www.wireguard.com for information.", "wireguard: Copyright (C) 2015-2019 Jason A. Donenfeld <Jason@zx2c4.com>. All Rights Reserved."],
            _ => [],
        })
        {
            Write(host, line);
        }
    }

    /// <summary>What a module says when it goes.</summary>
    public static void Unloaded(Host host, string module)
    {
        if (module == "ip_vs")
        {
            Write(host, "IPVS: ipvs unloaded.");
        }
        else if (module is "ip_vs_rr" or "ip_vs_wrr" or "ip_vs_sh")
        {
            Write(host, $"IPVS: [{module[6..]}] scheduler unregistered.");
        }
    }

    /// <summary>The last of what mm/oom_kill.c writes about a victim; <paramref name="container"/> when it was for a container's own limit.</summary>
    public static void OutOfMemory(Host host, Process victim, string? container)
    {
        var resident = ProcessUsage.ResidentBytes(victim) / 1024;
        var group = victim.ContainerId is { } id ? $"/kubepods.slice/cri-containerd-{id}.scope" : $"/system.slice/{victim.Name}.service";
        Write(host, $"{victim.Name} invoked oom-killer: gfp_mask=0x{(container is null ? "140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)" : "cc0(GFP_KERNEL)")}, order=0, oom_score_adj={victim.OomScoreAdjustment}", Warning);
        var constraint = container is null ? "CONSTRAINT_NONE" : "CONSTRAINT_MEMCG";
        var scope = container is null ? "global_oom" : "oom_memcg=" + group;
        Write(host, $"oom-kill:constraint={constraint},nodemask=(null),cpuset=/,mems_allowed=0,{scope},task_memcg={group},task={victim.Name},pid={victim.Id},uid=0");
        Write(host,
            $"{(container is null ? "Out of memory" : "Memory cgroup out of memory")}: Killed process {victim.Id} ({victim.Name}) total-vm:{ProcessUsage.VirtualBytes(victim) / 1024}kB, anon-rss:{resident}kB, "
            + $"file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:{(resident / 512) + 48}kB oom_score_adj:{victim.OomScoreAdjustment}",
            Error);
    }
}
