using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>What `iptables -S` and `iptables-save` print: commands that would make the rules again.</summary>
internal static class RuleListing
{
    public static string Specification(IReadOnlyList<Chain> chains, IptablesRequest request)
    {
        var text = new StringBuilder();
        if (request.RuleNumber == 0)
        {
            foreach (var chain in chains)
            {
                text.Append(Declaration(chain));
                if (request.Verbose && chain.Hook is not null)
                    text.Append(CultureInfo.InvariantCulture, $" -c {chain.Counters.Packets} {chain.Counters.Bytes}");
                text.Append('\n');
            }
        }
        foreach (var chain in chains)
        {
            for (var index = 0; index < chain.Rules.Count; index++)
            {
                if (request.RuleNumber == 0 || request.RuleNumber == index + 1)
                    text.Append(Line(chain, chain.Rules[index], request.Verbose)).Append('\n');
            }
        }
        return text.ToString();
    }

    /// <summary>What `iptables -S CHAIN` prints, without the last line's end.</summary>
    public static string Specification(Chain chain)
    {
        var text = new StringBuilder(Declaration(chain));
        foreach (var rule in chain.Rules)
            text.Append('\n').Append(Line(chain, rule, false));
        return text.ToString();
    }

    /// <summary>One table as iptables-save writes it, without the comments around it.</summary>
    public static void Save(StringBuilder text, FilterTable table, bool counters)
    {
        text.Append('*').Append(table.Name).Append('\n');
        foreach (var chain in table.Chains)
        {
            var (packets, bytes) = counters || chain.Hook is not null ? (chain.Counters.Packets, chain.Counters.Bytes) : (0, 0);
            text.Append(CultureInfo.InvariantCulture, $":{chain.Name} {(chain.Hook is null ? "-" : Policy(chain))} [{packets}:{bytes}]\n");
        }
        foreach (var chain in table.Chains)
        {
            foreach (var rule in chain.Rules)
            {
                if (counters)
                    text.Append(CultureInfo.InvariantCulture, $"[{rule.Counters.Packets}:{rule.Counters.Bytes}] ");
                text.Append(Line(chain, rule, false)).Append('\n');
            }
        }
        text.Append("COMMIT\n");
    }

    private static string Line(Chain chain, Rule rule, bool counters)
    {
        var body = counters ? rule.ToString(string.Create(CultureInfo.InvariantCulture, $" -c {rule.Counters.Packets} {rule.Counters.Bytes}")) : rule.ToString();
        return body.Length == 0 ? $"-A {chain.Name}" : $"-A {chain.Name} {body}";
    }

    private static string Declaration(Chain chain) => chain.Hook is null ? $"-N {chain.Name}" : $"-P {chain.Name} {Policy(chain)}";

    private static string Policy(Chain chain) => chain.Policy == Verdict.Drop ? "DROP" : "ACCEPT";
}
