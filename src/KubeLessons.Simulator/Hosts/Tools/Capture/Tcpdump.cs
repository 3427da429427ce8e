using System.Globalization;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools.Capture;

/// <summary>
/// tcpdump(8): the packets that pass an interface while it looks, one line each, until -c of them were seen or a signal ends it. What is
/// not simulated of a packet (sequence numbers, windows, contents) is not printed. Probes and heartbeats that are known to get
/// through are not sent one by one, so they are not seen.
/// </summary>
internal sealed class Tcpdump(Process self)
{
    private readonly Signal _seen = new(self.World);
    private Func<Packet, bool> _filter = static _ => true;
    private bool _isAny;
    private bool _isDone;
    private bool _hasNumbers;
    private bool _hasNoTime;
    private int _captured;
    private int _most = int.MaxValue;

    public IEnumerable<Wait> Main()
    {
        var options = CommandOptions.Parse([.. self.Arguments], "i:c:nvqeltAXs:w:r:pUSD");
        var stack = self.Network.Stack;
        if (options.Fault is { } fault)
        {
            return Fail($"tcpdump: {fault}\ntcpdump version 4.99.3\nUsage: tcpdump [-nqtv] [-c count] [-i interface] [expression]\n");
        }

        if (options.Has('D'))
        {
            self.Output.Write(string.Concat(stack.Interfaces.Select((device, i) => $"{i + 1}.{device.Name} [{(device.AdminUp ? "Up, Running" : "none")}]\n")));
            return [];
        }

        var name = options.Value('i') ?? stack.Interfaces.FirstOrDefault(device => device is { AdminUp: true, Kind: not InterfaceKind.Loopback })?.Name ?? "lo";
        _isAny = name == "any";
        var devices = stack.Interfaces.Where(device => _isAny || device.Name == name).ToList();
        if (devices.Count == 0)
        {
            return Fail($"tcpdump: {name}: No such device exists\n(No such device exists)\n");
        }

        if (CaptureFilter.Parse(options.Operands) is not { } filter)
        {
            return Fail("tcpdump: can't parse filter expression: syntax error\n");
        }

        if (options.Value('c') is { } count && (!int.TryParse(count, out _most) || _most <= 0))
        {
            return Fail($"tcpdump: invalid packet count {count}\n");
        }

        (_filter, _hasNumbers, _hasNoTime) = (filter, options.Has('n'), options.Has('t'));
        return Capture(name, devices);
    }

    private IEnumerable<Wait> Fail(string words)
    {
        self.Error.Write(words);
        self.Exit(1);
        return [];
    }

    private IEnumerable<Wait> Capture(string name, List<NetworkInterface> devices)
    {
        self.Error.Write(_isAny
            ? "tcpdump: data link type LINUX_SLL2\ntcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes\n"
            : $"tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on {name}, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n");
        foreach (var device in devices)
        {
            void Look(TimeSpan at, Packet packet, bool isIncoming) => Write(device, at, packet, isIncoming);
            device.Passed += Look;
            self.OnExit(() => device.Passed -= Look);
        }

        self.SignalHandler = signal =>
        {
            if (signal is not (ProcessSignal.Interrupt or ProcessSignal.Terminate))
            {
                return false;
            }

            self.Error.Write("\n");
            _isDone = true;
            _seen.Raise();
            return true;
        };
        while (!_isDone)
        {
            yield return Wait.On(_seen);
        }

        self.Error.Write($"{_captured} packet{(_captured == 1 ? "" : "s")} captured\n{_captured} packet{(_captured == 1 ? "" : "s")} received by filter\n0 packets dropped by kernel\n");
        self.Exit(0);
    }

    private void Write(NetworkInterface device, TimeSpan at, Packet packet, bool isIncoming)
    {
        if (_isDone || !_filter(packet))
        {
            return;
        }

        var time = _hasNoTime ? "" : (self.World.Epoch + at).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + " ";
        var where = _isAny ? $"{device.Name} {(isIncoming ? "In " : "Out")} " : "";
        self.Output.Write($"{time}{where}IP {Describe(packet)}\n");
        _captured++;
        if (_captured >= _most)
        {
            _isDone = true;
            _seen.Raise();
        }
    }

    private string Describe(Packet packet) => packet switch
    {
        { Icmp: { } icmp } => $"{packet.Source} > {packet.Destination}: ICMP {Describe(icmp)}, length {packet.Length - 20}",
        { Protocol: Protocol.Tcp } => $"{Ends(packet)}: Flags [{Packet.FlagText(packet.Flags)}], length {Payload(packet)}",
        { Protocol: Protocol.Udp } => $"{Ends(packet)}: UDP, length {Math.Max(0, packet.Length - 28)}",
        _ => $"{packet.Source} > {packet.Destination}: ip-proto-{(int)packet.Protocol} {packet.Length - 20}",
    };

    // A segment without data is its headers alone: 40 bytes and the options of a SYN or a time stamp.
    private static int Payload(Packet packet) => packet.Flags.HasFlag(TcpFlags.Psh) ? Math.Max(0, packet.Length - 52) : 0;

    private string Ends(Packet packet) => $"{packet.Source}.{PortName(packet.SourcePort)} > {packet.Destination}.{PortName(packet.DestinationPort)}";

    private string PortName(int port) => _hasNumbers ? port.ToString(CultureInfo.InvariantCulture) : port switch
    {
        22 => "ssh",
        53 => "domain",
        80 => "http",
        443 => "https",
        _ => port.ToString(CultureInfo.InvariantCulture),
    };

    private static string Describe(IcmpMessage icmp) => icmp.Type switch
    {
        IcmpType.EchoRequest => $"echo request, id {icmp.Identifier}, seq {icmp.Sequence}",
        IcmpType.EchoReply => $"echo reply, id {icmp.Identifier}, seq {icmp.Sequence}",
        IcmpType.TimeExceeded => "time exceeded in-transit",
        _ when icmp.Quoted is not { } quoted => "unreachable",
        _ => (UnreachableCode)icmp.Code switch
        {
            UnreachableCode.Port => $"{icmp.Quoted!.Destination} {icmp.Quoted.Protocol.ToString().ToLowerInvariant()} port {icmp.Quoted.DestinationPort} unreachable",
            UnreachableCode.Network => $"net {icmp.Quoted!.Destination} unreachable",
            UnreachableCode.Protocol => $"{icmp.Quoted!.Destination} protocol {(int)icmp.Quoted.Protocol} unreachable",
            UnreachableCode.NetworkProhibited => $"net {icmp.Quoted!.Destination} unreachable - admin prohibited",
            UnreachableCode.HostProhibited => $"host {icmp.Quoted!.Destination} unreachable - admin prohibited",
            UnreachableCode.Filtered => $"host {icmp.Quoted!.Destination} unreachable - admin prohibited filter",
            _ => $"host {icmp.Quoted!.Destination} unreachable",
        },
    };
}
