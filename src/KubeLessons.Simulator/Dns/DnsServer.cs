using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Dns;

/// <summary>
/// One server block at work: the plugins that it lists, asked in CoreDNS' fixed order (plugin.cfg), whatever their order in the file.
/// Plugins that change nothing about an answer of the simulated world are accepted and do nothing.
/// </summary>
internal sealed class DnsServer
{
    /// <summary>What looking into its own memory takes.</summary>
    private static readonly TimeSpan _ownTime = TimeSpan.FromMicroseconds(120);

    /// <summary>An alias that leads to an alias is followed this often (pkg/upstream keeps no count; CoreDNS stops at 8).</summary>
    private const int MaxAliases = 8;

    private readonly ServerBlock _block;
    private readonly Process _self;
    private readonly SeededRandom _random;
    private readonly ImmutableArray<NameRewrite> _rewrites;
    private readonly HostsTable? _hosts;
    private readonly AnswerCache? _cache;
    private readonly bool _logsErrors;

    public DnsServer(Process self, ServerBlock block, ClusterNames? cluster, SeededRandom random)
    {
        (_self, _block, Cluster, _random) = (self, block, cluster, random);
        _rewrites = NameRewrite.Of(block);
        _hosts = block.Find("hosts") is { } hosts ? new HostsTable(self, hosts) : null;
        _cache = block.Find("cache") is { } cache ? new AnswerCache(cache) : null;
        Forward = block.Find("forward") is { } forward ? new Forwarder(self, forward) : null;
        _logsErrors = block.Find("errors") is not null;
    }

    public ServerBlock Block => _block;

    public ClusterNames? Cluster { get; }

    public Forwarder? Forward { get; }

    /// <summary>Answers given so far, by their code, for the metrics.</summary>
    public SortedDictionary<DnsCode, long> Served { get; } = [];

    public DnsAnswer Respond(DnsQuestion question, TimeSpan now)
    {
        string? failure = null;
        var answer = Resolve(question, now, reason => failure = reason, 0);
        if (answer.Takes < _ownTime)
        {
            answer = answer with { Takes = _ownTime };
        }

        if (_block.Find("loadbalance") is not null)
        {
            answer = answer with { Records = Shuffled(answer.Records) };
        }

        Served[answer.Code] = Served.GetValueOrDefault(answer.Code) + 1;
        if (failure is not null && _logsErrors)
        {
            _self.Output.WriteLine($"[ERROR] plugin/errors: 2 {question.Name}. {QueryLog.TypeName(question.Type)}: {failure}");
        }

        if (_block.Find("log") is not null)
        {
            _self.Output.WriteLine(QueryLog.Line(question, answer, failure is not null, _random.Next(65536)));
        }

        return answer;
    }

    private DnsAnswer Resolve(DnsQuestion question, TimeSpan now, Action<string> failed, int depth)
    {
        if (_cache?.Find(question, now) is { } kept)
        {
            return kept;
        }

        var answer = Rewritten(question, now, failed, depth);
        _cache?.Keep(question, answer, now);
        return answer;
    }

    private DnsAnswer Rewritten(DnsQuestion question, TimeSpan now, Action<string> failed, int depth)
    {
        foreach (var rewrite in _rewrites)
        {
            if (rewrite.Apply(question.Name) is { } other)
            {
                return NameRewrite.Restore(Ask(question with { Name = other }, now, failed, depth), other, question.Name);
            }
        }

        return Ask(question, now, failed, depth);
    }

    private DnsAnswer Ask(DnsQuestion question, TimeSpan now, Action<string> failed, int depth)
    {
        var answer = _hosts?.Answer(question)
            ?? WithTarget(question, Cluster?.Answer(question), now, depth)
            ?? Forward?.Answer(question, now, failed);
        return answer ?? NoPlugin(failed);
    }

    private static DnsAnswer NoPlugin(Action<string> failed)
    {
        failed("plugin/forward: no next plugin found");
        return new DnsAnswer(DnsCode.ServerFailure, []);
    }

    // An ExternalName is an alias; what it stands for is looked up by the same server and comes along.
    private DnsAnswer? WithTarget(DnsQuestion question, DnsAnswer? answer, TimeSpan now, int depth)
    {
        if (answer?.Records is not [{ Type: DnsType.Cname } alias] || question.Type == DnsType.Cname || depth >= MaxAliases)
        {
            return answer;
        }

        var target = Resolve(question with { Name = alias.Value.ToLowerInvariant() }, now, static _ => { }, depth + 1);
        return answer with { Records = answer.Records.AddRange(target.Records), Takes = target.Takes };
    }

    // The loadbalance plugin: aliases first, addresses in another order each time.
    private ImmutableArray<DnsRecord> Shuffled(ImmutableArray<DnsRecord> records)
    {
        var addresses = records.Where(static record => record.Type == DnsType.A).ToArray();
        if (addresses.Length < 2)
        {
            return records;
        }

        for (var last = addresses.Length - 1; last > 0; last--)
        {
            var other = _random.Next(last + 1);
            (addresses[last], addresses[other]) = (addresses[other], addresses[last]);
        }

        return [.. records.Where(static record => record.Type != DnsType.A), .. addresses];
    }
}
