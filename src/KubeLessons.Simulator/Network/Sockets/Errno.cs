namespace KubeLessons.Simulator.Network;

/// <summary>Linux' error numbers of connect, sendto and recv.</summary>
public enum Errno
{
    None = 0,
    NotPermitted = 1,
    AccessDenied = 13,
    InvalidArgument = 22,
    NoNetwork = 64,
    ProtocolNotAvailable = 92,
    AddressNotAvailable = 99,
    NetworkUnreachable = 101,
    ConnectionReset = 104,
    TimedOut = 110,
    ConnectionRefused = 111,
    HostDown = 112,
    HostUnreachable = 113,
}

/// <summary>The texts of strerror(3).</summary>
public static class ErrnoText
{
    public static string Message(this Errno error) => error switch
    {
        Errno.None => "Success",
        Errno.NotPermitted => "Operation not permitted",
        Errno.AccessDenied => "Permission denied",
        Errno.InvalidArgument => "Invalid argument",
        Errno.NoNetwork => "Machine is not on the network",
        Errno.ProtocolNotAvailable => "Protocol not available",
        Errno.AddressNotAvailable => "Cannot assign requested address",
        Errno.NetworkUnreachable => "Network is unreachable",
        Errno.ConnectionReset => "Connection reset by peer",
        Errno.TimedOut => "Connection timed out",
        Errno.ConnectionRefused => "Connection refused",
        Errno.HostDown => "Host is down",
        _ => "No route to host",
    };

    /// <summary>What a host reports for an ICMP "destination unreachable" of a code (Linux' icmp_err_convert).</summary>
    internal static Errno FromUnreachable(byte code) => code switch
    {
        0 or 6 or 9 or 11 => Errno.NetworkUnreachable,
        2 => Errno.ProtocolNotAvailable,
        3 => Errno.ConnectionRefused,
        7 => Errno.HostDown,
        8 => Errno.NoNetwork,
        _ => Errno.HostUnreachable,
    };

    /// <summary>Whether an ICMP "destination unreachable" of a code is final; networks and hosts may come back (RFC 1122, 4.1.3.3).</summary>
    internal static bool IsLasting(byte code) => code is not (0 or 1 or 5 or 11 or 12);
}
