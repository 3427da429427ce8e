namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>The states of a tracked TCP connection, as `conntrack -L` prints them.</summary>
internal enum TcpTrackingState
{
    None,
    SynSent,
    SynReceived,
    Established,
    FinWait,
    CloseWait,
    LastAck,
    TimeWait,
    Close,

    /// <summary>Both sides sent a SYN.</summary>
    SynSent2,

    /// <summary>Not a state: the packet changes nothing.</summary>
    Ignored,

    /// <summary>Not a state: the packet does not belong to the connection.</summary>
    Invalid,
}

/// <summary>
/// How TCP's flags move a tracked connection (net/netfilter/nf_conntrack_proto_tcp.c describes the same machine). Each row
/// gives, for one kind of packet, the next state for the present states None, SynSent … SynSent2, a letter each.
/// </summary>
internal static class TcpTracking
{
    private const string Letters = "0SREFCLTX2.!";

    private static readonly string[] Original =
    [
        "SS.....SS2", // SYN
        "!!R!!!!!!R", // SYN and ACK
        "!!FFLLLTX!", // FIN
        "E!EECCTTX!", // ACK
        "!XXXXXXXXX", // RST
    ];

    private static readonly string[] Reply =
    [
        "!2!!!!!S!2",
        "!R.......R",
        "!!FFLLLTX!",
        "!.RECCTTX.",
        "!XXXXXXXXX",
    ];

    public static TcpTrackingState Next(TcpTrackingState state, TcpFlags flags, bool isReply)
    {
        var row = Row(flags);
        return row < 0 ? TcpTrackingState.Invalid : (TcpTrackingState)Letters.IndexOf((isReply ? Reply : Original)[row][(int)state]);
    }

    public static string TimeoutOf(TcpTrackingState state) => state switch
    {
        TcpTrackingState.SynSent or TcpTrackingState.SynSent2 => "net.netfilter.nf_conntrack_tcp_timeout_syn_sent",
        TcpTrackingState.SynReceived => "net.netfilter.nf_conntrack_tcp_timeout_syn_recv",
        TcpTrackingState.Established => "net.netfilter.nf_conntrack_tcp_timeout_established",
        TcpTrackingState.FinWait => "net.netfilter.nf_conntrack_tcp_timeout_fin_wait",
        TcpTrackingState.CloseWait => "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
        TcpTrackingState.LastAck => "net.netfilter.nf_conntrack_tcp_timeout_last_ack",
        TcpTrackingState.TimeWait => "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
        _ => "net.netfilter.nf_conntrack_tcp_timeout_close",
    };

    private static int Row(TcpFlags flags)
    {
        if (flags.HasFlag(TcpFlags.Rst))
            return 4;
        if (flags.HasFlag(TcpFlags.Syn))
            return flags.HasFlag(TcpFlags.Ack) ? 1 : 0;
        if (flags.HasFlag(TcpFlags.Fin))
            return 2;
        return flags.HasFlag(TcpFlags.Ack) ? 3 : -1;
    }
}
