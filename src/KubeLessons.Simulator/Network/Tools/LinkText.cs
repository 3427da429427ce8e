using System.Globalization;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>How `ip link` and `ip addr` write an interface.</summary>
internal static class LinkText
{
    /// <summary>The name, for a veth with its other end: by name in the same namespace, else by number.</summary>
    public static string Name(NetworkInterface device) => device.Peer is not { } peer ? device.Name
        : ReferenceEquals(peer.Namespace, device.Namespace) ? $"{device.Name}@{peer.Name}" : $"{device.Name}@if{peer.Index}";

    public static string State(NetworkInterface device)
    {
        if (!device.AdminUp)
            return "DOWN";
        if (device.Kind is InterfaceKind.Loopback or InterfaceKind.Dummy)
            return "UNKNOWN";
        return device.Carrier ? "UP" : device.Kind == InterfaceKind.Veth ? "LOWERLAYERDOWN" : "DOWN";
    }

    public static string Flags(NetworkInterface device)
    {
        var flags = new List<string>();
        if (device.AdminUp && !device.Carrier)
            flags.Add("NO-CARRIER");
        if (device.Kind == InterfaceKind.Loopback)
            flags.Add("LOOPBACK");
        else if (device.Kind == InterfaceKind.Dummy)
            flags.AddRange(["BROADCAST", "NOARP"]);
        else
            flags.AddRange(["BROADCAST", "MULTICAST"]);
        if (device.AdminUp)
            flags.Add("UP");
        if (device.AdminUp && device.Carrier)
            flags.Add("LOWER_UP");
        if (device.Peer is { AdminUp: false } peer && ReferenceEquals(peer.Namespace, device.Namespace))
            flags.Add("M-DOWN");
        return $"<{string.Join(',', flags)}>";
    }

    /// <summary>The one or two lines of a link; <paramref name="withMode"/> in `ip link`, and <paramref name="withAddress"/> unless only a family was asked for.</summary>
    public static string Lines(NetworkInterface device, bool withMode, bool withAddress, string lineEnd)
    {
        var queue = device.Kind == InterfaceKind.Physical ? "fq_codel" : "noqueue";
        var master = device.Bridge is null ? "" : $" master {device.Bridge.Name}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{device.Index}: {Name(device)}: {Flags(device)} mtu {device.Mtu} qdisc {(device.WasUp ? queue : "noop")}{master} " +
            $"state {State(device)} {(withMode ? "mode DEFAULT " : "")}group default qlen 1000");
        if (!withAddress)
            return text + "\n";
        var kind = device.Kind == InterfaceKind.Loopback ? "loopback" : "ether";
        var broadcast = device.Kind == InterfaceKind.Loopback ? default : MacAddress.Broadcast;
        return $"{text}{lineEnd}    link/{kind} {device.Mac} brd {broadcast}{Elsewhere(device)}\n";
    }

    // Where the other end of a pod's cable is: named after the CNI plugin's namespace on the node, by a number in the pod.
    private static string Elsewhere(NetworkInterface device)
    {
        if (device.Peer is not { } peer || ReferenceEquals(peer.Namespace, device.Namespace))
            return "";
        return peer.Namespace.Name.StartsWith("cni-", StringComparison.Ordinal) ? $" link-netns {peer.Namespace.Name}" : " link-netnsid 0";
    }
}
