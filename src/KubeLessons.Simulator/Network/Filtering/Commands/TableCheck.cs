namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>
/// What the kernel looks at before it takes a table: that no chain can come back to itself, and that each target stands where
/// it may: only in its table, and only in chains that are reached from its hooks.
/// </summary>
internal sealed class TableCheck
{
    private readonly FilterTable table;
    private readonly Dictionary<Rule, int> reachedFrom = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(Chain, Hook)> done = [];
    private readonly HashSet<Chain> open = [];

    private TableCheck(FilterTable table) => this.table = table;

    public static IptablesFailure? Run(FilterTable table)
    {
        var check = new TableCheck(table);
        foreach (var chain in table.Chains)
        {
            if (chain.Hook is { } hook && !check.Follow(chain, hook))
                return IptablesFailure.Kernel("Too many levels of symbolic links.");
        }
        foreach (var chain in table.Chains)
        {
            foreach (var rule in chain.Rules)
            {
                if (!check.MayStand(rule))
                    return IptablesFailure.Invalid();
            }
        }
        return null;
    }

    private bool Follow(Chain chain, Hook hook)
    {
        if (open.Contains(chain))
            return false;
        if (!done.Add((chain, hook)))
            return true;
        open.Add(chain);
        foreach (var rule in chain.Rules)
        {
            reachedFrom[rule] = reachedFrom.GetValueOrDefault(rule) | 1 << (int)hook;
            if (rule.Target is JumpTarget jump && !Follow(table.Find(jump.Chain)!, hook))
                return false;
            if (rule.EndsChain)
                break;
        }
        open.Remove(chain);
        return true;
    }

    private bool MayStand(Rule rule)
    {
        var from = reachedFrom.GetValueOrDefault(rule);
        return rule.Target switch
        {
            AddressTarget { What: Tracking.Translation.Destination } or RedirectTarget => In("nat") && Only(from, Hook.PreRouting, Hook.Output),
            AddressTarget => In("nat") && Only(from, Hook.PostRouting, Hook.Input),
            MasqueradeTarget => In("nat") && Only(from, Hook.PostRouting),
            RejectTarget => In("filter") && Only(from, Hook.Input, Hook.Forward, Hook.Output),
            NoTrackTarget => In("raw"),
            _ => true,
        };
    }

    private bool In(string name) => table.Name == name;

    private static bool Only(int from, params ReadOnlySpan<Hook> hooks)
    {
        foreach (var hook in hooks)
            from &= ~(1 << (int)hook);
        return from == 0;
    }
}
