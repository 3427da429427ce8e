namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The first part of what `iptables -h` prints: the forms of the command.</summary>
internal static class IptablesHelp
{
    public const string Text = $"""
        iptables {IptablesFailure.Version}

        Usage: iptables -[ACD] chain rule-specification [options]
               iptables -I chain [rulenum] rule-specification [options]
               iptables -R chain rulenum rule-specification [options]
               iptables -D chain rulenum [options]
               iptables -[LS] [chain [rulenum]] [options]
               iptables -[FZ] [chain] [options]
               iptables -[NX] chain
               iptables -E old-chain-name new-chain-name
               iptables -P chain target [options]
               iptables -h (print this help information)

        """;
}
