using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>nc(1) of OpenBSD: is a port open (-z, -v, -w)? With -u it sends a datagram. Listening with -l stays until it is ended.</summary>
internal static class Netcat
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "zvw:ulnkp:q:N");
        if (options.Has('l'))
        {
            yield return Wait.Call(Listen(self, options));
            yield break;
        }

        if (options.Fault is not null || options.Operands is not [var host, var portText, ..])
        {
            self.Error.WriteLine("usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]");
            self.Exit(1);
            yield break;
        }

        ResolvedName? resolved = null;
        yield return Wait.Call(NameLookup.Resolve(self, host, found => resolved = found));
        if (resolved!.Address is not { } address)
        {
            self.Error.WriteLine($"nc: getaddrinfo for host \"{host}\" port {portText}: {(resolved.IsUnknown ? "Name or service not known" : "Temporary failure in name resolution")}");
            self.Exit(1);
            yield break;
        }

        var code = 1;
        foreach (var port in Ports(portText))
        {
            var probe = new Probe(self, host, address, port, options);
            yield return Wait.Call(options.Has('u') ? probe.Datagram() : probe.Connect());
            code = probe.IsOpen ? 0 : code;
        }

        self.Exit(code);
    }

    private static IEnumerable<int> Ports(string text)
    {
        var parts = text.Split('-');
        if (!int.TryParse(parts[0], out var first))
        {
            yield break;
        }

        var last = parts.Length > 1 && int.TryParse(parts[1], out var end) ? end : first;
        for (var port = first; port <= last && port <= 65535; port++)
        {
            yield return port;
        }
    }

    private static IEnumerable<Wait> Listen(Process self, CommandOptions options)
    {
        var protocol = options.Has('u') ? Protocol.Udp : Protocol.Tcp;
        var text = options.Value('p') ?? options.Operands.LastOrDefault() ?? "";
        if (!int.TryParse(text, out var port) || self.Listen(port, new object(), protocol) is null)
        {
            self.Error.WriteLine(int.TryParse(text, out _) ? "nc: Address already in use" : $"nc: port number invalid: {text}");
            self.Exit(1);
            yield break;
        }

        if (options.Has('v'))
        {
            self.Error.WriteLine($"Listening on 0.0.0.0 {port}");
        }

        yield return Wait.Forever;
    }

    private sealed class Probe(Process self, string host, Ipv4Address address, int port, CommandOptions options)
    {
        public bool IsOpen { get; private set; }

        private string Target => $"{host}{(options.Has('n') || host == address.ToString() ? "" : $" ({address})")}";

        public IEnumerable<Wait> Connect()
        {
            TimeSpan? timeout = double.TryParse(options.Value('w'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
            var dial = new TcpDial();
            yield return Wait.Call(dial.Open(self, address, port, timeout));
            IsOpen = dial.Connection is not null;
            if (options.Has('v') || (!IsOpen && !options.Has('z')))
            {
                Report(IsOpen ? "succeeded!" : $"failed: {(dial.TimedOut ? (timeout is null ? "Connection timed out" : "Operation now in progress") : dial.Last!.Error.Message())}", "tcp");
            }
        }

        public IEnumerable<Wait> Datagram()
        {
            var attempt = self.Network.Request(address, port);
            yield return Wait.For(attempt.Outcome == ExchangeOutcome.Lost ? TimeSpan.FromSeconds(1) : attempt.Elapsed);
            IsOpen = attempt.Outcome is ExchangeOutcome.Answered or ExchangeOutcome.Lost;
            if (options.Has('v') && IsOpen)
            {
                Report("succeeded!", "udp");
            }
        }

        private void Report(string outcome, string protocol) => self.Error.WriteLine(outcome.StartsWith("succ", StringComparison.Ordinal)
            ? $"Connection to {Target} {port} port [{protocol}/{ServiceName()}] {outcome}"
            : $"nc: connect to {Target} port {port} ({protocol}) {outcome}");

        private string ServiceName() => port switch
        {
            22 => "ssh",
            53 => "domain",
            80 => "http",
            443 => "https",
            2379 => "*",
            3306 => "mysql",
            _ => "*",
        };
    }
}
