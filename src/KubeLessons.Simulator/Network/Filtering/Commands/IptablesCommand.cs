namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The program `iptables`, as version 1.8.9 with the legacy backend is: words in, texts and an exit code out.</summary>
public static class IptablesCommand
{
    /// <summary>Runs it in a namespace with the words after the program's name.</summary>
    public static CommandOutput Run(NetworkNamespace host, IReadOnlyList<string> arguments)
    {
        const string program = "iptables";
        if (RequestParser.Read(arguments, false, out var request) is { } failure)
            return failure.Print(program);
        if (request.Command == 'V')
            return CommandOutput.Print($"{program} {IptablesFailure.Version}\n");
        if (request.Command == 'h')
            return CommandOutput.Print(IptablesHelp.Text);
        if (host.Netfilter.Use(request.Table) is not { } table)
        {
            return new IptablesFailure(FailureKind.NoTable, $"can't initialize iptables table `{request.Table}': " +
                "Table does not exist (do you need to insmod?)").Print(program);
        }
        return request.Command is 'L' or 'S' ? Show(host, table, request, program) : Change(host, table, request, program);
    }

    private static CommandOutput Change(NetworkNamespace host, FilterTable table, IptablesRequest request, string program)
    {
        // Looking for a rule, and asking for a chain that there is already, changes nothing.
        var isHarmless = request.Command == 'C' || (request.Command == 'N' && table.Find(request.Chain!) is not null);
        var copy = isHarmless ? table : table.Copy();
        var failure = TableEditor.Apply(copy, request, out var output);
        if (failure is null && request.Command != 'C')
        {
            failure = TableCheck.Run(copy);
            if (failure is null)
                host.Netfilter.Install(copy);
        }
        return failure is null ? CommandOutput.Print(output) : failure.Print(program) with { Output = output };
    }

    private static CommandOutput Show(NetworkNamespace host, FilterTable table, IptablesRequest request, string program)
    {
        var chains = table.Chains;
        if (request.Chain is not null)
        {
            if (table.Find(request.Chain) is not { } one)
                return IptablesFailure.NoChain().Print(program);
            chains = [one];
        }
        var text = request.Command == 'L' ? ChainListing.Write(table, chains, request) : RuleListing.Specification(chains, request);
        if (!request.ZeroToo)
            return CommandOutput.Print(text);
        var zeroed = Change(host, table, request with { Command = 'Z', RuleNumber = 0 }, program);
        return zeroed with { Output = text + zeroed.Output };
    }
}
