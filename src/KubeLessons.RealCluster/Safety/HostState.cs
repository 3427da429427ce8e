using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace KubeLessons.RealCluster.Safety;

/// <summary>What a node is like, as far as a lesson can change it and it can be put back.</summary>
/// <param name="Units">systemd's ActiveState of services and sockets.</param>
/// <param name="UnitFiles">Whether units are enabled, disabled or masked.</param>
/// <param name="Modules">The loaded kernel modules.</param>
/// <param name="Sysctls">The kernel's settings.</param>
/// <param name="Iptables">What iptables-save prints, without counters.</param>
/// <param name="Links">The network interfaces that are up.</param>
/// <param name="Routes">The routes of the main table.</param>
internal sealed record HostState(
    ImmutableSortedDictionary<string, string> Units,
    ImmutableSortedDictionary<string, string> UnitFiles,
    ImmutableSortedSet<string> Modules,
    ImmutableSortedDictionary<string, string> Sysctls,
    ImmutableArray<string> Iptables,
    ImmutableSortedSet<string> Links,
    ImmutableSortedSet<string> Routes)
{
    /// <summary>Reads it all on a node.</summary>
    public const string Script =
        """
        echo '@units'; systemctl list-units --all --type=service,socket --no-legend --plain --no-pager 2>/dev/null | awk '{print $1 "\t" $3}'
        echo '@unitfiles'; systemctl list-unit-files --type=service,socket --no-legend --no-pager 2>/dev/null | awk '{print $1 "\t" $2}'
        echo '@modules'; cut -d' ' -f1 /proc/modules 2>/dev/null
        echo '@sysctls'; grep -s -H -m1 '' /proc/sys/net/bridge/* /proc/sys/net/ipv4/* /proc/sys/net/ipv4/conf/all/* /proc/sys/net/ipv4/conf/default/* \
          /proc/sys/net/core/* /proc/sys/net/netfilter/* /proc/sys/vm/* /proc/sys/kernel/* /proc/sys/fs/* 2>/dev/null | sed 's|^/proc/sys/||; s|^\([^:]*\):|\1\t|' |
          awk -F'\t' '{gsub("/", ".", $1); print $1 "\t" $2}'
        echo '@iptables'; iptables-save 2>/dev/null | grep -v '^#' | sed 's/ \[[0-9]*:[0-9]*\]$//'
        echo '@links'; ip -o link show up 2>/dev/null | awk -F': ' '{print $2}' | sed 's/@.*//'
        echo '@routes'; ip route show 2>/dev/null | sed 's/ *$//'
        echo '@end'
        """;

    /// <summary>What the script printed; null when it did not come to its end.</summary>
    public static HostState? Parse(string? printed)
    {
        if (printed is null || !("\n" + printed).Contains("\n@end\n", StringComparison.Ordinal))
        {
            return null;
        }

        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> current = [];
        foreach (var line in printed.Split('\n'))
        {
            if (line == "@end")
            {
                break;
            }

            if (line.StartsWith('@'))
            {
                sections[line[1..].Trim()] = current = [];
            }
            else if (line.Length > 0)
            {
                current.Add(line);
            }
        }

        ImmutableSortedDictionary<string, string> Pairs(string section)
        {
            var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var parts in sections[section].Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2))
            {
                pairs[parts[0]] = parts[1];
            }

            return pairs.ToImmutable();
        }

        ImmutableSortedSet<string> Lines(string section) => sections[section].ToImmutableSortedSet(StringComparer.Ordinal);
        return new HostState(
            Pairs("units"), Pairs("unitfiles"), Lines("modules"), Pairs("sysctls"), [.. sections["iptables"]], Lines("links"), Lines("routes"));
    }

    public JsonObject ToJson() => new()
    {
        ["units"] = Map(Units),
        ["unitFiles"] = Map(UnitFiles),
        ["modules"] = List(Modules),
        ["sysctls"] = Map(Sysctls),
        ["iptables"] = List(Iptables),
        ["links"] = List(Links),
        ["routes"] = List(Routes),
    };

    public static HostState FromJson(JsonObject json)
    {
        ImmutableSortedDictionary<string, string> Map(string name) =>
            json[name]!.AsObject().ToImmutableSortedDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal);
        IEnumerable<string> List(string name) => json[name]!.AsArray().Select(item => (string)item!);
        return new HostState(
            Map("units"),
            Map("unitFiles"),
            List("modules").ToImmutableSortedSet(StringComparer.Ordinal),
            Map("sysctls"),
            [.. List("iptables")],
            List("links").ToImmutableSortedSet(StringComparer.Ordinal),
            List("routes").ToImmutableSortedSet(StringComparer.Ordinal));
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var map = new JsonObject();
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map;
    }

    private static JsonArray List(IEnumerable<string> items) => [.. items.Select(item => (JsonNode?)JsonValue.Create(item))];
}
