using System.Text;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>
/// nslookup as busybox has had it since 1.29 (networking/nslookup.c, FEATURE_NSLOOKUP_BIG). It is not the resolver library: a name
/// without a dot is asked for with every search domain at once, and one with a dot with none, whatever ndots says.
/// </summary>
internal static class BusyboxNslookup
{
    /// <summary>It gives up on a server after this time; it repeats itself within it, which no server can tell.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private const string Usage =
        "BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\n"
        + "Query DNS about HOST\n\nQUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any\n";

    public static IEnumerable<Wait> Main(Process self)
    {
        var (types, operands) = (new List<DnsType>(), new List<string>());
        foreach (var word in self.Arguments.ToArray())
        {
            if (word is not ['-', ..])
            {
                operands.Add(word);
            }
            else if (word.StartsWith("-type=", StringComparison.Ordinal) || word.StartsWith("-q=", StringComparison.Ordinal) || word.StartsWith("-querytype=", StringComparison.Ordinal))
            {
                if (DnsWords.Type(word[(word.IndexOf('=') + 1)..]) is not { } type)
                {
                    self.Error.WriteLine($"nslookup: invalid query type \"{word[(word.IndexOf('=') + 1)..]}\"");
                    self.Exit(1);
                    yield break;
                }

                types.Add(type);
            }
        }

        if (operands.Count is 0 or > 2)
        {
            self.Error.Write(Usage);
            self.Exit(1);
            yield break;
        }

        var settings = ResolverSettings.Read(self.Files);
        if (operands is [_, var server])
        {
            if (NameLookup.Resolve(self, server.Split(':')[0]).Address is not { } address)
            {
                self.Error.WriteLine($"nslookup: bad address '{server}'");
                self.Exit(1);
                yield break;
            }

            settings = settings with { Servers = [address] };
        }

        yield return Wait.Call(Ask(self, settings, [.. Queries(settings, operands[0], types)]));
    }

    private static IEnumerable<(string Name, DnsType Type)> Queries(ResolverSettings settings, string name, List<DnsType> types)
    {
        if (types.Count == 0 && DnsWords.Reverse(name) is { } reverse)
        {
            yield return (reverse, DnsType.Ptr);
            yield break;
        }

        foreach (var type in types.Count == 0 ? [DnsType.A, DnsType.Aaaa] : types)
        {
            if (type == DnsType.Ptr || name.Contains('.') || settings.Search.IsEmpty)
            {
                yield return (type == DnsType.Ptr ? DnsWords.Reverse(name) ?? name : name.TrimEnd('.'), type);
                continue;
            }

            foreach (var domain in settings.Search)
            {
                yield return ($"{name}.{domain.TrimEnd('.')}", type);
            }
        }
    }

    private static IEnumerable<Wait> Ask(Process self, ResolverSettings settings, (string Name, DnsType Type)[] queries)
    {
        foreach (var server in settings.Servers)
        {
            var answers = new DnsAnswer?[queries.Length];
            var (slowest, refused) = (TimeSpan.Zero, (Exchange?)null);
            for (var i = 0; i < queries.Length && refused is null; i++)
            {
                // All are on their way before the first answer is back.
                var exchange = self.Network.Request(server, 53);
                if (exchange.Connection is { Listener.Handler: DnsService service } asked)
                {
                    answers[i] = service.Respond(new DnsQuestion(queries[i].Name.ToLowerInvariant(), queries[i].Type) { Client = asked.ServerRemote }, self.World.Now);
                }
                else if (!DnsProbe.IsSilent(exchange))
                {
                    refused = exchange;
                }

                var took = answers[i] is { } answer ? exchange.Elapsed + answer.Takes : refused is null ? _patience : exchange.Elapsed;
                slowest = took > slowest ? took : slowest;
            }

            yield return Wait.For(slowest);
            if (refused is not null)
            {
                self.Error.WriteLine($"nslookup: write to '{server}': {refused.Error.Message()}");
            }
            else if (Array.TrueForAll(answers, answer => answer is not null))
            {
                Write(self, server, queries, answers!);
                yield break;
            }
        }

        self.Output.Write(";; connection timed out; no servers could be reached\n\n");
        self.Exit(1);
    }

    private static void Write(Process self, Ipv4Address server, (string Name, DnsType Type)[] queries, DnsAnswer[] answers)
    {
        var text = new StringBuilder($"Server:\t\t{server}\nAddress:\t{server}:53\n\n");
        var hasFailed = false;
        for (var i = 0; i < queries.Length; i++)
        {
            hasFailed |= answers[i].Code != DnsCode.NoError;
            text.Append(answers[i] switch
            {
                { Code: not DnsCode.NoError } failed => $"** server can't find {queries[i].Name}: {DnsWords.Code(failed.Code)}\n",
                { Records.IsEmpty: false, IsAuthoritative: false } => "Non-authoritative answer:\n",
                _ => "",
            });
            foreach (var record in answers[i].Records)
            {
                text.Append(Line(record));
            }

            text.Append('\n');
        }

        self.Output.Write(text.ToString());
        self.Exit(hasFailed ? 1 : 0);
    }

    private static string Line(DnsRecord record) => record.Type switch
    {
        DnsType.A or DnsType.Aaaa => $"Name:\t{record.Name}\nAddress: {record.Value}\n",
        DnsType.Cname => $"{record.Name}\tcanonical name = {record.Value}\n",
        DnsType.Ptr => $"{record.Name}\tname = {record.Value}\n",
        DnsType.Srv => $"{record.Name}\tservice = {record.Value}\n",
        _ => $"{record.Name}\ttext = \"{record.Value}\"\n",
    };
}
