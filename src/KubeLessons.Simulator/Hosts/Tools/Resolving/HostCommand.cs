using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>host(1) of BIND 9: <c>host [-t TYPE] [-W SECONDS] [-R RETRIES] NAME [SERVER]</c>.</summary>
internal sealed class HostCommand(Process self, BindRelease release)
{
    /// <summary>Two attempts (host.c: tries = 2).</summary>
    private const int DefaultTries = 2;

    private string _asked = "";

    public IEnumerable<Wait> Main()
    {
        var options = CommandOptions.Parse([.. self.Arguments], "t:W:R:p:c:N:m:aAdvrTUs46");
        if (options.Fault is not null || options.Operands is not [var name, ..])
        {
            self.Error.WriteLine("Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]");
            self.Exit(1);
            yield break;
        }

        var type = options.Value('t') is { } word ? DnsWords.Type(word) : DnsType.A;
        if (type is null)
        {
            self.Error.WriteLine($"host: invalid type: {options.Value('t')}\n");
            self.Exit(1);
            yield break;
        }

        IReadOnlyList<Ipv4Address> servers = ResolverSettings.Read(self.Files).Servers;
        if (options.Operands is [_, var named, ..])
        {
            if (NameLookup.Resolve(self, named).Address is not { } address)
            {
                self.Error.WriteLine($"host: couldn't get address for '{named}': not found");
                self.Exit(1);
                yield break;
            }

            servers = [address];
            self.Output.Write($"Using domain server:\nName: {named}\nAddress: {address}#53\nAliases: \n\n");
        }

        var probe = new DnsProbe(self, servers)
        {
            Timeout = TimeSpan.FromSeconds(int.TryParse(options.Value('W'), out var seconds) && seconds > 0 ? seconds : 5),
            Tries = int.TryParse(options.Value('R'), out var tries) && tries > 0 ? tries : DefaultTries,
            Failed = (asked, exchange) => self.Output.Write(release.Complaint(asked, exchange, _asked)),
        };
        yield return Wait.Call(LookUp(probe, name, type.Value, hasType: options.Has('t')));
    }

    private IEnumerable<Wait> LookUp(DnsProbe probe, string name, DnsType type, bool hasType)
    {
        var reverse = DnsWords.Reverse(name);
        var wanted = reverse is null ? type : DnsType.Ptr;
        foreach (var candidate in reverse is null ? ResolverSettings.Read(self.Files).Candidates(name) : [reverse])
        {
            _asked = candidate;
            yield return Wait.Call(probe.Ask(candidate, wanted));
            if (probe.Answer is null or { Code: DnsCode.NoError })
            {
                break;
            }
        }

        if (probe.Answer is not { } answer)
        {
            self.Output.WriteLine(release.GivenUp);
            self.Exit(1);
            yield break;
        }

        if (answer.Code != DnsCode.NoError)
        {
            var number = (int)answer.Code;
            self.Output.WriteLine($"Host {(reverse is null ? name : reverse + ".")} not found: {number}({DnsWords.Code(answer.Code)})");
            self.Exit(1);
            yield break;
        }

        foreach (var record in answer.Records)
        {
            self.Output.WriteLine(Line(record));
        }

        if (answer.Records.IsEmpty && hasType)
        {
            self.Output.WriteLine($"{_asked} has no {DnsWords.Name(wanted)} record");
        }

        if (reverse is null && !hasType && answer.Records is [.., var last])
        {
            // IPv6 addresses and mail servers are asked for, too, and are not there.
            yield return Wait.Call(probe.Ask(last.Name, DnsType.Aaaa));
            yield return Wait.Call(probe.Ask(last.Name, DnsType.Mx));
        }
    }

    private static string Line(DnsRecord record) => record.Type switch
    {
        DnsType.A => $"{record.Name} has address {record.Value}",
        DnsType.Aaaa => $"{record.Name} has IPv6 address {record.Value}",
        DnsType.Cname => $"{record.Name} is an alias for {DnsWords.Data(record)}",
        DnsType.Ptr => $"{record.Name} domain name pointer {DnsWords.Data(record)}",
        DnsType.Srv => $"{record.Name} has SRV record {DnsWords.Data(record)}",
        _ => $"{record.Name} descriptive text {DnsWords.Data(record)}",
    };
}
