using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// What the <c>network</c> unit does to a host: it configures the card when it starts and takes it down when it stops
/// (ifup and ifdown of the interface). A host without that unit is configured by its boot.
/// </summary>
public static class NetworkService
{
    /// <summary>Card up, address, default route; the neighbours hear of it.</summary>
    public static void Start(Host host)
    {
        var stack = host.Network.Stack;
        host.Lan.Configure(stack, Ipv4Address.Parse(host.Address));
        host.Network.Fabric.Announce(Card(host), host.World.Now);
    }

    /// <summary>The card loses its addresses and goes down, and with it every route that led through it.</summary>
    public static void Stop(Host host)
    {
        var (stack, card) = (host.Network.Stack, Card(host));
        foreach (var address in card.Addresses.ToList())
        {
            stack.RemoveAddress(card, address.Prefix);
        }

        stack.SetLink(card, false);
    }

    /// <summary>The power went: every interface that is no card, all rules, connections and settings are gone.</summary>
    internal static void Unplug(Host host)
    {
        var stack = host.Network.Stack;
        Card(host).Powered = false;
        Stop(host);
        foreach (var device in stack.Interfaces.Where(device => device.Kind is InterfaceKind.Bridge or InterfaceKind.Veth).ToList())
        {
            host.Network.Fabric.RemoveInterface(device);
        }

        stack.Sockets.Clear();
        stack.Netfilter.Reset();
        stack.Conntrack.Clear();
        stack.Sysctls.Reset();
    }

    internal static void Plug(Host host)
    {
        Card(host).Powered = true;
        if (host.Units.Find("network") is null)
        {
            Start(host);
        }
    }

    private static NetworkInterface Card(Host host) => host.Network.Stack.Interface(Lan.CardName)!;
}
