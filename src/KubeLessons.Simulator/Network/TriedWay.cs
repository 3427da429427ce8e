using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network;

/// <summary>
/// A TCP connection that is opened and closed again and again, only to see whether somebody answers, as a probe does. While
/// nothing on its way has changed, it fares as it did the last time, and is not walked anew.
/// </summary>
public sealed class TriedWay(NetworkNamespace from, Ipv4Address destination, int port)
{
    private KnownWay? way;
    private Exchange? last;

    public Ipv4Address Destination => destination;

    public int Port => port;

    /// <summary>Opens the connection and closes it; the answer is what became of opening it. Its connection, if any, is closed.</summary>
    public Exchange Try(TimeSpan now)
    {
        if (way is { } known && last is { Connection.Listener.IsOpen: true } answer && known.TryAgain(now, isNewConnection: true))
            return answer;
        (way, last) = (new(from.Fabric), null);
        var exchange = new PacketWalk(from.Fabric, now, way).Connect(from, null, 0, new(destination, port));
        if (exchange.Connection is { } connection)
        {
            new PacketWalk(from.Fabric, now, way).Close(connection);
            way.Seal();
            last = exchange;
        }
        return exchange;
    }
}
