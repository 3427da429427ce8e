namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>LOG: a line in the kernel's log, and on to the next rule.</summary>
internal sealed record LogTarget(int Level, string Prefix, LogOptions Options) : Target
{
    /// <summary>syslog's levels by number; the last two are other spellings.</summary>
    public static readonly string[] Levels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

    private static readonly (LogOptions Option, string Save, string List)[] OptionNames =
    [
        (LogOptions.TcpSequence, "tcp-sequence", "tcp-sequence"), (LogOptions.TcpOptions, "tcp-options", "tcp-options"),
        (LogOptions.IpOptions, "ip-options", "ip-options"), (LogOptions.Uid, "uid", "uid"), (LogOptions.MacDecode, "macdecode", "macdecode"),
    ];

    public override bool IsRepeatable => false;

    public override string Name => "LOG";

    public override string SaveOptions => (Prefix.Length == 0 ? "" : $" --log-prefix {Text.Quote(Prefix)}") + (Level == 4 ? "" : $" --log-level {Level}") +
        string.Concat(OptionNames.Where(name => Options.HasFlag(name.Option)).Select(name => $" --log-{name.Save}"));

    public override string ListOptions => List(false);

    public string List(bool numeric)
    {
        var quoted = Prefix.Length == 0 ? "" : $" prefix \"{Prefix}\"";
        return numeric
            ? $"LOG flags {(int)Options} level {Level}{quoted}"
            : $"LOG level {Levels[Level]}{string.Concat(OptionNames.Where(name => Options.HasFlag(name.Option)).Select(name => " " + name.List))}{quoted}";
    }

    public override Verdict Apply(FilterPass pass)
    {
        pass.Host.KernelLog?.Invoke(pass.Now, Prefix + Describe(pass));
        return Verdict.Continue;
    }

    private static string Describe(FilterPass pass)
    {
        var packet = pass.Packet;
        var ports = packet.Icmp is { } icmp
            ? $"PROTO=ICMP TYPE={(int)icmp.Type} CODE={icmp.Code} ID={icmp.Identifier} SEQ={icmp.Sequence} "
            : $"PROTO={packet.Protocol.ToString().ToUpperInvariant()} SPT={packet.SourcePort} DPT={packet.DestinationPort} ";
        var tcp = packet.Protocol != Protocol.Tcp ? packet.Protocol == Protocol.Udp ? $"LEN={packet.Length - 20} " : "" : "WINDOW=64240 RES=0x00 " +
            (packet.Flags.HasFlag(TcpFlags.Ack) ? "ACK " : "") + (packet.Flags.HasFlag(TcpFlags.Psh) ? "PSH " : "") + (packet.Flags.HasFlag(TcpFlags.Rst) ? "RST " : "") +
            (packet.Flags.HasFlag(TcpFlags.Syn) ? "SYN " : "") + (packet.Flags.HasFlag(TcpFlags.Fin) ? "FIN " : "") + "URGP=0 ";
        var mark = pass.Buffer.Mark == 0 ? "" : $"MARK=0x{pass.Buffer.Mark:x} ";
        return $"IN={pass.In} OUT={pass.Out} SRC={packet.Source} DST={packet.Destination} LEN={packet.Length} TOS=0x00 PREC=0x00 TTL={packet.Ttl} ID=0 DF {ports}{tcp}{mark}";
    }
}

/// <summary>The kernel's bits of LOG's options.</summary>
[Flags]
internal enum LogOptions
{
    None = 0,
    TcpSequence = 1,
    TcpOptions = 2,
    IpOptions = 4,
    Uid = 8,
    MacDecode = 32,
}
