using System.Collections.Frozen;
using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>The words of an etcdctl command line: flags in any place, and what is left. A flag that is missing may be in the environment as ETCDCTL_NAME.</summary>
internal sealed class EtcdctlOptions
{
    private static readonly FrozenSet<string> _switches = FrozenSet.ToFrozenSet(
    [
        "prefix", "keys-only", "print-value-only", "from-key", "count-only", "cluster", "debug", "hex", "insecure-skip-tls-verify",
        "insecure-transport", "insecure-discovery", "help", "skip-hash-check", "prev-kv", "ignore-value", "ignore-lease", "bump-revision",
    ]);

    private static readonly FrozenSet<string> _values = FrozenSet.ToFrozenSet(
    [
        "endpoints", "cacert", "cert", "key", "write-out", "command-timeout", "dial-timeout", "user", "password", "limit", "rev", "order",
        "sort-by", "consistency", "data-dir", "name", "initial-cluster", "initial-cluster-token", "initial-advertise-peer-urls", "wal-dir",
        "keepalive-time", "keepalive-timeout", "discovery-srv", "lease",
    ]);

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly Process _self;

    private EtcdctlOptions(Process self) => _self = self;

    /// <summary>The words that are no flags: the command and its operands.</summary>
    public List<string> Words { get; } = [];

    /// <summary>What cobra says about a flag that is none; null: all are known.</summary>
    public string? Fault { get; private set; }

    public static EtcdctlOptions Read(Process self)
    {
        var options = new EtcdctlOptions(self);
        var words = self.Arguments.ToArray();
        for (var i = 0; i < words.Length && options.Fault is null; i++)
        {
            if (words[i] is not ['-', _, ..])
            {
                options.Words.Add(words[i]);
                continue;
            }

            var word = words[i].StartsWith("--", StringComparison.Ordinal) ? words[i][2..] : words[i][1..] switch { "w" => "write-out", "h" => "help", "d" => "discovery-srv", var other => other };
            var equals = word.IndexOf('=');
            var name = equals < 0 ? word : word[..equals];
            if (_switches.Contains(name))
            {
                options._given[name] = equals < 0 ? "true" : word[(equals + 1)..];
            }
            else if (!_values.Contains(name))
            {
                options.Fault = words[i].StartsWith("--", StringComparison.Ordinal) ? $"unknown flag: --{name}" : $"unknown shorthand flag: '{name[0]}' in {words[i]}";
            }
            else if (equals < 0 && i + 1 >= words.Length)
            {
                options.Fault = $"flag needs an argument: --{name}";
            }
            else
            {
                options._given[name] = equals < 0 ? words[++i] : word[(equals + 1)..];
            }
        }

        return options;
    }

    /// <summary>A flag's value, given or from the environment; null: neither.</summary>
    public string? Value(string name) => _given.GetValueOrDefault(name)
        ?? (_self.Environment.GetValueOrDefault("ETCDCTL_" + name.Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } kept ? kept : null);

    public bool Has(string name) => Value(name) is "true" or "1";

    public long Number(string name) => long.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Go's durations, as far as they are used here: seconds, minutes or milliseconds.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        var text = Value(name) ?? "";
        return text.EndsWith("ms", StringComparison.Ordinal) && double.TryParse(text[..^2], CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds)
            : text.EndsWith('s') && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : text.EndsWith('m') && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var minutes) ? TimeSpan.FromMinutes(minutes)
            : otherwise;
    }
}
