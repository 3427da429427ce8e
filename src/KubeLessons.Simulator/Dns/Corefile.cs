using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Simulator.Dns;

/// <summary>One directive of a server block: its words, and the lines of its own block.</summary>
internal sealed record CorefilePlugin(string Name, ImmutableArray<string> Arguments, ImmutableArray<ImmutableArray<string>> Options, int Line)
{
    /// <summary>The words after an option's name; null when the option is not given.</summary>
    public ImmutableArray<string>? Option(string name)
    {
        foreach (var option in Options)
        {
            if (option[0] == name)
            {
                return option.RemoveAt(0);
            }
        }

        return null;
    }

    /// <summary>A number: the first word after an option's name.</summary>
    public int Number(string option, int otherwise) =>
        Option(option) is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

/// <summary>One server block: the zones that it answers for (without their dots at the end, the root being ""), and its plugins.</summary>
internal sealed record ServerBlock(ImmutableArray<string> Zones, int Port, ImmutableArray<CorefilePlugin> Plugins)
{
    public CorefilePlugin? Find(string plugin)
    {
        foreach (var each in Plugins)
        {
            if (each.Name == plugin)
            {
                return each;
            }
        }

        return null;
    }
}

/// <summary>CoreDNS' configuration file (coredns.io/manual/configuration).</summary>
internal sealed record Corefile(ImmutableArray<ServerBlock> Blocks)
{
    /// <summary>The plugins that a release of CoreDNS contains (plugin.cfg). Any other word is an error.</summary>
    private static readonly ImmutableHashSet<string> KnownPlugins =
    [
        "root", "metadata", "geoip", "cancel", "tls", "quic", "timeouts", "multisocket", "reload", "nsid", "bufsize", "bind", "debug", "trace", "ready",
        "health", "pprof", "prometheus", "errors", "log", "dnstap", "local", "dns64", "acl", "any", "chaos", "loadbalance", "tsig", "cache", "rewrite",
        "header", "dnssec", "autopath", "minimal", "template", "transfer", "hosts", "route53", "azure", "clouddns", "k8s_external", "kubernetes", "file",
        "auto", "secondary", "etcd", "loop", "forward", "grpc", "erratic", "whoami", "on", "sign", "view", "nomad",
    ];

    /// <summary>Reads a file; or says in CoreDNS' words what is wrong with it.</summary>
    public static (Corefile? File, string? Error) Parse(string path, string text)
    {
        var lines = Words(text);
        var blocks = ImmutableArray.CreateBuilder<ServerBlock>();
        var at = 0;
        while (at < lines.Count)
        {
            var (words, number) = lines[at++];
            if (words is not [.., "{"])
            {
                return (null, $"{path}:{number} - Error during parsing: Unexpected token '{words[^1]}', expecting '{{'");
            }

            var (plugins, error) = ReadPlugins(path, lines, ref at);
            if (error is not null)
            {
                return (null, error);
            }

            blocks.Add(BlockOf(words[..^1], plugins));
        }

        return (new Corefile(blocks.ToImmutable()), null);
    }

    private static (ImmutableArray<CorefilePlugin> Plugins, string? Error) ReadPlugins(string path, List<(List<string> Words, int Number)> lines, ref int at)
    {
        var plugins = ImmutableArray.CreateBuilder<CorefilePlugin>();
        while (at < lines.Count)
        {
            var (words, number) = lines[at++];
            if (words is ["}"])
            {
                return (plugins.ToImmutable(), null);
            }

            if (!KnownPlugins.Contains(words[0]))
            {
                return ([], $"{path}:{number} - Error during parsing: Unknown directive '{words[0]}'");
            }

            var options = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
            if (words[^1] == "{")
            {
                while (at < lines.Count && lines[at].Words is not ["}"])
                {
                    options.Add([.. lines[at++].Words]);
                }

                if (at++ >= lines.Count)
                {
                    break;
                }
            }

            var arguments = words.Skip(1).Where(static word => word != "{");
            plugins.Add(new CorefilePlugin(words[0], [.. arguments], options.ToImmutable(), number));
        }

        return ([], $"{path}:{(lines.Count > 0 ? lines[^1].Number : 1)} - Error during parsing: Unexpected EOF, expecting '}}'");
    }

    private static ServerBlock BlockOf(List<string> keys, ImmutableArray<CorefilePlugin> plugins)
    {
        var zones = ImmutableArray.CreateBuilder<string>();
        var port = 53;
        foreach (var key in keys)
        {
            var zone = key.TrimEnd(',');
            zone = zone[(zone.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)..];
            if (zone.LastIndexOf(':') is >= 0 and var colon && int.TryParse(zone.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                (zone, port) = (zone[..colon], number);
            }

            zones.Add(zone.TrimEnd('.').ToLowerInvariant());
        }

        return new ServerBlock(zones.ToImmutable(), port, plugins);
    }

    // Lines of words, without comments and empty lines.
    private static List<(List<string> Words, int Number)> Words(string text)
    {
        var lines = new List<(List<string>, int)>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = new List<string>();
            foreach (var word in line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (word[0] == '#')
                {
                    break;
                }

                words.Add(word.Trim('"'));
            }

            if (words.Count > 0)
            {
                lines.Add((words, number));
            }
        }

        return lines;
    }
}
