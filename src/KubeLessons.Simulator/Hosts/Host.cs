using KubeLessons.Simulator.Hosts.Proc;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// A simulated Linux machine: files, processes, units, kernel and a place on the network. Everything that runs on it is a
/// process; when its power is cut, everything stops at once and only the files remain.
/// </summary>
public sealed class Host
{
    /// <summary>Firmware, boot loader and kernel, until systemd starts the first unit: a small virtual machine's.</summary>
    public static readonly TimeSpan KernelBootTime = TimeSpan.FromSeconds(6);

    /// <param name="world">The world that it is in.</param>
    /// <param name="name">Its host name.</param>
    /// <param name="address">Its IPv4 address on the nodes' network.</param>
    /// <param name="lan">The network that it is plugged into; null: one of its own, with nobody else on it.</param>
    public Host(World world, string name, string address, Lan? lan = null)
    {
        World = world;
        Name = name;
        Address = address;
        Files = new FileSystem(world);
        Files.Changed += RecordFile;
        Processes = new ProcessTable(this);
        Programs = new ProgramTable();
        Kernel = new Kernel(this);
        Lan = lan ?? LonelyLan(world, address);
        Network = new NetworkAttachment(world, Lan.AddHost(name, Ipv4Address.Parse(address), Kernel.IsLoaded));
        Network.Stack.Netfilter.ChainChanged += (chain, rules) => world.Trace.RecordFact(name, "iptables", chain, rules);
        Network.Stack.KernelLog = (_, line) => KernelLog.Write(this, line, KernelLog.Warning);
        Network.Stack.LinkLog = TellOfLink;
        Kernel.Changed += Network.Fabric.Touch;
        Journal = new Journal(this);
        Units = new UnitTable(this);
        UnixSockets = new UnixSocketTable();
        Random = world.RandomFor("host/" + name);
        Machine = new Machine { MachineId = Random.NextHex(32), BootId = Random.NextUid(), BootedAt = world.Now };
        MountProc();
    }

    public World World { get; }

    public string Name { get; }

    /// <summary>Its IPv4 address on the nodes' network.</summary>
    public string Address { get; }

    public FileSystem Files { get; }

    public ProcessTable Processes { get; }

    public NetworkAttachment Network { get; }

    /// <summary>The local network that its card is plugged into.</summary>
    public Lan Lan { get; }

    /// <summary>What lies on its disk besides text files, by directory, such as etcd's data; a power cut does not touch it.</summary>
    public DiskData Disk { get; } = new();

    /// <summary>The commands that are installed.</summary>
    public ProgramTable Programs { get; }

    public Kernel Kernel { get; }

    public Journal Journal { get; }

    /// <summary>systemd's units.</summary>
    public UnitTable Units { get; }

    /// <summary>The sockets under <c>/run</c> by which its daemons are reached.</summary>
    public UnixSocketTable UnixSockets { get; }

    /// <summary>A stream of random numbers of this host's own.</summary>
    public SeededRandom Random { get; }

    /// <summary>Its hardware, operating system and last boot.</summary>
    public Machine Machine { get; set; }

    public bool IsPoweredOn { get; private set; } = true;

    /// <summary>Called after a process took memory or gave it back.</summary>
    public event Action<Process>? MemoryChanged;

    /// <summary>Called when the kernel is about to kill a process because no memory is left.</summary>
    public event Action<OutOfMemoryKill>? MemoryRanOut;

    /// <summary>Called after the power went on or off.</summary>
    public event Action<bool>? PowerChanged;

    /// <summary>Cuts the power: all processes and all kernel state are gone at once.</summary>
    public void PowerOff()
    {
        if (!IsPoweredOn)
        {
            return;
        }

        IsPoweredOn = false;
        Processes.KillAll();
        Units.Forget();
        Kernel.PowerOff();
        ForgetMemory();
        NetworkService.Unplug(this);
        World.Trace.RecordFact(Name, "power", "power", "off");
        PowerChanged?.Invoke(false);
    }

    /// <summary>Switches the power on: the kernel starts, and after <see cref="KernelBootTime"/> the enabled units do.</summary>
    public void PowerOn()
    {
        if (IsPoweredOn)
        {
            return;
        }

        IsPoweredOn = true;
        Machine = Machine with { BootId = Random.NextUid(), BootedAt = World.Now };
        KernelLog.Boot(this);
        foreach (var module in KernelModules.AtBoot)
        {
            KernelModules.Load(this, module);
        }

        MountProc();
        World.Trace.RecordFact(Name, "power", "power", "on");
        NetworkService.Plug(this);
        PowerChanged?.Invoke(true);
        var boot = Machine.BootId;
        World.After(KernelBootTime, () =>
        {
            // Somebody may have pulled the plug again meanwhile, even more than once.
            if (IsPoweredOn && Machine.BootId == boot)
            {
                Units.Boot();
            }
        });
    }

    // A kernel without power says nothing of the links that are gone.
    private void TellOfLink(string message)
    {
        if (IsPoweredOn)
        {
            KernelLog.Write(this, message);
        }
    }

    private void MountProc() => Files.Mount("/proc", new FileSystem(World, tree: new ProcFiles(this, Network.Stack, null, Files)));

    // What was kept in memory is gone: everything that was mounted, and /run.
    private void ForgetMemory()
    {
        foreach (var mount in Files.Mounts.ToList())
        {
            Files.Unmount(mount.Path);
        }

        foreach (var name in Files.List("/run"))
        {
            Files.Remove("/run/" + name);
        }
    }

    internal void TellMemoryChanged(Process process)
    {
        MemoryChanged?.Invoke(process);
        OutOfMemory.Relieve(this, kill => MemoryRanOut?.Invoke(kill));
    }

    // What an administrator keeps: settings and his own files. The rest, such as logs, changes with every breath.
    private void RecordFile(string path)
    {
        if (path.StartsWith("/etc/", StringComparison.Ordinal) || path.StartsWith("/root/", StringComparison.Ordinal))
        {
            World.Trace.RecordFact(Name, "file", path, Files.FindNoFollow(path)?.Content);
        }
    }

    private static Lan LonelyLan(World world, string address) =>
        new(new Fabric(world.RandomFor("network/" + address).NextDouble), "lan", new Ipv4Prefix(Ipv4Address.Parse(address), 24));
}
