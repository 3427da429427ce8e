namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Packets and bytes, as `iptables -v` shows them.</summary>
internal sealed class Counters(long packets = 0, long bytes = 0)
{
    public long Packets { get; private set; } = packets;

    public long Bytes { get; private set; } = bytes;

    public void Count(int bytes)
    {
        Packets++;
        Bytes += bytes;
    }
}

/// <summary>A list of rules. A built-in chain has a policy; one made by somebody returns to its caller at its end.</summary>
internal sealed class Chain(string name, Hook? hook)
{
    public string Name => name;

    public Hook? Hook => hook;

    /// <summary>Accept or Drop for a built-in chain.</summary>
    public Verdict Policy { get; set; } = Verdict.Accept;

    public Counters Counters { get; set; } = new();

    public List<Rule> Rules { get; } = [];

    /// <summary>The same policy and the same rules, whatever they have counted.</summary>
    public bool SameAs(Chain other)
    {
        if (Policy != other.Policy || Rules.Count != other.Rules.Count)
            return false;
        for (var index = 0; index < Rules.Count; index++)
        {
            if (!ReferenceEquals(Rules[index], other.Rules[index]) && !Rules[index].SameAs(other.Rules[index]))
                return false;
        }
        return true;
    }

    /// <summary>A copy under the same or another name; the rules and their counters are shared.</summary>
    public Chain Copy(string? newName = null)
    {
        var copy = new Chain(newName ?? name, hook) { Policy = Policy, Counters = Counters };
        copy.Rules.AddRange(Rules);
        return copy;
    }
}
