using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>`ip route`.</summary>
internal static class IpRouteCommand
{
    public static CommandOutput Run(IpArguments arguments)
    {
        var command = arguments.Command("route", out var failure, "show", "add", "append", "replace", "change", "del", "get", "flush");
        return command switch
        {
            null => failure!,
            "show" => Show(arguments),
            "get" => Get(arguments),
            "flush" => Flush(arguments),
            _ => Change(arguments, command),
        };
    }

    private static CommandOutput Show(IpArguments arguments)
    {
        if (arguments.IsIpv6)
            return CommandOutput.Nothing;
        if (Selector.Read(arguments, out var failure) is not { } selector)
            return failure!;
        if (selector.Table == "local")
            return CommandOutput.Print(LocalTable(arguments.Host));
        var text = new StringBuilder();
        foreach (var route in arguments.Host.Routes.Routes.Where(selector.Matches))
            text.Append(Line(route, selector.Device is null)).Append('\n');
        return CommandOutput.Print(text.ToString());
    }

    private static string Line(Route route, bool withDevice)
    {
        var text = route.Type == RouteType.Unicast ? "" : route.Type.ToString().ToLowerInvariant() + " ";
        text += Destination(route.Destination);
        if (route.Gateway is { } gateway)
            text += $" via {gateway}";
        if (route.Device is not null && withDevice)
            text += $" dev {route.Device.Name}";
        if (route.Protocol != "boot")
            text += $" proto {route.Protocol}";
        if (route.Scope != "global")
            text += $" scope {route.Scope}";
        if (route.PreferredSource is { } source)
            text += $" src {source}";
        if (route.Metric != 0)
            text += $" metric {route.Metric}";
        if (route.OnLink)
            text += " onlink";
        if (route.Device is { AdminUp: true, Carrier: false })
            text += " linkdown";
        return text + " ";
    }

    private static string Destination(Ipv4Prefix prefix) => prefix.Length switch { 0 => "default", 32 => prefix.Address.ToString(), _ => prefix.ToString() };

    private static string LocalTable(NetworkNamespace host)
    {
        var lines = new List<(Ipv4Address Key, string Line)>();
        foreach (var device in host.Interfaces.Where(device => device.AdminUp))
        {
            foreach (var address in device.Addresses)
            {
                var own = address.Prefix.Address;
                if (device.Kind == InterfaceKind.Loopback && address.Prefix.Length < 32)
                    lines.Add((address.Prefix.Network.Address, $"local {address.Prefix.Network} dev {device.Name} proto kernel scope host src {own} \n"));
                lines.Add((own, $"local {own} dev {device.Name} proto kernel scope host src {own} \n"));
                if (address.Prefix.Length < 31)
                    lines.Add((address.Prefix.BroadcastAddress, $"broadcast {address.Prefix.BroadcastAddress} dev {device.Name} proto kernel scope link src {own} \n"));
            }
        }
        return string.Concat(lines.OrderBy(line => line.Key).Select(line => line.Line));
    }

    private static CommandOutput Get(IpArguments arguments)
    {
        string? from = null, to = null;
        while (arguments.Next() is { } word)
        {
            if (word == "from")
                from = arguments.Next();
            else if (word is "oif" or "iif" or "mark")
                arguments.Next();
            else if (word != "to")
                to = word;
        }
        if (to is null)
            return new(1, "", "need at least a destination address\n");
        if (!Ipv4Prefix.TryParse(to, out var prefix))
            return IpArguments.BadPrefix(to);
        var route = arguments.Host.Routes.Lookup(prefix.Address);
        switch (route.Verdict)
        {
            case RouteVerdict.None:
                return IpArguments.Kernel(Errno.NetworkUnreachable.Message());
            case RouteVerdict.Unreachable:
                return IpArguments.Kernel(Errno.HostUnreachable.Message());
            case RouteVerdict.Blackhole:
                return IpArguments.Kernel(Errno.InvalidArgument.Message());
            case RouteVerdict.Prohibit:
                return IpArguments.Kernel(Errno.AccessDenied.Message());
            case RouteVerdict.Local:
                return CommandOutput.Print($"local {prefix.Address} dev lo src {prefix.Address} uid 0 \n    cache <local> \n");
        }
        var via = route.Route!.Gateway is { } gateway ? $" via {gateway}" : "";
        return CommandOutput.Print(from is null ? $"{prefix.Address}{via} dev {route.Device} src {route.Source} uid 0 \n    cache \n"
            : $"{prefix.Address} from {from}{via} dev {route.Device} uid 0 \n    cache \n");
    }

