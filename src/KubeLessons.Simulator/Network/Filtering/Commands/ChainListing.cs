using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>What `iptables -L` prints.</summary>
internal static class ChainListing
{
    public static string Write(FilterTable table, IReadOnlyList<Chain> chains, IptablesRequest request)
    {
        var text = new StringBuilder();
        foreach (var chain in chains)
        {
            if (request.RuleNumber == 0)
            {
                if (text.Length > 0)
                    text.Append('\n');
                WriteHeader(text, table, chain, request);
            }
            for (var index = 0; index < chain.Rules.Count; index++)
            {
                if (request.RuleNumber == 0 || request.RuleNumber == index + 1)
                    WriteRule(text, chain.Rules[index], index + 1, request);
            }
        }
        return text.ToString();
    }

    /// <summary>The line that -A, -I, -R and -D print under -v.</summary>
    public static string Describe(Rule rule)
    {
        var header = rule.Header;
        var text = $"{Target(rule)} {(header.NotProtocol ? '!' : ' ')}{Protocol(header, false)} opt {Fragment(header)} " +
            $"in {Interface(header.In, "*")} out {Interface(header.Out, "*")} {(header.Source.Not ? '!' : ' ')}{Address(header.Source, true)} {(header.Destination.Not ? '!' : ' ')}-> {Address(header.Destination, true)}";
        return text + "  " + Details(rule, true);
    }

    private static void WriteHeader(StringBuilder text, FilterTable table, Chain chain, IptablesRequest request)
    {
        text.Append("Chain ").Append(chain.Name);
        if (chain.Hook is null)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({table.References(chain)} references)\n");
        }
        else
        {
            text.Append(" (policy ").Append(chain.Policy == Verdict.Drop ? "DROP" : "ACCEPT");
            if (request.Verbose)
                text.Append(CultureInfo.InvariantCulture, $" {Count(chain.Counters.Packets, request.Exact).Trim()} packets, {Count(chain.Counters.Bytes, request.Exact).Trim()} bytes");
            text.Append(")\n");
        }
        if (request.LineNumbers)
            text.Append("num  ");
        if (request.Verbose)
            text.Append(request.Exact ? "    pkts      bytes " : " pkts bytes ");
        text.Append("target     prot opt");
        if (request.Verbose)
            text.Append(" in     out   ");
        text.Append(request.Verbose ? "  source               destination         \n" : " source               destination         \n");
    }

    private static void WriteRule(StringBuilder text, Rule rule, int number, IptablesRequest request)
    {
        var header = rule.Header;
        if (request.LineNumbers)
            text.Append(CultureInfo.InvariantCulture, $"{number,-4} ");
        if (request.Verbose)
            text.Append(Count(rule.Counters.Packets, request.Exact)).Append(Count(rule.Counters.Bytes, request.Exact));
        text.Append(CultureInfo.InvariantCulture, $"{Target(rule),-9} {(header.NotProtocol ? '!' : ' ')}{Protocol(header, request.Numeric),-4} {Fragment(header)} ");
        if (request.Verbose)
        {
            var any = request.Numeric ? "*" : "any";
            text.Append(CultureInfo.InvariantCulture, $" {Interface(header.In, any),-6} {Interface(header.Out, any),-6} ");
        }
        text.Append(header.Source.Not ? '!' : ' ').Append(CultureInfo.InvariantCulture, $"{Address(header.Source, request.Numeric),-19} ");
        text.Append(header.Destination.Not ? '!' : ' ').Append(CultureInfo.InvariantCulture, $"{Address(header.Destination, request.Numeric),-19} ");
        text.Append(Details(rule, request.Numeric)).Append('\n');
    }

    private static string Details(Rule rule, bool numeric)
    {
        var text = rule.Target is JumpTarget { Goto: true } ? "[goto] " : "";
        foreach (var match in rule.Matches)
            text += " " + match.List(numeric);
        var options = rule.Target is LogTarget log ? log.List(numeric) : rule.Target?.ListOptions ?? "";
        return options.Length == 0 ? text : text + " " + options;
    }

    private static string Target(Rule rule) => rule.Target?.Name ?? "";

    private static string Protocol(HeaderMatch header, bool numeric) => numeric ? header.Protocol.ToString(CultureInfo.InvariantCulture)
        : header.Protocol == 0 ? "all" : ProtocolNames.Name(header.Protocol);

    private static string Fragment(HeaderMatch header) => header.Fragment ? header.NotFragment ? "!f" : "-f" : "--";

    private static string Interface(InterfaceMatch match, string any) => match.Name is null ? any : (match.Not ? "!" : "") + match.Name;

    private static string Address(AddressMatch match, bool numeric)
    {
        if (match.Mask == 0 && !numeric)
            return "anywhere";
        var text = match.ShortText;
        if (numeric)
            return text;
        return text switch { "127.0.0.1" => "localhost", "127.0.0.0/8" => "loopback/8", _ => text };
    }

    // Five columns, with K, M, G or T where the number would need more; -x shows it whole.
    private static string Count(long number, bool exact)
    {
        if (exact)
            return $"{number,8} ";
        if (number <= 99999)
            return $"{number,5} ";
        foreach (var unit in "KMG")
        {
            number = (number + 500) / 1000;
            if (number <= 9999)
                return $"{number,4}{unit} ";
        }
        return $"{(number + 500) / 1000,4}T ";
    }
}
