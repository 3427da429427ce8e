namespace KubeLessons.Simulator.Network;

/// <summary>Where a packet goes: to the host itself, out of a device towards a next hop, or nowhere.</summary>
internal readonly record struct RouteDecision(RouteVerdict Verdict, NetworkInterface? Device = null, Ipv4Address NextHop = default, Ipv4Address Source = default, Route? Route = null);

internal enum RouteVerdict
{
    /// <summary>No route matches: "Network is unreachable".</summary>
    None,
    Local,
    Forward,
    Unreachable,
    Blackhole,
    Prohibit,
}

/// <summary>
/// The main table of a namespace: the longest prefix wins, then the smallest metric, then the older route. Addresses of
/// the host itself come first, as the kernel's local table does.
/// </summary>
public sealed class RoutingTable
{
    private readonly NetworkNamespace owner;
    private const int MostDecisions = 4096;

    private readonly List<Route> routes = [];

    // Decisions by destination, as they are at one version of the namespace: they depend on its addresses and links as well.
    private readonly Dictionary<Ipv4Address, RouteDecision> decisions = [];
    private long decidedAt = -1;

    internal RoutingTable(NetworkNamespace owner) => this.owner = owner;

    /// <summary>The routes in the order in which `ip route` prints them: by destination, the longer prefix first, then by metric.</summary>
    public IReadOnlyList<Route> Routes => routes;

    /// <summary>Called after a route has gone, or another has taken its place.</summary>
    public event Action? Lost;

    /// <summary>Adds a route; false when one with the same destination and metric is there ("File exists").</summary>
    public bool Add(Route route)
    {
        if (Find(route) >= 0)
            return false;
        Append(route);
        return true;
    }

    /// <summary>Adds a route after those with the same destination and metric, which go on being used.</summary>
    public void Append(Route route)
    {
        routes.Insert(Place(route, afterEqual: true), route);
        owner.Touch();
    }

    /// <summary>Adds a route, or puts it in the place of the first one with the same destination and metric.</summary>
    public void Replace(Route route)
    {
        var place = Find(route);
        if (place < 0)
        {
            Append(route);
            return;
        }
        routes[place] = route;
        Lose();
    }

    /// <summary>Removes the first route that matches; false when none does ("No such process").</summary>
    public bool Remove(Predicate<Route> match)
    {
        var place = routes.FindIndex(match);
        if (place < 0)
            return false;
        routes.RemoveAt(place);
        Lose();
        return true;
    }

    internal int RemoveAll(Predicate<Route> match)
    {
        var removed = routes.RemoveAll(match);
        if (removed > 0)
            Lose();
        return removed;
    }

    internal RouteDecision Lookup(Ipv4Address destination)
    {
        if (decidedAt != owner.Version || decisions.Count >= MostDecisions)
        {
            decisions.Clear();
            decidedAt = owner.Version;
        }
        if (!decisions.TryGetValue(destination, out var decision))
        {
            decision = owner.IsLocal(destination)
                ? new(RouteVerdict.Local, owner.Loopback, destination, destination)
                : LookupMain(destination);
            decisions.Add(destination, decision);
        }
        return decision;
    }

    private RouteDecision LookupMain(Ipv4Address destination)
    {
        Route? best = null;
        foreach (var route in routes)
        {
            if (route.Destination.Contains(destination) && (best is null || route.Destination.Length > best.Destination.Length ||
                (route.Destination.Length == best.Destination.Length && route.Metric < best.Metric)))
                best = route;
        }
        if (best is null)
            return new(RouteVerdict.None);
        if (best.Type != RouteType.Unicast)
        {
            return new(best.Type switch
            {
                RouteType.Blackhole => RouteVerdict.Blackhole,
                RouteType.Prohibit => RouteVerdict.Prohibit,
                _ => RouteVerdict.Unreachable,
            }, Route: best);
        }
        var source = best.PreferredSource ?? owner.SourceFor(best.Device!, best.Gateway);
        return new(RouteVerdict.Forward, best.Device, best.Gateway ?? destination, source, best);
    }

    // The first route with the same destination and metric; negative when there is none.
    private int Find(Route route)
    {
        var place = Place(route, afterEqual: false);
        return place < routes.Count && Compare(route, routes[place]) == 0 ? place : -1;
    }

    // Where a route stands in the order of the table: before those that are its equals, or after them.
    private int Place(Route route, bool afterEqual)
    {
        var (from, to) = (0, routes.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = Compare(route, routes[middle]);
            if (order > 0 || (order == 0 && afterEqual))
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

    private void Lose()
    {
        owner.Touch();
        Lost?.Invoke();
    }

    private static int Compare(Route one, Route other)
    {
        var order = one.Destination.Address.CompareTo(other.Destination.Address);
        if (order == 0)
            order = other.Destination.Length.CompareTo(one.Destination.Length);
        return order == 0 ? one.Metric.CompareTo(other.Metric) : order;
    }
}
