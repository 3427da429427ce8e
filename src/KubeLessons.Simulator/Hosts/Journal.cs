namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// One line of a host's journal, as journalctl prints it. <paramref name="Unit"/> is the unit that it is about, without
/// <c>.service</c>; "" for the kernel and for programs that belong to none.
/// </summary>
public sealed record JournalEntry(DateTimeOffset At, string Unit, string Identifier, int Pid, string Message);

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

    public void Add(string unit, string identifier, int pid, string message)
    {
        const string Suffix = ".service";
        var plain = unit.EndsWith(Suffix, StringComparison.Ordinal) ? unit[..^Suffix.Length] : unit;
        _entries.Enqueue(new JournalEntry(host.World.UtcNow, plain, identifier, pid, message));
        if (_entries.Count > Capacity)
        {
            _entries.Dequeue();
        }

        Count++;
        Grew.Raise();
    }
}
