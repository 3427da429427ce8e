using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>ping(8) of iputils: -c, -i, -W, -w, -q, -n; without -c it goes on until it is interrupted.</summary>
internal static class Ping
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "c:i:W:w:qns:4I:t:v");
        if (options.Fault is not null || options.Operands.Count == 0)
        {
            self.Error.WriteLine(options.Fault is { } fault ? $"ping: {fault}" : "ping: usage error: Destination address required");
            self.Exit(options.Fault is null ? 1 : 2);
            yield break;
        }

        var name = options.Operands[^1];
        ResolvedName? resolved = null;
        yield return Wait.Call(NameLookup.Resolve(self, name, found => resolved = found));
        if (resolved!.Address is not { } address)
        {
            self.Error.WriteLine($"ping: {name}: {(resolved.IsUnknown ? "Name or service not known" : "Temporary failure in name resolution")}");
            self.Exit(2);
            yield break;
        }

        var session = new Session(self, name, address, options);
        self.SignalHandler = signal =>
        {
            if (signal == ProcessSignal.Interrupt)
            {
                session.Finish();
                return true;
            }

            return false;
        };
        yield return Wait.Call(session.Run());
    }

    private sealed class Session(Process self, string name, Ipv4Address address, CommandOptions options)
    {
        private readonly List<double> _times = [];
        private readonly TimeSpan _began = self.World.Now;
        private readonly int _identifier = self.Id & 0xFFFF;
        private int _sent;
        private int _errors;

        public IEnumerable<Wait> Run()
        {
            var count = int.TryParse(options.Value('c'), out var asked) ? asked : int.MaxValue;
            var interval = Seconds('i') ?? TimeSpan.FromSeconds(1);
            var patience = Seconds('W') ?? TimeSpan.FromSeconds(10);
            var deadline = Seconds('w') is { } limit ? _began + limit : TimeSpan.MaxValue;
            self.Output.WriteLine($"PING {name} ({address}) 56(84) bytes of data.");
            while (_sent < count && self.World.Now < deadline)
            {
                var attempt = self.Network.Fabric.Ping(self.Network.Stack, address, self.World.Now, _identifier, ++_sent);
                if (attempt is { Outcome: ExchangeOutcome.NoRoute, Error: Errno.NetworkUnreachable })
                {
                    self.Error.WriteLine("ping: connect: Network is unreachable");
                    self.Exit(2);
                    yield break;
                }

                var isLast = _sent == count;
                var heard = attempt.Outcome != ExchangeOutcome.Lost && attempt.Elapsed < patience;
                if (heard)
                {
                    yield return Wait.For(attempt.Elapsed);
                    Tell(attempt);
                }

                var pause = isLast ? (heard ? TimeSpan.Zero : patience) : interval - (heard ? attempt.Elapsed : TimeSpan.Zero);
                yield return Wait.For(pause > TimeSpan.Zero ? pause : TimeSpan.Zero);
                while (self.Output.IsFull)
                {
                    yield return Wait.On(self.Output.Changed);
                }

                if (self.Output.IsBroken)
                {
                    self.Exit(141);
                    yield break;
                }
            }

            Finish();
        }

        public void Finish()
        {
            var loss = _sent == 0 ? 0 : (_sent - _times.Count) * 100.0 / _sent;
            var took = (long)(self.World.Now - _began).TotalMilliseconds;
            self.Output.Write($"\n--- {name} ping statistics ---\n{_sent} packets transmitted, {_times.Count} received, {(_errors > 0 ? $"+{_errors} errors, " : "")}{loss.ToString("0.####", CultureInfo.InvariantCulture)}% packet loss, time {took}ms\n");
            if (_times.Count > 0)
            {
                var mean = _times.Average();
                var deviation = Math.Sqrt(_times.Sum(time => (time - mean) * (time - mean)) / _times.Count);
                self.Output.Write(string.Create(CultureInfo.InvariantCulture, $"rtt min/avg/max/mdev = {_times.Min():0.000}/{mean:0.000}/{_times.Max():0.000}/{deviation:0.000} ms\n"));
            }

            self.Exit(_times.Count > 0 ? 0 : 1);
        }

        private void Tell(Exchange attempt)
        {
            if (attempt.Succeeded)
            {
                // What the machines add to the wire's time varies a little.
                var milliseconds = attempt.Elapsed.TotalMilliseconds * (0.9 + (0.5 * self.Host.Random.NextDouble()));
                _times.Add(milliseconds);
                Print($"64 bytes from {address}: icmp_seq={_sent} ttl={attempt.Reply?.Ttl ?? 64} time={milliseconds.ToString(milliseconds < 1 ? "0.000" : milliseconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} ms");
                return;
            }

            _errors++;
            var from = attempt.Reply?.Source ?? OwnAddress();
            Print($"From {from} icmp_seq={_sent} {Words(attempt.Error)}");
        }

        private void Print(string line)
        {
            if (!options.Has('q'))
            {
                self.Output.WriteLine(line);
            }
        }

        private Ipv4Address OwnAddress() => Ipv4Address.TryParse(self.Network.Address, out var own) ? own : Ipv4Address.Loopback;

        private static string Words(Errno error) => error switch
        {
            Errno.ConnectionRefused => "Destination Port Unreachable",
            Errno.NetworkUnreachable => "Destination Net Unreachable",
            Errno.AccessDenied => "Packet filtered",
            _ => "Destination Host Unreachable",
        };

        private TimeSpan? Seconds(char option) =>
            double.TryParse(options.Value(option), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? TimeSpan.FromSeconds(value) : null;
    }
}
