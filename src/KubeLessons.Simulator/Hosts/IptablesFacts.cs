using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Writes what a host's iptables hold into the trace: one <c>iptables</c> fact a chain, its value the rules as -S prints them.
/// Whoever changed the tables (the tool, kube-proxy) calls <see cref="Record"/>; only what is new is written.
/// </summary>
public sealed class IptablesFacts(Host host)
{
    private static readonly string[] Tables = ["filter", "nat", "mangle"];

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public void Record()
    {
        var current = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in Tables)
        {
            foreach (var (chain, rules) in Chains(table))
            {
                current[table + "/" + chain] = rules;
            }
        }

        foreach (var (name, rules) in current)
        {
            if (_known.GetValueOrDefault(name) != rules)
            {
                host.World.Trace.RecordFact(host.Name, "iptables", name, rules);
            }
        }

        foreach (var gone in _known.Keys.Where(name => !current.ContainsKey(name)).Order(StringComparer.Ordinal).ToList())
        {
            host.World.Trace.RecordFact(host.Name, "iptables", gone, null);
            _known.Remove(gone);
        }

        foreach (var (name, rules) in current)
        {
            _known[name] = rules;
        }
    }

    private IEnumerable<(string Chain, string Rules)> Chains(string table)
    {
        var texts = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (var line in IptablesCommand.Run(host.Network.Stack, ["-t", table, "-S"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "-P INPUT ACCEPT", "-N CHAIN" and "-A CHAIN …": the second word is the chain.
            var chain = line.Split(' ', 3)[1];
            if (!texts.TryGetValue(chain, out var text))
            {
                texts.Add(chain, text = new StringBuilder());
            }

            text.Append(line).Append('\n');
        }

        // A built-in chain that nobody touched says nothing.
        return texts.Select(entry => (entry.Key, entry.Value.ToString())).Where(entry => !IsUntouched(entry.Item2));
    }

    private static bool IsUntouched(string rules) => rules.StartsWith("-P ", StringComparison.Ordinal) && rules.EndsWith(" ACCEPT\n", StringComparison.Ordinal)
        && rules.IndexOf('\n') == rules.Length - 1;
}
