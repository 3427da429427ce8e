using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>nslookup(1) of BIND 9, in its one-line form: <c>nslookup [-option…] NAME [SERVER]</c>.</summary>
internal sealed class Nslookup(Process self, BindRelease release)
{
    private DnsType? _type;
    private int _port = 53;
    private TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private int _tries = 3;
    private string _asked = "";
    private bool _hasServerLines;

    public IEnumerable<Wait> Main()
    {
        var operands = new List<string>();
        foreach (var word in self.Arguments.ToArray())
        {
            if (word is ['-', _, ..])
            {
                Option(word[1..]);
            }
            else
            {
                operands.Add(word);
            }
        }

        if (operands is not [var name, ..])
        {
            // Without a name it would ask for commands; there is nobody at the terminal.
            self.Exit(0);
            yield break;
        }

        IReadOnlyList<Ipv4Address> servers = ResolverSettings.Read(self.Files).Servers;
        if (operands is [_, var named, ..])
        {
            if (NameLookup.Resolve(self, named).Address is not { } address)
            {
                self.Error.WriteLine($"nslookup: couldn't get address for '{named}': not found");
                self.Exit(1);
                yield break;
            }

            servers = [address];
        }

        var probe = new DnsProbe(self, servers)
        {
            Port = _port,
            Timeout = _timeout,
            Tries = _tries,
            Failed = (asked, exchange) => self.Output.Write(release.Complaint(asked, exchange, _asked)),
        };
        yield return Wait.Call(LookUp(probe, name));
    }

    private void Option(string option)
    {
        var equals = option.IndexOf('=');
        var (name, value) = equals < 0 ? (option, "") : (option[..equals], option[(equals + 1)..]);
        switch (name)
        {
            case "type" or "query" or "querytype" or "q" or "ty":
                _type = DnsWords.Type(value);
                self.Output.Write(_type is null && !value.Equals("any", StringComparison.OrdinalIgnoreCase) ? $"unknown query type: {value}\n" : "");
                break;
            case "port" when int.TryParse(value, out var port):
                _port = port;
                break;
            case "timeout" when int.TryParse(value, out var seconds):
                _timeout = TimeSpan.FromSeconds(Math.Max(1, seconds));
                break;
            case "retry" when int.TryParse(value, out var retries):
                _tries = Math.Max(1, retries);
                break;
            case "debug" or "nodebug" or "class" or "vc" or "novc" or "recurse" or "norecurse" or "search" or "nosearch":
                break;
            default:
                self.Output.WriteLine($"*** Invalid option: {option}");
                break;
        }
    }

    private IEnumerable<Wait> LookUp(DnsProbe probe, string name)
    {
        var reverse = _type is null or DnsType.Ptr ? DnsWords.Reverse(name) : null;
        var type = reverse is null ? _type ?? DnsType.A : DnsType.Ptr;
        var found = "";
        foreach (var candidate in reverse is null ? ResolverSettings.Read(self.Files).Candidates(name) : [reverse])
        {
            yield return Wait.Call(Ask(probe, candidate, type));
            found = candidate;
            if (probe.Answer is null or { Code: DnsCode.NoError })
            {
                break;
            }
        }

        if (probe.Answer is not { } answer)
        {
            self.Output.Write(release.GivenUp + "\n\n");
            self.Exit(1);
            yield break;
        }

        if (reverse is null && !_hasServerLines)
        {
            _hasServerLines = true;
            self.Output.Write($"Server:\t\t{probe.Server}\nAddress:\t{probe.Server}#{probe.Port}\n\n");
        }

        if (answer.Code != DnsCode.NoError)
        {
            self.Output.Write($"** server can't find {(reverse is null ? found : found)}: {DnsWords.Code(answer.Code)}\n\n");
            self.Exit(1);
            yield break;
        }

        Write(answer, name);
        if (_type is null && reverse is null && release.IsModern)
        {
            // The address may have an IPv6 sister.
            yield return Wait.Call(Ask(probe, answer.Records is [.., var last] ? last.Name : found, DnsType.Aaaa));
        }

        self.Output.Write("\n");
    }

    private IEnumerable<Wait> Ask(DnsProbe probe, string name, DnsType type)
    {
        _asked = name;
        yield return Wait.Call(probe.Ask(name, type));
        if (release.IsModern && probe.Answer is { IsAuthoritative: true })
        {
            self.Output.Write($";; Got recursion not available from {probe.Server}\n");
        }
    }

    private void Write(DnsAnswer answer, string name)
    {
        if (!answer.IsAuthoritative)
        {
            self.Output.Write("Non-authoritative answer:\n");
        }

        if (answer.Records.IsEmpty)
        {
            self.Output.Write($"*** Can't find {name}: No answer\n");
            return;
        }

        foreach (var record in answer.Records)
        {
            self.Output.Write(record.Type switch
            {
                DnsType.A or DnsType.Aaaa => $"Name:\t{record.Name}\nAddress: {record.Value}\n",
                DnsType.Cname => $"{record.Name}\tcanonical name = {DnsWords.Data(record)}\n",
                DnsType.Ptr => $"{record.Name}\tname = {DnsWords.Data(record)}\n",
                DnsType.Srv => $"{record.Name}\tservice = {DnsWords.Data(record)}\n",
                _ => $"{record.Name}\ttext = {DnsWords.Data(record)}\n",
            });
        }
    }
}
