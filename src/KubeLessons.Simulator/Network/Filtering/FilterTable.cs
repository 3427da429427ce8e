namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>One table of iptables: its built-in chains in the kernel's order, then those that somebody made, by name.</summary>
internal sealed class FilterTable
{
    private readonly List<Chain> chains = [];
    private readonly Dictionary<string, Chain> byName = new(StringComparer.Ordinal);

    public FilterTable(string name, params Hook[] hooks)
    {
        Name = name;
        foreach (var hook in hooks)
        {
            var chain = new Chain(ChainName(hook), hook);
            chains.Add(chain);
            byName.Add(chain.Name, chain);
        }
    }

    public string Name { get; }

    public IReadOnlyList<Chain> Chains => chains;

    public Chain? Find(string name) => byName.GetValueOrDefault(name);

    public Chain? Find(Hook hook) => byName.GetValueOrDefault(ChainName(hook));

    /// <summary>Adds a chain; null when there is one of that name.</summary>
    public Chain? Add(string name)
    {
        var chain = new Chain(name, null);
        if (!byName.TryAdd(name, chain))
            return null;
        var place = chains.FindIndex(other => other.Hook is null && string.CompareOrdinal(other.Name, name) > 0);
        chains.Insert(place < 0 ? chains.Count : place, chain);
        return chain;
    }

    public void Remove(Chain chain)
    {
        chains.Remove(chain);
        byName.Remove(chain.Name);
    }

    /// <summary>How many rules jump to the chain.</summary>
    public int References(Chain chain)
    {
        var count = 0;
        foreach (var other in chains)
        {
            foreach (var rule in other.Rules)
            {
                if (rule.Target is JumpTarget jump && ReferenceEquals(jump.Chain, chain))
                    count++;
            }
        }
        return count;
    }

    /// <summary>Leads a packet through the table's chain for a hook, if it has one.</summary>
    public Verdict Traverse(FilterPass pass)
    {
        if (Find(pass.Hook) is not { } chain)
            return Verdict.Accept;
        var verdict = Evaluate(chain, pass);
        if (verdict is not (Verdict.Continue or Verdict.Return))
            return verdict;
        chain.Counters.Count(pass.Packet);
        if (chain.Policy == Verdict.Drop)
            pass.Walk.Record(pass.Buffer, HopKind.Policy, pass.Host, note: "DROP", table: Name, chain: chain.Name);
        return chain.Policy;
    }

    private Verdict Evaluate(Chain chain, FilterPass pass)
    {
        for (var index = 0; index < chain.Rules.Count; index++)
        {
            var rule = chain.Rules[index];
            if (!rule.MatchesAll(pass))
                continue;
            rule.Counters.Count(pass.Packet);
            if (rule.Target is not { } target)
                continue;
            var before = pass.Packet;
            Verdict verdict;
            if (target is JumpTarget jump)
            {
                pass.Walk.RecordRule(pass, before, Name, chain, index, rule);
                verdict = Evaluate(jump.Chain, pass);
                if (jump.Goto && verdict is (Verdict.Continue or Verdict.Return))
                    return Verdict.Return;
            }
            else
            {
                verdict = target.Apply(pass);
                pass.Walk.RecordRule(pass, before, Name, chain, index, rule);
                if (verdict == Verdict.Return)
                    return Verdict.Return;
            }
            if (verdict is Verdict.Accept or Verdict.Drop or Verdict.Rejected)
                return verdict;
        }
        return Verdict.Continue;
    }

    private static string ChainName(Hook hook) => hook.ToString().ToUpperInvariant();
}
