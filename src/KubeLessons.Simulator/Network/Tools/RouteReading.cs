using System.Globalization;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>A route as a command line names it: what was said, and what the kernel makes of it.</summary>
internal sealed record RouteReading(Route Route, bool HasMetric)
{
    public static RouteReading? Read(IpArguments arguments, out CommandOutput? failure)
    {
        failure = null;
        if (arguments.Peek() is null)
        {
            failure = new(255, "", "Usage: ip route { add | del | change | append | replace } ROUTE\n");
            return null;
        }
        var route = new Route(default, null);
        var hasMetric = false;
        while (arguments.Next() is { } word)
        {
            var value = word is "onlink" or "blackhole" or "unreachable" or "prohibit" or "unicast" ? null
                : word is "via" or "dev" or "src" or "metric" or "proto" or "protocol" or "scope" or "table" or "mtu" or "to" or "preference" ? arguments.Next() ?? "" : word;
            if (value is "" && arguments.Peek() is null)
            {
                failure = new(255, "", "Command line is not complete. Try option \"help\"\n");
                return null;
            }
            failure = Take(ref route, arguments.Host, word, value, ref hasMetric);
            if (failure is not null)
                return null;
        }
        return new(route, hasMetric);
    }

    /// <summary>Whether a route in the table is meant by `ip route del`: what was not said, matches.</summary>
    public bool Fits(Route other) => (Route.Gateway is null || Route.Gateway == other.Gateway) && (Route.Device is null || ReferenceEquals(Route.Device, other.Device)) &&
        (!HasMetric || Route.Metric == other.Metric) && (Route.Type == RouteType.Unicast || Route.Type == other.Type) &&
        (Route.PreferredSource is null || Route.PreferredSource == other.PreferredSource);

    /// <summary>Finds the device of a gateway, and refuses what the kernel refuses.</summary>
    public CommandOutput? Complete(NetworkNamespace host, out Route route)
    {
        route = Route;
        if (route.Destination != route.Destination.Network)
            return IpArguments.Refused("Invalid prefix for given prefix length.");
        if (route.Type != RouteType.Unicast)
            return null;
        if (route.PreferredSource is { } source && !host.IsLocal(source))
            return IpArguments.Refused("Invalid prefsrc address.");
        if (route.Gateway is { } gateway)
        {
            var way = host.Routes.Lookup(gateway);
            var isDirect = way is { Verdict: RouteVerdict.Forward, Route.Gateway: null } && (route.Device is null || ReferenceEquals(route.Device, way.Device));
            if (!isDirect && !(route.OnLink && route.Device is not null))
                return IpArguments.Refused("Nexthop has invalid gateway.");
            route = route with { Device = route.Device ?? way.Device };
        }
        else if (route.Device is not null)
        {
            route = route with { Scope = "link" };
        }
        if (route.Device is null)
            return IpArguments.Kernel("No such device");
        return route.Device.AdminUp ? null : IpArguments.Refused("Device for nexthop is not up.");
    }

    private static CommandOutput? Take(ref Route route, NetworkNamespace host, string word, string? value, ref bool hasMetric)
    {
        switch (word)
        {
            case "blackhole" or "unreachable" or "prohibit" or "unicast":
                route = route with { Type = Enum.Parse<RouteType>(word, ignoreCase: true) };
                return null;
            case "onlink":
                route = route with { OnLink = true };
                return null;
            case "via" or "src":
                if (!Ipv4Address.TryParse(value, out var address))
                    return new(1, "", $"Error: {(route.Destination.Length > 0 ? "inet" : "any valid")} address is expected rather than \"{value}\".\n");
                route = word == "via" ? route with { Gateway = address } : route with { PreferredSource = address };
                return null;
            case "dev":
                route = route with { Device = host.Interface(value!) };
                return route.Device is null ? IpArguments.NoDevice(value!) : null;
            case "metric" or "preference":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var metric))
                    return new(255, "", $"Error: argument \"{value}\" is wrong: \"metric\" value is invalid\n\n");
                (route, hasMetric) = (route with { Metric = metric }, true);
                return null;
            case "proto" or "protocol":
                route = route with { Protocol = value! };
                return null;
            case "scope" or "table" or "mtu":
                return null;
        }
        var prefix = Ipv4Prefix.Everything;
        if (value is not ("default" or "any" or "all") && !Ipv4Prefix.TryParse(value, out prefix))
            return IpArguments.BadPrefix(value!);
        route = route with { Destination = prefix };
        return null;
    }
}