    private static CommandOutput Flush(IpArguments arguments)
    {
        if (Selector.Read(arguments, out var failure) is not { } selector)
            return failure!;
        arguments.Host.Routes.RemoveAll(selector.Matches);
        return CommandOutput.Nothing;
    }

    private static CommandOutput Change(IpArguments arguments, string command)
    {
        if (RouteReading.Read(arguments, out var failure) is not { } read)
            return failure!;
        var routes = arguments.Host.Routes;
        if (command == "del")
        {
            return routes.Remove(route => route.Destination == read.Route.Destination && read.Fits(route)) ? CommandOutput.Nothing
                : IpArguments.Kernel("No such process");
        }
        if (read.Complete(arguments.Host, out var route) is { } refusal)
            return refusal;
        switch (command)
        {
            case "append":
                routes.Append(route);
                return CommandOutput.Nothing;
            case "replace":
                routes.Replace(route);
                return CommandOutput.Nothing;
            case "change" when !routes.Routes.Any(other => other.Destination == route.Destination):
                return IpArguments.Kernel("No such file or directory");
            case "change":
                routes.Replace(route);
                return CommandOutput.Nothing;
            default:
                return routes.Add(route) ? CommandOutput.Nothing : IpArguments.Kernel("File exists");
        }
    }

    /// <summary>Which routes `show` and `flush` mean.</summary>
    private sealed record Selector(Ipv4Prefix? Exact, Ipv4Prefix? Root, Ipv4Prefix? Match, string? Device, string? Protocol, string Table)
    {
        public static Selector? Read(IpArguments arguments, out CommandOutput? failure)
        {
            failure = null;
            var selector = new Selector(null, null, null, null, null, "main");
            while (arguments.Next() is { } word)
            {
                switch (word)
                {
                    case "dev" or "oif":
                        selector = selector with { Device = arguments.Next() };
                        continue;
                    case "proto" or "protocol":
                        selector = selector with { Protocol = arguments.Next() };
                        continue;
                    case "table":
                        selector = selector with { Table = arguments.Next() ?? "main" };
                        continue;
                    case "scope" or "type" or "src" or "via":
                        arguments.Next();
                        continue;
                }
                var kind = word is "root" or "match" or "exact" or "to" ? word : "exact";
                var text = ReferenceEquals(kind, word) ? arguments.Next() ?? "" : word;
                var prefix = Ipv4Prefix.Everything;
                if (text is not ("default" or "all" or "any") && !Ipv4Prefix.TryParse(text, out prefix))
                {
                    failure = IpArguments.BadPrefix(text);
                    return null;
                }
                selector = kind switch
                {
                    "root" => selector with { Root = prefix },
                    "match" => selector with { Match = prefix },
                    _ => selector with { Exact = prefix },
                };
            }
            return selector;
        }

        public bool Matches(Route route) =>
            (Exact is not { } exact || route.Destination == exact.Network) &&
            (Root is not { } root || (root.Contains(route.Destination.Address) && route.Destination.Length >= root.Length)) &&
            (Match is not { } match || (route.Destination.Contains(match.Address) && route.Destination.Length <= match.Length)) &&
            (Device is null || route.Device?.Name == Device) && (Protocol is null || route.Protocol == Protocol);
    }
}
