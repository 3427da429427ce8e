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
            if (!match.IsRepeatable)
                pass.Walk.Way?.NeverAgain();
            if (!match.Matches(pass))
                return false;
        }
        return true;
    }

    /// <summary>The same conditions and the same action, whatever has been counted: what `iptables -D` and `-C` compare.</summary>
    public bool SameAs(Rule other) => Header.Save == other.Header.Save && ToString() == other.ToString();

    /// <summary>Whether it is for every packet, and ends the chain: nothing after it is ever looked at.</summary>
    public bool EndsChain => Header.IsUnconditional && Matches.Count == 0 && Target is VerdictTarget;

    public override string ToString() => ToString("");

    /// <summary>The rule with something between its conditions and its target, where `iptables -S -v` puts the counters.</summary>
    public string ToString(string beforeTarget)
    {
        var text = Header.Save;
        foreach (var match in Matches)
            text += " " + match.Save;
        text += beforeTarget;
        if (Target is not null)
            text += (Target is JumpTarget { Goto: true } ? " -g " : " -j ") + Target;
        return text.TrimStart();
    }
}
