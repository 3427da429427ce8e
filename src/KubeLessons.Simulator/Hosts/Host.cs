namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// A simulated Linux machine: files, processes, units, kernel and a place on the network. Everything that runs on it is a
/// process; when its power is cut, everything stops at once and only the files remain.
/// </summary>
public sealed class Host
{
    public Host(World world, string name, string address)
    {
        World = world;
        Name = name;
        Address = address;
        Files = new FileSystem(world);
        Processes = new ProcessTable(this);
        Network = new NetworkAttachment(name);
        Programs = new ProgramTable();
        Kernel = new Kernel(this);
        Journal = new Journal(this);
        Units = new UnitTable(this);
        UnixSockets = new UnixSocketTable();
        Random = world.RandomFor("host/" + name);
    }

    public World World { get; }

    public string Name { get; }

    /// <summary>Its IPv4 address on the nodes' network.</summary>
    public string Address { get; }

    public FileSystem Files { get; }

    public ProcessTable Processes { get; }

    public NetworkAttachment Network { get; }

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

    public bool IsPoweredOn { get; private set; } = true;

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
        Kernel.Reset();
        World.Trace.RecordFact(Name, "power", "power", "off");
        PowerChanged?.Invoke(false);
    }

    /// <summary>Switches the power on: enabled units start.</summary>
    public void PowerOn()
    {
        if (IsPoweredOn)
        {
            return;
        }

        IsPoweredOn = true;
        World.Trace.RecordFact(Name, "power", "power", "on");
        PowerChanged?.Invoke(true);
        Units.Boot();
    }
}
