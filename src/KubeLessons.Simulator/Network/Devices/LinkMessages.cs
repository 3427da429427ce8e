namespace KubeLessons.Simulator.Network;

/// <summary>What the kernel logs of links and of the ports of bridges (net/bridge/br_stp.c, net/ipv6/addrconf.c).</summary>
internal static class LinkMessages
{
    public static void JoinedBridge(NetworkInterface port)
    {
        Port(port, "blocking");
        Port(port, "disabled");
        Say(port, $"device {port.Name} entered promiscuous mode");
        if (port.Carrier)
            Forwards(port);
    }

    public static void LeftBridge(NetworkInterface port, NetworkInterface bridge, int number)
    {
        if (port.Carrier)
            Say(bridge, $"{bridge.Name}: port {number}({port.Name}) entered disabled state");
        Say(port, $"device {port.Name} left promiscuous mode");
        Say(bridge, $"{bridge.Name}: port {number}({port.Name}) entered disabled state");
    }

    /// <summary>The link of a device has come or gone, and with it perhaps that of the other end of its cable.</summary>
    public static void CarrierChanged(NetworkInterface device, bool isUp)
    {
        if (device.Kind == InterfaceKind.Loopback)
            return;
        if (isUp)
            Say(device, $"IPv6: ADDRCONF(NETDEV_CHANGE): {device.Name}: link becomes ready");
        if (device.Bridge is null)
            return;
        if (isUp)
            Forwards(device);
        else
            Port(device, "disabled");
    }

    private static void Forwards(NetworkInterface port)
    {
        Port(port, "blocking");
        Port(port, "forwarding");
    }

    private static void Port(NetworkInterface port, string state) => Say(port.Bridge!, $"{port.Bridge!.Name}: port {port.PortNumber}({port.Name}) entered {state} state");

    private static void Say(NetworkInterface device, string message) => device.Namespace.LinkLog?.Invoke(message);
}
