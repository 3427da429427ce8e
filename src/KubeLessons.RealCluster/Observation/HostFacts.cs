using System.Collections.Immutable;
using System.Text;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Observation;

/// <summary>
/// Reads the facts of nodes that checks ask for, at the moments at which they need them: after each command, and once a second while
/// something is awaited. One look at a node reads all its facts together.
/// </summary>
internal sealed class HostFacts(NodeShell shell, ImmutableSortedSet<FactName> asked, ChangeRecord record)
{
    private readonly Dictionary<FactId, string> _known = [];
    private const string Container = "container";
    private readonly string _script = Script(asked);
    private readonly ContainerReader _containers = new(shell);
    private readonly bool _asksContainers = asked.Any(fact => fact.Noun == Container);
    private readonly bool _asksOther = asked.Any(fact => fact.Noun != Container);

    /// <summary>Whether any fact is asked for.</summary>
    public bool IsAny => !asked.IsEmpty;

    /// <summary>Reads the nodes' facts (lesson's name, address) and records what is new. A node that cannot be reached keeps its last facts.</summary>
    public async Task ReadAsync(IEnumerable<(string Name, string Address)> nodes, CancellationToken cancellation)
    {
        if (!IsAny)
        {
            return;
        }

        await Task.WhenAll(nodes.Select(async node =>
        {
            var containers = _asksContainers ? _containers.ReadAsync(node.Address, cancellation) : null;
            var printed = _asksOther ? shell.LookAsync(node.Address, _script, cancellation) : null;
            if (printed is not null && await printed.ConfigureAwait(false) is { } facts)
            {
                Take(node.Name, Parse(facts), noun => noun != Container);
            }

            if (containers is not null && await containers.ConfigureAwait(false) is { } found)
            {
                Take(node.Name, found.Select(each => (Container, each.Key, each.Value)), noun => noun == Container);
            }
        })).ConfigureAwait(false);
    }

    /// <summary>The facts in what the script printed: a line for each, of noun, name and value, the last in base64.</summary>
    internal static IEnumerable<(string Noun, string Name, string Value)> Parse(string printed)
    {
        foreach (var line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('\t') is [var noun, var name, var value])
            {
                yield return (noun, name, value.StartsWith('=') ? value[1..] : Encoding.UTF8.GetString(Convert.FromBase64String(value)));
            }
        }
    }

    internal static string Script(IEnumerable<FactName> asked)
    {
        var script = new StringBuilder("b64() { base64 | tr -d '\\n'; }\n");
        foreach (var noun in asked.GroupBy(fact => fact.Noun))
        {
            var names = noun.Select(fact => SshAccess.Quote(fact.Name)).ToList();
            script.Append(noun.Key switch
            {
                // A unit that systemd does not know has no state.
                "unit" => $"for u in {string.Join(' ', names)}; do s=$(systemctl is-active \"$u\" 2>/dev/null); "
                    + "[ -n \"$s\" ] && systemctl cat \"$u\" >/dev/null 2>&1 && printf 'unit\\t%s\\t=%s\\n' \"$u\" \"$s\"; done\n",
                // What is built into the kernel is there without being loaded.
                "module" => $"for m in {string.Join(' ', names)}; do if [ -d \"/sys/module/$m\" ] || grep -q \"^$m \" /proc/modules 2>/dev/null"
                    + " || grep -q \"/$m\\.ko\" \"/lib/modules/$(uname -r)/modules.builtin\" 2>/dev/null; then printf 'module\\t%s\\t=loaded\\n' \"$m\"; fi; done\n",
                "sysctl" => $"for k in {string.Join(' ', names)}; do v=$(sysctl -n \"$k\" 2>/dev/null) && printf 'sysctl\\t%s\\t=%s\\n' \"$k\" \"$v\"; done\n",
                "iptables" => string.Concat(noun.Select(fact => Chain(fact.Name))),
                "file" => $"for f in {string.Join(' ', names)}; do [ -e \"$f\" ] && printf 'file\\t%s\\t%s\\n' \"$f\" \"$(head -c 65536 \"$f\" 2>/dev/null | b64)\"; done\n",
                _ => "",
            });
        }

        return script.Append("true\n").ToString();
    }

    private static string Chain(string name)
    {
        var (table, chain) = (name.Split('/')[0], name[(name.IndexOf('/') + 1)..]);
        return $"r=$(iptables-save -t {SshAccess.Quote(table)} 2>/dev/null); if printf '%s\\n' \"$r\" | grep -q '^:{chain} '; then "
            + $"printf 'iptables\\t%s\\t%s\\n' '{name}' \"$(printf '%s\\n' \"$r\" | grep -e '^-A {chain} ' | b64)\"; fi\n";
    }

    private void Take(string node, IEnumerable<(string Noun, string Name, string Value)> facts, Func<string, bool> isOfThese)
    {
        lock (_known)
        {
            var seen = facts.ToDictionary(fact => new FactId(node, fact.Noun, fact.Name), fact => fact.Value);
            foreach (var gone in _known.Keys.Where(id => id.Node == node && isOfThese(id.Noun) && !seen.ContainsKey(id)).ToList())
            {
                _known.Remove(gone);
                record.Add(at => new FactChange(at, gone, null));
            }

            foreach (var (id, value) in seen)
            {
                if (!_known.TryGetValue(id, out var known) || known != value)
                {
                    _known[id] = value;
                    record.Add(at => new FactChange(at, id, value));
                }
            }
        }
    }
}
