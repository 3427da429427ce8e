using System.Collections.Immutable;

namespace KubeLessons.RealCluster.Safety;

/// <summary>
/// Puts the packet filter's rules back that are not Kubernetes' own. Those of kube-proxy, the kubelet and the network plugin come and go
/// with services and pods, and their owners write them again by themselves.
/// </summary>
internal static class IptablesRepair
{
    private static readonly string[] Owners = ["KUBE-", "CNI-", "cali", "FLANNEL", "flannel", "CILIUM", "DOCKER"];

    public static IEnumerable<string> Between(ImmutableArray<string> before, ImmutableArray<string> now)
    {
        var (old, current) = (Tables(before), Tables(now));
        foreach (var (table, chains) in old)
        {
            if (!current.TryGetValue(table, out var present))
            {
                continue;
            }

            foreach (var (chain, content) in chains)
            {
                if (IsOwned(chain))
                {
                    continue;
                }

                var there = present.GetValueOrDefault(chain);
                if (there is null)
                {
                    yield return $"iptables -t {table} -N {chain}";
                }
                else if (there.Policy != content.Policy && content.Policy != "-")
                {
                    yield return $"iptables -t {table} -P {chain} {content.Policy}";
                }

                foreach (var line in Rules(table, chain, content.Rules, there?.Rules ?? []))
                {
                    yield return line;
                }
            }
        }
    }

    private static IEnumerable<string> Rules(string table, string chain, List<string> before, IReadOnlyList<string> now)
    {
        var rules = now.ToList();
        foreach (var extra in now.Where(rule => !IsOwned(rule) && Count(now, rule) > Count(before, rule)).Distinct().ToList())
        {
            rules.Remove(extra);
            yield return $"iptables -t {table} -D {chain} {extra}";
        }

        for (var i = 0; i < before.Count; i++)
        {
            if (IsOwned(before[i]) || Count(rules, before[i]) >= Count(before.Take(i + 1), before[i]))
            {
                continue;
            }

            // Behind the nearest rule that stood before it and still does.
            var at = 0;
            for (var j = i - 1; j >= 0 && at == 0; j--)
            {
                at = rules.LastIndexOf(before[j]) + 1;
            }

            rules.Insert(at, before[i]);
            yield return $"iptables -t {table} -I {chain} {at + 1} {before[i]}";
        }
    }

    private static int Count(IEnumerable<string> rules, string rule) => rules.Count(each => each == rule);

    private static bool IsOwned(string text) => Owners.Any(owner => text.Contains(owner, StringComparison.Ordinal));

    private static Dictionary<string, Dictionary<string, Chain>> Tables(ImmutableArray<string> lines)
    {
        var tables = new Dictionary<string, Dictionary<string, Chain>>(StringComparer.Ordinal);
        Dictionary<string, Chain> chains = [];
        foreach (var line in lines)
        {
            if (line.StartsWith('*'))
            {
                tables[line[1..]] = chains = new(StringComparer.Ordinal);
            }
            else if (line.StartsWith(':') && line[1..].Split(' ') is [var name, var policy, ..])
            {
                chains[name] = new Chain(policy, []);
            }
            else if (line.StartsWith("-A ", StringComparison.Ordinal) && line.Split(' ', 3) is [_, var chain, var rule] && chains.TryGetValue(chain, out var content))
            {
                content.Rules.Add(rule);
            }
        }

        return tables;
    }

    private sealed record Chain(string Policy, List<string> Rules);
}
