namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>
/// One table of iptables: its built-in chains in the kernel's order, then those that somebody made, by name. A table in use
/// is never edited: a change is made on a copy that takes its place, as the kernel replaces a whole table.
/// </summary>
internal sealed class FilterTable
{
    private readonly List<Chain> chains = [];
    private readonly Dictionary<string, Chain> byName = new(StringComparer.Ordinal);

    public FilterTable(string name, params Hook[] hooks)
    {
        Name = name;
        foreach (var hook in hooks)
            Place(new(ChainName(hook), hook));
    }

    public string Name { get; }

    public IReadOnlyList<Chain> Chains => chains;

    public Chain? Find(string name) => byName.GetValueOrDefault(name);

    public FilterTable Copy()
    {
        var copy = new FilterTable(Name);
        foreach (var chain in chains)
            copy.Place(chain.Copy());
        return copy;
    }

    /// <summary>Adds an empty chain; null when there is one of that name.</summary>
    public Chain? Add(string name)
    {
        if (byName.ContainsKey(name))
            return null;
        var chain = new Chain(name, null);
        Place(chain);
        return chain;
    }

    public void Remove(Chain chain)
    {
        chains.Remove(chain);
        byName.Remove(chain.Name);
    }

    /// <summary>Gives a chain another name, in the rules that jump to it too.</summary>
    public void Rename(Chain chain, string newName)
    {
        Remove(chain);
        Place(chain.Copy(newName));
        foreach (var other in chains)
        {
            for (var index = 0; index < other.Rules.Count; index++)
            {
                if (other.Rules[index].Target is JumpTarget jump && jump.Chain == chain.Name)
                    other.Rules[index] = other.Rules[index] with { Target = jump with { Chain = newName } };
            }
        }
    }

    /// <summary>How many rules jump to the chain.</summary>
    public int References(Chain chain) => chains.Sum(other => other.Rules.Count(rule => rule.Target is JumpTarget jump && jump.Chain == chain.Name));

    /// <summary>Leads a packet through the table's chain for a hook, if it has one.</summary>
    public Verdict Traverse(FilterPass pass)
    {
        if (BuiltIn(pass.Hook) is not { } chain)
            return Verdict.Accept;
        var verdict = Evaluate(chain, pass, 0);
        if (verdict is not (Verdict.Continue or Verdict.Return))
            return verdict;
        Count(chain.Counters, pass);
        if (chain.Policy == Verdict.Drop)
            pass.Walk.Record(pass.Buffer, HopKind.Policy, pass.Host, note: "DROP", table: Name, chain: chain.Name);
        return chain.Policy;
    }

    private Verdict Evaluate(Chain chain, FilterPass pass, int depth)
    {
        for (var index = 0; index < chain.Rules.Count; index++)
        {
            var rule = chain.Rules[index];
            if (!rule.MatchesAll(pass))
                continue;
            Count(rule.Counters, pass);
            if (rule.Target is not { } target)
                continue;
            var before = pass.Packet;
            Verdict verdict;
            if (target is JumpTarget jump)
            {
                pass.Walk.RecordRule(pass, before, Name, chain, index, rule);
                // The kernel's stack of callers has room for every chain once; a loop overflows it, which drops the packet.
                verdict = depth >= chains.Count ? Verdict.Drop : Evaluate(byName[jump.Chain], pass, depth + 1);
                if (jump.Goto && verdict is (Verdict.Continue or Verdict.Return))
                    return Verdict.Return;
            }
            else
            {
                if (!target.IsRepeatable)
                    pass.Walk.Way?.NeverAgain();
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

    private static void Count(Counters counters, FilterPass pass)
    {
        counters.Count(pass.Packet.Length);
        pass.Walk.Way?.Count(counters, pass.Packet);
    }

    // The number of chains is small and the hooks' chains come first.
    private Chain? BuiltIn(Hook hook)
    {
        foreach (var chain in chains)
        {
            if (chain.Hook == hook)
                return chain;
            if (chain.Hook is null)
                break;
        }
        return null;
    }

    private void Place(Chain chain)
    {
        var place = chain.Hook is not null ? -1 : chains.FindIndex(other => other.Hook is null && string.CompareOrdinal(other.Name, chain.Name) > 0);
        chains.Insert(place < 0 ? chains.Count : place, chain);
        byName.Add(chain.Name, chain);
    }

    private static string ChainName(Hook hook) => hook.ToString().ToUpperInvariant();
}
