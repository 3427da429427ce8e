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
    private readonly List<Route> routes = [];

    internal RoutingTable(NetworkNamespace owner) => this.owner = owner;

    /// <summary>The routes in the order in which `ip route` prints them: by destination, the longer prefix first, then by metric.</summary>
    public IReadOnlyList<Route> Routes => routes;

    /// <summary>Adds a route; false when one with the same destination and metric is there ("File exists").</summary>
    public bool Add(Route route)
    {
        if (routes.Exists(other => SameKey(other, route)))
            return false;
        Append(route);
        return true;
    }

    /// <summary>Adds a route after those with the same destination and metric, which go on being used.</summary>
    public void Append(Route route)
    {
        var place = routes.FindIndex(other => Compare(route, other) < 0);
        routes.Insert(place < 0 ? routes.Count : place, route);
        owner.Fabric.Touch();
    }

    /// <summary>Adds a route, or puts it in the place of the first one with the same destination and metric.</summary>
    public void Replace(Route route)
    {
        var place = routes.FindIndex(other => SameKey(other, route));
        if (place < 0)
        {
            Append(route);
            return;
        }
        routes[place] = route;
        owner.Fabric.Touch();
    }

    /// <summary>Removes the first route that matches; false when none does ("No such process").</summary>
    public bool Remove(Predicate<Route> match)
    {
        var place = routes.FindIndex(match);
        if (place < 0)
            return false;
        routes.RemoveAt(place);
        owner.Fabric.Touch();
        return true;
    }

    internal int RemoveAll(Predicate<Route> match)
    {
        var removed = routes.RemoveAll(match);
        if (removed > 0)
            owner.Fabric.Touch();
        return removed;
    }

    internal RouteDecision Lookup(Ipv4Address destination)
    {
        if (owner.IsLocal(destination))
            return new(RouteVerdict.Local, owner.Loopback, destination, destination);
        return LookupMain(destination);
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

    private static bool SameKey(Route one, Route other) => one.Destination == other.Destination && one.Metric == other.Metric;

    private static int Compare(Route one, Route other)
    {
        var order = one.Destination.Address.CompareTo(other.Destination.Address);
        if (order == 0)
            order = other.Destination.Length.CompareTo(one.Destination.Length);
        return order == 0 ? one.Metric.CompareTo(other.Metric) : order;
    }
}
