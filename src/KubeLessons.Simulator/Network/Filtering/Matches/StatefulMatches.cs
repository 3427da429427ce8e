using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>A condition that remembers packets. Every change of its table makes it forget, because the kernel then loads the table anew.</summary>
internal interface IStateful
{
    Match Renewed();
}

/// <summary>`-m statistic --mode random`: the probability is kept as the kernel keeps it, in 2^31 parts.</summary>
internal sealed record RandomMatch(uint Parts, bool Not) : Match
{
    public static RandomMatch Of(double probability, bool not) => new((uint)(probability * 0x8000_0000L + 0.5), not);

    public override bool Matches(FilterPass pass) => (uint)(pass.Walk.Fabric.Random() * 0x8000_0000L) < Parts != Not;

    public override bool IsRepeatable => false;

    public override string Save => $"-m statistic --mode random{(Not ? " !" : "")} --probability {Probability}";

    public override string List(bool numeric) => $"statistic mode random{(Not ? " !" : "")} probability {Probability}";

    private string Probability => (Parts / (double)0x8000_0000L).ToString("F11", CultureInfo.InvariantCulture);
}

/// <summary>`-m statistic --mode nth`: one packet in every so many, the first after <paramref name="Packet"/> others.</summary>
internal sealed record NthMatch(uint Every, uint Packet, bool Not) : Match, IStateful
{
    private uint count = Packet == 0 ? 0 : Every - Packet;

    public override bool Matches(FilterPass pass)
    {
        var isTurn = count == 0;
        count = (count + 1) % Every;
        return isTurn != Not;
    }

    public Match Renewed() => new NthMatch(Every, Packet, Not);

    public override bool IsRepeatable => false;

    public override string Save => $"-m statistic --mode nth{(Not ? " !" : "")} --every {Every} --packet {Packet}";

    public override string List(bool numeric) => $"statistic mode nth{(Not ? " !" : "")} every {Every}{(Packet == 0 ? "" : $" packet {Packet}")}";

    public bool Equals(NthMatch? other) => other is not null && Save == other.Save;

    public override int GetHashCode() => Save.GetHashCode(StringComparison.Ordinal);
}

/// <summary>`-m limit`: so many packets a time, after a burst of so many (a token bucket in the kernel's units).</summary>
internal sealed record LimitMatch(int Count, string Unit, int Burst) : Match, IStateful
{
    private double tokens = Burst;
    private TimeSpan filledAt = TimeSpan.MinValue;

    public override bool Matches(FilterPass pass)
    {
        var now = pass.Now;
        if (filledAt != TimeSpan.MinValue)
            tokens = Math.Min(Burst, tokens + (now - filledAt).TotalSeconds * Count / Seconds);
        filledAt = now;
        if (tokens < 1)
            return false;
        tokens--;
        return true;
    }

    public Match Renewed() => new LimitMatch(Count, Unit, Burst);

    public override bool IsRepeatable => false;

    public override string Save => $"-m limit --limit {Count}/{Unit}{(Burst == 5 ? "" : $" --limit-burst {Burst}")}";

    public override string List(bool numeric) => $"limit: avg {Count}/{Unit} burst {Burst}";

    public bool Equals(LimitMatch? other) => other is not null && Save == other.Save;

    public override int GetHashCode() => Save.GetHashCode(StringComparison.Ordinal);

    private int Seconds => Unit switch { "sec" => 1, "min" => 60, "hour" => 3600, _ => 86400 };
}
