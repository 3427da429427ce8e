using System.Collections.Immutable;

namespace KubeLessons.Simulator.Clusters.Addons.Dns;

/// <summary>
/// What a Corefile says, as far as it matters here: the cluster's domain, its time to live, how pods are treated, and hosts of its own.
/// </summary>
internal sealed record Corefile(string Text)
{
    private static readonly ImmutableHashSet<string> KnownPlugins =
    [
        "errors", "health", "ready", "kubernetes", "prometheus", "forward", "cache", "loop", "reload", "loadbalance", "log", "hosts", "rewrite",
        "template", "bind", "debug", "acl", "any", "autopath", "bufsize", "chaos", "dns64", "file", "header", "import", "local", "metadata", "minimal", "pprof", "root", "timeouts", "tls", "trace", "whoami", "view", "lameduck",
    ];

    /// <summary>The domain that the kubernetes plugin answers for; null: the plugin is not there.</summary>
    public string? Domain { get; init; }

    public int TtlSeconds { get; init; } = 5;

    /// <summary>pods insecure: <c>10-0-0-1.ns.pod.DOMAIN</c> is answered without a look whether there is such a pod.</summary>
    public bool AnswersForPods { get; init; }

    public bool Forwards { get; init; }

    /// <summary>Reads a Corefile; null with CoreDNS' words when it is none.</summary>
    public static (Corefile? Settings, string? Fault) Parse(string? text, string path)
    {
        if (text is null)
        {
            return (null, $"open {path}: no such file or directory");
        }

        var settings = new Corefile(text);
        var depth = 0;
        var plugin = "";
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words[0] == "}")
            {
                depth--;
                continue;
            }

            if (depth == 1)
            {
                plugin = words[0];
                if (!KnownPlugins.Contains(plugin))
                {
                    return (null, $"{path}:{i + 1} - Error during parsing: Unknown directive '{plugin}'");
                }
            }

            settings = depth == 0 ? settings : settings.With(plugin, depth, words);
            depth += words[^1] == "{" ? 1 : 0;
        }

        return depth == 0 ? (settings, null) : (null, $"{path}:{lines.Length} - Error during parsing: Unexpected EOF");
    }

    private Corefile With(string plugin, int depth, string[] words) => (plugin, depth, words) switch
    {
        ("kubernetes", 1, [_, var domain, ..]) => this with { Domain = domain.TrimEnd('.') },
        ("kubernetes", 2, ["ttl", var seconds]) when int.TryParse(seconds, out var ttl) => this with { TtlSeconds = ttl },
        ("kubernetes", 2, ["pods", var mode]) => this with { AnswersForPods = mode is "insecure" or "verified" },
        ("forward", 1, _) => this with { Forwards = true },
        _ => this,
    };
}
