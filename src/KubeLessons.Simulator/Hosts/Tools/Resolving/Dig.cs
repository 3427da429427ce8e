using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>dig(1) of BIND 9: one look-up or several, with the options that people use.</summary>
internal sealed class Dig(Process self, BindRelease release)
{
    private const string Usage =
        "Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n\n"
        + "Use \"dig -h\" (or \"dig -h | more\") for complete list of options\n";

    private bool _isHeaderDue = true;

    public IEnumerable<Wait> Main()
    {
        var requests = DigRequest.Read([.. self.Arguments], out var fault);
        if (fault is not null)
        {
            self.Error.Write(fault.Length > 0 ? fault + "\n" + Usage : Usage);
            self.Exit(fault.Length > 0 ? 1 : 0);
            yield break;
        }

        var code = 0;
        foreach (var request in requests)
        {
            if (Servers(request) is not { } servers)
            {
                self.Error.WriteLine($"dig: couldn't get address for '{request.Server}': not found");
                self.Exit(code == 0 ? 1 : code);
                yield break;
            }

            // An answer is printed with the next one's time in between, as the tool does its look-ups one after the other.
            var probe = new DnsProbe(self, servers)
            {
                Port = request.Port,
                Timeout = request.Timeout,
                Tries = request.Tries,
                Failed = (asked, exchange) => self.Output.Write(release.Complaint(asked, exchange, request.Name)),
            };
            string? answered = null;
            foreach (var name in request.Candidates(self))
            {
                yield return Wait.Call(probe.Ask(name, request.Type));
                if (probe.Answer is null)
                {
                    break;
                }

                answered = name;
                if (probe.Answer.Code == DnsCode.NoError)
                {
                    break;
                }
            }

            Write(request, probe, answered);
            code = probe.Answer is null ? 9 : code;
        }

        self.Exit(code);
    }

    private IReadOnlyList<Ipv4Address>? Servers(DigRequest request)
    {
        if (request.Server is not { } named)
        {
            return ResolverSettings.Read(self.Files).Servers;
        }

        return NameLookup.Resolve(self, named).Address is { } address ? [address] : null;
    }

    private void Write(DigRequest request, DnsProbe probe, string? name)
    {
        if (probe.Answer is not { } answer)
        {
            WriteHeader(request);
            self.Output.WriteLine(release.GivenUp);
            return;
        }

        if (request.IsShort)
        {
            foreach (var record in answer.Records)
            {
                self.Output.WriteLine(DnsWords.Data(record));
            }

            return;
        }

        WriteHeader(request);
        self.Output.Write(new DigReply(request, probe, release, name!, self.World.UtcNow, self.Host.Random).ToString());
    }

    private void WriteHeader(DigRequest request)
    {
        if (!_isHeaderDue || !request.ShowsCommand || request.IsShort)
        {
            return;
        }

        _isHeaderDue = false;
        var words = string.Concat(self.Arguments.ToArray().Select(word => " " + word));
        self.Output.Write($"\n; <<>> DiG {release.Version} <<>>{words}\n{(request.Server is null ? "" : "; (1 server found)\n")};; global options: +cmd\n");
    }
}
