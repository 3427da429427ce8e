namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>One command line of iptables, read but not yet judged against a table. <see cref="Command"/> is the letter of its short option.</summary>
internal sealed record IptablesRequest
{
    public char Command { get; init; }

    public string Table { get; init; } = "filter";

    public string? Chain { get; init; }

    /// <summary>From 1; 0 when none was given.</summary>
    public int RuleNumber { get; init; }

    /// <summary>The policy of -P, or the new name of -E.</summary>
    public string? Argument { get; init; }

    public bool Verbose { get; init; }

    public bool Numeric { get; init; }

    public bool Exact { get; init; }

    public bool LineNumbers { get; init; }

    /// <summary>-Z beside -L or -S.</summary>
    public bool ZeroToo { get; init; }

    public (long Packets, long Bytes)? Counters { get; init; }

    public required RuleDraft Rule { get; init; }
}
