namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The iptables of one namespace: its tables, and the address lists of the `recent` match.</summary>
public sealed class FilterTables
{
    private readonly List<string> used = [];

    internal FilterTables() => Reset();

    /// <summary>
    /// Called for every chain whose rules or policy changed, whoever changed them: the table and the chain (<c>nat/KUBE-SERVICES</c>),
    /// and what <c>iptables -S</c> prints of it now; null when it is gone.
    /// </summary>
    public event Action<string, string?>? ChainChanged;

    internal Action Touched { get; init; } = static () => { };

    internal FilterTable Filter { get; private set; } = null!;

    internal FilterTable Nat { get; private set; } = null!;

    internal FilterTable Mangle { get; private set; } = null!;

    internal FilterTable Raw { get; private set; } = null!;

    internal FilterTable Security { get; private set; } = null!;

    internal RecentLists Recent { get; private set; } = new();

    /// <summary>The tables that somebody has asked for since the boot, the latest first (/proc/net/ip_tables_names).</summary>
    internal IReadOnlyList<string> Used => used;

    /// <summary>Empties everything: what a boot does.</summary>
    public void Reset()
    {
        FilterTable[] before = Filter is null ? [] : [Filter, Nat, Mangle, Raw, Security];
        used.Clear();
        Filter = new("filter", Hook.Input, Hook.Forward, Hook.Output);
        Nat = new("nat", Hook.PreRouting, Hook.Input, Hook.Output, Hook.PostRouting);
        Mangle = new("mangle", Hook.PreRouting, Hook.Input, Hook.Forward, Hook.Output, Hook.PostRouting);
        Raw = new("raw", Hook.PreRouting, Hook.Output);
        Security = new("security", Hook.Input, Hook.Forward, Hook.Output);
        Recent = new();
        foreach (var old in before)
            Report(old, Current(old.Name));
        Touched?.Invoke();
    }

    /// <summary>A table by name, which thereby counts as used; null when there is none.</summary>
    internal FilterTable? Use(string name)
    {
        var table = name switch
        {
            "filter" => Filter,
            "nat" => Nat,
            "mangle" => Mangle,
            "raw" => Raw,
            "security" => Security,
            _ => null,
        };
        if (table is not null && !used.Contains(name))
            used.Insert(0, name);
        return table;
    }

    /// <summary>Puts a changed copy in the place of the table of its name; conditions that remember packets begin anew.</summary>
    internal void Install(FilterTable table)
    {
        var before = Current(table.Name);
        foreach (var chain in table.Chains)
        {
            for (var index = 0; index < chain.Rules.Count; index++)
            {
                var rule = chain.Rules[index];
                if (rule.Matches.Any(match => match is IStateful))
                    chain.Rules[index] = rule with { Matches = [.. rule.Matches.Select(match => match is IStateful stateful ? stateful.Renewed() : match)] };
            }
        }
        switch (table.Name)
        {
            case "filter":
                Filter = table;
                break;
            case "nat":
                Nat = table;
                break;
            case "mangle":
                Mangle = table;
                break;
            case "raw":
                Raw = table;
                break;
            default:
                Security = table;
                break;
        }
        Recent.Keep(ListNames());
        Report(before, table);
        Touched();
    }

    private FilterTable Current(string name) => name switch
    {
        "filter" => Filter,
        "nat" => Nat,
        "mangle" => Mangle,
        "raw" => Raw,
        _ => Security,
    };

    private void Report(FilterTable before, FilterTable after)
    {
        if (ChainChanged is not { } tell)
            return;
        foreach (var chain in after.Chains)
        {
            if (before.Find(chain.Name) is not { } old || !chain.SameAs(old))
                tell($"{after.Name}/{chain.Name}", RuleListing.Specification(chain));
        }
        foreach (var old in before.Chains)
        {
            if (after.Find(old.Name) is null)
                tell($"{after.Name}/{old.Name}", null);
        }
    }

    private HashSet<string> ListNames() => [.. new[] { Filter, Nat, Mangle, Raw, Security }.SelectMany(table => table.Chains).SelectMany(chain => chain.Rules)
        .SelectMany(rule => rule.Matches).OfType<RecentMatch>().Select(match => match.Name)];
}
