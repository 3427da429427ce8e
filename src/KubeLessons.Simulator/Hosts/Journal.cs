namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// One line of a host's journal, as journalctl prints it. <paramref name="Unit"/> is the unit that it is about, without
/// <c>.service</c>; "" for the kernel and for programs that belong to none.
/// </summary>
public sealed record JournalEntry(DateTimeOffset At, string Unit, string Identifier, int Pid, string Message)
{
    /// <summary>syslog's level: 0 emerg, 3 err, 4 warning, 5 notice, 6 info, 7 debug.</summary>
    public int Priority { get; init; } = 6;

    /// <summary>The boot during which it was written (<see cref="Machine.BootId"/>).</summary>
    public string BootId { get; init; } = "";
}

/// <summary>A host's journal (journald). It keeps the newest entries, oldest first.</summary>
public sealed class Journal(Host host)
{
    /// <summary>So many entries are kept.</summary>
    public const int Capacity = 20_000;

    private readonly Queue<JournalEntry> _entries = new();

    public IEnumerable<JournalEntry> Entries => _entries;

    /// <summary>How many entries there ever were.</summary>
    public long Count { get; private set; }

    /// <summary>Raised after an entry was added.</summary>
    public Signal Grew { get; } = new(host.World);

    public void Add(string unit, string identifier, int pid, string message, int priority = 6)
    {
        const string Suffix = ".service";
        var plain = unit.EndsWith(Suffix, StringComparison.Ordinal) ? unit[..^Suffix.Length] : unit;
        Add(new JournalEntry(host.World.UtcNow, plain, identifier, pid, message) { Priority = priority });
    }

    /// <summary>An entry of this boot.</summary>
    public void Add(JournalEntry entry)
    {
        _entries.Enqueue(entry with { BootId = host.Machine.BootId });
        if (_entries.Count > Capacity)
        {
            _entries.Dequeue();
        }

        Count++;
        Grew.Raise();
    }
}
