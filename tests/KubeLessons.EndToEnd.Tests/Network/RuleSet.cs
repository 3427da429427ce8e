using System.Globalization;
using System.Text;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>A random set of rules for the router, as input for iptables-restore: the same seed gives the same rules.</summary>
internal sealed class RuleSet
{
    /// <summary>Input that empties every table.</summary>
    public const string Empty = """
        *raw
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        COMMIT
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        COMMIT
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        COMMIT
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        COMMIT

        """;

    private static readonly string[] Addresses =
        ["10.1.0.2", "10.1.0.1", "10.2.0.1", "10.2.0.2", "10.2.0.3", Topology.ServiceAddress, "10.1.0.0/24", "10.2.0.0/24", "10.0.0.0/8", "127.0.0.0/8", "10.2.0.2/31"];

    private readonly Random random;
    private readonly StringBuilder text = new();

    public RuleSet(int seed)
    {
        Seed = seed;
        random = new(seed);
        FiltersBridged = random.Next(2) == 0;
        if (random.Next(5) == 0)
            Table("raw", ["PREROUTING", "OUTPUT"], 1);
        if (random.Next(3) == 0)
            Table("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], 2);
        Table("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], 7);
        Table("filter", ["INPUT", "FORWARD", "OUTPUT"], 7);
        Probes = [.. Enumerable.Range(0, 8).Select(_ => NextProbe())];
    }

    public int Seed { get; }

    public bool FiltersBridged { get; }

    public string Text => text.ToString();

    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>Whether a rule chooses ports at random, so that they cannot be compared.</summary>
    public bool ChoosesPorts { get; private set; }

    private Probe NextProbe()
    {
        var from = Pick(Topology.Hosts);
        var targets = new List<string> { "10.1.0.2", "10.1.0.1", "10.2.0.1", "10.2.0.2", "10.2.0.3", Topology.ServiceAddress, Topology.ServiceAddress };
        if (from == "r")
            targets.Add("127.0.0.1");
        var protocol = random.Next(6) switch { 0 => Simulator.Network.Protocol.Icmp, 1 or 2 => Simulator.Network.Protocol.Udp, _ => Simulator.Network.Protocol.Tcp };
        return new(from, Pick(targets), Pick([80, 80, 8080, 81]), protocol);
    }

    private void Table(string name, string[] hooks, int rules)
    {
        string[] own = name is "nat" or "filter" ? ["ONE", "TWO"] : [];
        text.Append(CultureInfo.InvariantCulture, $"*{name}\n");
        foreach (var hook in hooks)
            text.Append(CultureInfo.InvariantCulture, $":{hook} {(name == "filter" && random.Next(8) == 0 ? "DROP" : "ACCEPT")} [0:0]\n");
        foreach (var chain in own)
            text.Append(CultureInfo.InvariantCulture, $":{chain} - [0:0]\n");
        for (var count = random.Next(1, rules + 1); count > 0; count--)
        {
            var chain = Pick(hooks);
            Rule(name, chain, own.Length > 0 && random.Next(3) == 0 ? Jump(Pick(own)) : Target(name, chain));
        }
        // A jump only leads to a later chain, and a chain of one's own holds no target that depends on the hook.
        foreach (var chain in own)
        {
            for (var count = random.Next(3); count > 0; count--)
                Rule(name, chain, chain == "ONE" && random.Next(3) == 0 ? Jump("TWO") : Target(name, ""));
        }
        text.Append("COMMIT\n");
    }

    private string Jump(string chain) => (random.Next(5) == 0 ? "-g " : "-j ") + chain;

    private void Rule(string table, string chain, string target)
    {
        var words = new List<string> { "-A", chain };
        var protocol = "";
        if (random.Next(3) > 0 || target.Contains("tcp-reset", StringComparison.Ordinal) || target.Contains(':'))
            protocol = target.Contains("tcp-reset", StringComparison.Ordinal) ? "tcp" : Pick(["tcp", "tcp", "udp"]);
        else if (random.Next(5) == 0)
            protocol = "icmp";
        if (protocol.Length > 0)
            words.Add($"-p {protocol}");
        if (random.Next(2) == 0)
            words.Add($"{Not()}-d {Pick(Addresses)}");
        if (random.Next(4) == 0)
            words.Add($"{Not()}-s {Pick(Addresses)}");
        if (random.Next(5) == 0 && chain is "PREROUTING" or "INPUT" or "FORWARD")
            words.Add($"{Not()}-i {Pick(["c0", "br0", "lo", "s+", "c+"])}");
        if (random.Next(5) == 0 && chain is "POSTROUTING" or "OUTPUT" or "FORWARD")
            words.Add($"{Not()}-o {Pick(["c0", "br0", "lo", "b+"])}");
        for (var count = random.Next(3); count > 0; count--)
            words.Add(Match(table, protocol));
        words.Add(target);
        text.Append(string.Join(' ', words)).Append('\n');
    }

    private string Match(string table, string protocol)
    {
        var hasPorts = protocol is "tcp" or "udp";
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when hasPorts:
                return $"-m {protocol} {Not()}--dport {Pick(["80", "8080", "81", "80:81", "1024:"])}";
            case 3 when hasPorts:
                return $"-m multiport {Not()}--dports {Pick(["80,8080", "81", "79:82,8080", "1000:65535"])}";
            case 4 when hasPorts:
                return $"-m {protocol} {Not()}--sport {Pick(["1024:", ":1023", "80", "8080"])}";
            case 4 when protocol == "icmp":
                return $"-m icmp {Not()}--icmp-type {Pick(["echo-request", "echo-reply", "3", "any"])}";
            case 5 or 6 when table != "raw":
                return $"-m conntrack {Not()}--ctstate {Pick(["NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "NEW,RELATED", "DNAT", "SNAT"])}";
            case 7:
                return $"-m mark {Not()}--mark {Pick(["0x1/0x1", "0x2", "0x0/0x3"])}";
            case 8:
                return $"-m addrtype {Not()}{Pick(["--dst-type LOCAL", "--src-type LOCAL", "--dst-type UNICAST", "--src-type LOCAL,UNICAST"])}";
            case 9:
                return $"-m statistic --mode nth {Not()}{Pick(["--every 2 --packet 0", "--every 3 --packet 1", "--every 2 --packet 1"])}";
            case 10:
                return $"-m recent {Not()}{Pick(["--set", "--rcheck --seconds 600", "--update --seconds 600 --hitcount 2", "--rcheck", "--remove"])} --name {Pick(["A", "B"])} {Pick(["--rsource", "--rdest"])}";
            case 11:
                return $"-m iprange {Not()}--dst-range {Pick(["10.2.0.2-10.2.0.3", "10.0.0.0-10.1.255.255", "10.9.0.1-10.9.0.9"])}";
            default:
                return table == "filter" && random.Next(3) == 0 ? $"-m physdev {Not()}--physdev-is-bridged" : "-m comment --comment \"no condition\"";
        }
    }

    private string Target(string table, string chain)
    {
        if (random.Next(6) == 0)
            return "-j MARK " + Pick(["--set-xmark 0x1/0x1", "--or-mark 0x2", "--and-mark 0xfffffffe", "--xor-mark 0x3", "--set-mark 0x2"]);
        if (random.Next(8) == 0)
            return "-j RETURN";
        switch (table)
        {
            case "raw":
                return random.Next(2) == 0 ? "-j NOTRACK" : "-j ACCEPT";
            case "nat" when chain is "PREROUTING" or "OUTPUT":
                if (random.Next(6) == 0)
                    return Pick(["-j REDIRECT", "-j REDIRECT --to-ports 8080 -p tcp"]).Replace(" -p tcp", "", StringComparison.Ordinal) is var redirect && redirect.EndsWith("8080", StringComparison.Ordinal)
                        ? "-j DNAT --to-destination :8080" : redirect;
                return "-j DNAT --to-destination " + Pick(["10.2.0.2", "10.2.0.3", "10.1.0.2", "10.2.0.1"]) + Pick(["", ":80", ":8080", ":80-90"]);
            case "nat" when chain is "POSTROUTING":
                return Pick(["-j MASQUERADE", "-j MASQUERADE", Random("-j MASQUERADE --random-fully"), "-j SNAT --to-source 10.2.0.1", Random("-j SNAT --to-source 10.1.0.1:3000-3999")]);
            case "nat" when chain is "INPUT":
                return "-j SNAT --to-source 10.1.0.77";
            case "filter":
                return Pick(["-j ACCEPT", "-j ACCEPT", "-j DROP", "-j REJECT", "-j REJECT --reject-with tcp-reset", "-j REJECT --reject-with icmp-host-unreachable",
                    "-j REJECT --reject-with icmp-admin-prohibited", "-j REJECT --reject-with icmp-net-unreachable", "-j REJECT --reject-with icmp-proto-unreachable"]);
            default:
                return table == "mangle" && random.Next(4) == 0 ? "-j DROP" : "-j ACCEPT";
        }
    }

    private string Random(string target)
    {
        ChoosesPorts = true;
        return target;
    }

    private string Not() => random.Next(5) == 0 ? "! " : "";

    private string Pick(IReadOnlyList<string> choices) => choices[random.Next(choices.Count)];

    private int Pick(IReadOnlyList<int> choices) => choices[random.Next(choices.Count)];
}
