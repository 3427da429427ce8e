namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Does what a request asks on a table that is not in use yet. Null is success; the kernel's look at the whole comes after.</summary>
internal static class TableEditor
{
    public static IptablesFailure? Apply(FilterTable table, IptablesRequest request, out string output)
    {
        output = "";
        switch (request.Command)
        {
            case 'A' or 'I' or 'R' or 'C':
            case 'D' when request.RuleNumber == 0:
                return WithRules(table, request, out output);
            case 'D':
                return DeleteByNumber(table, request);
            case 'F' or 'Z':
                return ForChains(table, request, out output);
            case 'N':
                return table.Add(request.Chain!) is null ? IptablesFailure.Kernel("Chain already exists.") : null;
            case 'X':
                return request.Chain is null ? DeleteAll(table, request, out output) : DeleteChain(table, request.Chain, request, out output);
            case 'E':
                return Rename(table, request.Chain!, request.Argument!);
            default:
                return SetPolicy(table, request);
        }
    }

    private static IptablesFailure? WithRules(FilterTable table, IptablesRequest request, out string output)
    {
        output = "";
        if (request.Rule.Build(table, out var rules) is { Kind: FailureKind.Usage } wrong)
            return wrong;
        if (table.Find(request.Chain!) is not { } chain)
            return IptablesFailure.NoChain();
        if (request.Rule.Build(table, out _) is { } refused && request.Command != 'C' && request.Command != 'D')
            return refused;
        if (request.Counters is { } counters)
            rules = [.. rules.Select(rule => rule with { Counters = new(counters.Packets, counters.Bytes) })];
        if (request.Verbose)
            output = string.Concat(rules.Select(rule => ChainListing.Describe(rule) + "\n"));
        switch (request.Command)
        {
            case 'A':
                chain.Rules.AddRange(rules);
                return null;
            case 'I' when request.RuleNumber > chain.Rules.Count + 1:
                return IptablesFailure.Kernel("Index of insertion too big.");
            case 'I':
                chain.Rules.InsertRange(Math.Max(0, request.RuleNumber - 1), rules);
                return null;
            case 'R' when request.RuleNumber > chain.Rules.Count:
                return IptablesFailure.Kernel("Index of replacement too big.");
            case 'R' when rules.Count > 1:
                return IptablesFailure.Usage("Replacement rule does not specify a unique address");
            case 'R':
                chain.Rules[request.RuleNumber - 1] = rules[0];
                return null;
        }
        foreach (var rule in rules)
        {
            var place = chain.Rules.FindIndex(rule.SameAs);
            if (place < 0)
                return IptablesFailure.Kernel("Bad rule (does a matching rule exist in that chain?).");
            if (request.Command == 'D')
                chain.Rules.RemoveAt(place);
        }
        return null;
    }

    private static IptablesFailure? DeleteByNumber(FilterTable table, IptablesRequest request)
    {
        if (table.Find(request.Chain!) is not { } chain)
            return IptablesFailure.NoChain();
        if (request.RuleNumber > chain.Rules.Count)
            return IptablesFailure.Kernel("Index of deletion too big.");
        chain.Rules.RemoveAt(request.RuleNumber - 1);
        return null;
    }

    private static IptablesFailure? ForChains(FilterTable table, IptablesRequest request, out string output)
    {
        output = "";
        IEnumerable<Chain> chains = table.Chains;
        if (request.Chain is not null)
        {
            if (table.Find(request.Chain) is not { } one)
                return IptablesFailure.NoChain();
            chains = [one];
        }
        foreach (var chain in chains)
        {
            if (request.Verbose)
                output += $"{(request.Command == 'F' ? "Flushing" : "Zeroing")} chain `{chain.Name}'\n";
            if (request.Command == 'F')
                chain.Rules.Clear();
            else if (request.RuleNumber > chain.Rules.Count)
                return IptablesFailure.Kernel("Index of counter too big.");
            else
                Zero(chain, request.RuleNumber);
        }
        return null;
    }

    public static void Zero(Chain chain, int number)
    {
        if (number == 0)
            chain.Counters = new();
        for (var index = 0; index < chain.Rules.Count; index++)
        {
            if (number == 0 || number == index + 1)
                chain.Rules[index] = chain.Rules[index] with { Counters = new() };
        }
    }

    private static IptablesFailure? DeleteAll(FilterTable table, IptablesRequest request, out string output)
    {
        output = "";
        IptablesFailure? last = null;
        // Every chain is tried, and the last failure is the one reported.
        foreach (var chain in table.Chains.Where(chain => chain.Hook is null).ToList())
        {
            last = DeleteChain(table, chain.Name, request, out var line) ?? last;
            output += line;
        }
        return last;
    }

    private static IptablesFailure? DeleteChain(FilterTable table, string name, IptablesRequest request, out string output)
    {
        output = request.Verbose ? $"Deleting chain `{name}'\n" : "";
        if (table.Find(name) is not { } chain)
            return IptablesFailure.NoChain();
        if (chain.Hook is not null)
            return IptablesFailure.Invalid();
        if (table.References(chain) > 0)
            return IptablesFailure.Kernel("Too many links.");
        if (chain.Rules.Count > 0)
            return IptablesFailure.Kernel("Directory not empty.");
        table.Remove(chain);
        return null;
    }

    private static IptablesFailure? Rename(FilterTable table, string name, string newName)
    {
        if (table.Find(newName) is not null)
            return IptablesFailure.Kernel("File exists.");
        if (table.Find(name) is not { Hook: null } chain)
            return IptablesFailure.NoChain();
        table.Rename(chain, newName);
        return null;
    }

    private static IptablesFailure? SetPolicy(FilterTable table, IptablesRequest request)
    {
        if (table.Name == "nat" && request.Argument == "DROP")
            return IptablesFailure.Usage("\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n");
        if (table.Find(request.Chain!) is not { Hook: not null } chain)
            return IptablesFailure.Kernel("Bad built-in chain name.");
        if (request.Argument is not ("ACCEPT" or "DROP"))
            return IptablesFailure.Kernel("Bad policy name. Run `dmesg' for more information.");
        chain.Policy = request.Argument == "DROP" ? Verdict.Drop : Verdict.Accept;
        if (request.Counters is { } counters)
            chain.Counters = new(counters.Packets, counters.Bytes);
        return null;
    }
}
