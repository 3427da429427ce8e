namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>One rule: every condition must hold for the target to act. A rule without a target only counts.</summary>
internal sealed record Rule(HeaderMatch Header, IReadOnlyList<Match> Matches, Target? Target)
{
    public Counters Counters { get; init; } = new();

    public bool MatchesAll(FilterPass pass)
    {
        if (!Header.Matches(pass))
            return false;
        foreach (var match in Matches)
        {
            if (!match.Matches(pass))
                return false;
        }
        return true;
    }

    /// <summary>The same conditions and the same action, whatever has been counted: what `iptables -D` and `-C` compare.</summary>
    public bool SameAs(Rule other) => ToString() == other.ToString();

    public override string ToString()
    {
        var text = Header.Save;
        foreach (var match in Matches)
            text += " " + match.Save;
        if (Target is not null)
            text += (Target is JumpTarget { Goto: true } ? " -g " : " -j ") + Target;
        return text.TrimStart();
    }
}
