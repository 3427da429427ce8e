namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Packets and bytes, as `iptables -v` shows them.</summary>
internal sealed class Counters
{
    public long Packets { get; set; }

    public long Bytes { get; set; }

    public void Count(Packet packet)
    {
        Packets++;
        Bytes += packet.Length;
    }
}

/// <summary>A list of rules. A built-in chain has a policy; one made by somebody returns to its caller at its end.</summary>
internal sealed class Chain(string name, Hook? hook)
{
    public string Name => name;

    public Hook? Hook => hook;

    /// <summary>Accept or Drop for a built-in chain.</summary>
    public Verdict Policy { get; set; } = Verdict.Accept;

    public Counters Counters { get; } = new();

    public List<Rule> Rules { get; } = [];
}
