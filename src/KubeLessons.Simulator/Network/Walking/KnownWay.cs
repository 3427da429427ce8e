using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Walking;

/// <summary>
/// What a walk that got through depended on, and what it left behind. While nothing of the former has changed, the same packets
/// need not be walked again: <see cref="TryAgain"/> counts them where they were counted and keeps fresh what they keep fresh.
/// A walk depends on the namespaces that it crossed (<see cref="NetworkNamespace.Version"/>) and on what lies between them
/// (<see cref="Fabric.Version"/>); one that met a rule which draws lots or remembers packets is never repeated.
/// </summary>
internal sealed class KnownWay
{
    private readonly List<(NetworkNamespace Host, long Version, int MostConnections)> crossed = [];
    private readonly List<(Counters Counters, int Bytes)> counted = [];
    private readonly List<(Neighbour Neighbour, TimeSpan At)> neighbours = [];
    private readonly List<(ConnectionEntry Entry, TimeSpan At)> entries = [];
    private readonly Fabric fabric;
    private long fabricVersion = -1;
    private bool isRepeatable = true;

    public KnownWay(Fabric fabric) => this.fabric = fabric;

    /// <summary>It met something whose answer may be another one the next time, or who wants to see every packet.</summary>
    public void NeverAgain() => isRepeatable = false;

    public void Cross(NetworkNamespace host)
    {
        foreach (var (known, _, _) in crossed)
        {
            if (ReferenceEquals(known, host))
                return;
        }
        crossed.Add((host, -1, 0));
    }

    public void Count(Counters counters, Packet packet) => counted.Add((counters, packet.Length));

    public void Confirm(Neighbour neighbour, TimeSpan at) => neighbours.Add((neighbour, at));

    public void Refresh(ConnectionEntry entry, TimeSpan at) => entries.Add((entry, at));

    /// <summary>The walk is over and got through: from now on it is known, as everything stands now.</summary>
    public void Seal()
    {
        fabricVersion = fabric.Version;
        for (var index = 0; index < crossed.Count; index++)
        {
            var host = crossed[index].Host;
            crossed[index] = (host, host.Version, host.Conntrack.Capacity(host.Sysctls));
        }
    }

    /// <summary>
    /// Sends the same packets again, when they are sure to fare as they did. False: something has changed, so they must walk.
    /// </summary>
    /// <param name="now">The moment of the first packet.</param>
    /// <param name="isNewConnection">
    /// The packets open a connection of their own and close it: its entry in connection tracking, which only waits to be
    /// forgotten, is not made again, but there must be room for it.
    /// </param>
    public bool TryAgain(TimeSpan now, bool isNewConnection)
    {
        if (!isRepeatable || fabricVersion != fabric.Version)
            return false;
        foreach (var (host, version, mostConnections) in crossed)
        {
            if (host.Version != version || (isNewConnection && host.Conntrack.Count >= mostConnections))
                return false;
        }
        if (!isNewConnection)
        {
            foreach (var (entry, _) in entries)
            {
                if (entry.ExpiresAt <= now)
                    return false;
            }
            foreach (var (entry, at) in entries)
                entry.ExpiresAt = now + at + entry.Timeout;
        }
        foreach (var (counters, bytes) in counted)
            counters.Count(bytes);
        foreach (var (neighbour, at) in neighbours)
            (neighbour.ConfirmedAt, neighbour.DoubtedSince) = (now + at, null);
        return true;
    }
}
