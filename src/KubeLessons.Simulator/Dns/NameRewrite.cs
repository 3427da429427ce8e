using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Dns;

/// <summary>CoreDNS' rewrite plugin, for names: another name is looked up than was asked for, and the answer carries the one that was.</summary>
internal sealed record NameRewrite(string Kind, string From, string To)
{
    /// <summary>Reads <c>rewrite [stop|continue] name [exact|prefix|suffix|substring] FROM TO</c>; null for every other form.</summary>
    public static NameRewrite? Read(CorefilePlugin plugin)
    {
        var words = plugin.Arguments is ["stop" or "continue", ..] ? plugin.Arguments.RemoveAt(0) : plugin.Arguments;
        return words switch
        {
            ["name", ("exact" or "prefix" or "suffix" or "substring") and var kind, var from, var to, ..] => new NameRewrite(kind, Plain(from), Plain(to)),
            ["name", var from, var to] => new NameRewrite("exact", Plain(from), Plain(to)),
            _ => null,
        };
    }

    /// <summary>The name that is looked up instead; null: this rule does not concern it.</summary>
    public string? Apply(string name) => Kind switch
    {
        "exact" => name == From ? To : null,
        "prefix" => name.StartsWith(From, StringComparison.Ordinal) ? To + name[From.Length..] : null,
        "suffix" => name.EndsWith(From, StringComparison.Ordinal) ? name[..^From.Length] + To : null,
        _ => name.Contains(From, StringComparison.Ordinal) ? name.Replace(From, To, StringComparison.Ordinal) : null,
    };

    /// <summary>The answer with the name that was asked for.</summary>
    public static DnsAnswer Restore(DnsAnswer answer, string looked, string asked) => answer with
    {
        Records = [.. answer.Records.Select(record => record.Name == looked ? record with { Name = asked } : record)],
    };

    private static string Plain(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>The rules of a server block, in their order.</summary>
    public static ImmutableArray<NameRewrite> Of(ServerBlock block) =>
        [.. block.Plugins.Where(static plugin => plugin.Name == "rewrite").Select(Read).OfType<NameRewrite>()];
}
