namespace KubeLessons.Simulator.Network;

/// <summary>
/// A switch: every card plugged into it hears every other one, unless the pair has been separated. Separation is what a
/// network partition does, while a pulled cable or a lost power is a property of the card.
/// </summary>
public sealed class Segment
{
    private readonly List<NetworkInterface> cards = [];
    private readonly HashSet<(NetworkInterface, NetworkInterface)> separated = [];

    internal Segment(string name, TimeSpan latency) => (Name, Latency) = (name, latency);

    public string Name { get; }

    /// <summary>How long a frame takes from one card to another.</summary>
    public TimeSpan Latency { get; }

    public IReadOnlyList<NetworkInterface> Cards => cards;

    internal Action Touched { get; init; } = static () => { };

    /// <summary>Frames between the two cards are lost, in both directions, until <see cref="Join"/>.</summary>
    public void Separate(NetworkInterface one, NetworkInterface other)
    {
        separated.Add((one, other));
        separated.Add((other, one));
        Touched();
    }

    /// <summary>Undoes <see cref="Separate"/>.</summary>
    public void Join(NetworkInterface one, NetworkInterface other)
    {
        separated.Remove((one, other));
        separated.Remove((other, one));
        Touched();
    }

    /// <summary>Undoes every separation.</summary>
    public void JoinAll()
    {
        separated.Clear();
        Touched();
    }

    internal bool Passes(NetworkInterface from, NetworkInterface to) =>
        !ReferenceEquals(from, to) && from.Carrier && to.Carrier && (separated.Count == 0 || !separated.Contains((from, to)));

    internal void Plug(NetworkInterface card) => cards.Add(card);

    internal void Unplug(NetworkInterface card) => cards.Remove(card);
}
