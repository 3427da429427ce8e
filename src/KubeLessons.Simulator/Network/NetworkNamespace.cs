using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network;

/// <summary>
/// A host's network stack, or a pod's: interfaces, addresses, routes, neighbours, sysctls, iptables, conntrack and
/// sockets. Every packet that <see cref="Fabric"/> walks reads them as they are at that moment.
/// </summary>
public sealed class NetworkNamespace
{
    private readonly List<NetworkInterface> interfaces = [];
    private readonly Dictionary<Ipv4Address, NetworkInterface> localAddresses = [];
    private int lastIndex;

    internal NetworkNamespace(Fabric fabric, string name, Func<string, bool> isModuleLoaded)
    {
        (Fabric, Name) = (fabric, name);
        IsModuleLoaded = isModuleLoaded;
        Sysctls = new(isModuleLoaded) { Touched = Touch };
        Routes = new(this);
        Sockets = new(this);
        Netfilter = new() { Touched = Touch };
        Neighbours = new() { Outdated = Outdate };
        Conntrack = new() { Outdated = Outdate };
        Loopback = AddInterface("lo", InterfaceKind.Loopback);
    }

    public Fabric Fabric { get; }

    public string Name { get; }

    public NetworkInterface Loopback { get; }

    public IReadOnlyList<NetworkInterface> Interfaces => interfaces;

    public RoutingTable Routes { get; }

    public NeighbourTable Neighbours { get; }

    public NetworkSysctls Sysctls { get; }

    public SocketTable Sockets { get; }

    /// <summary>The iptables of this namespace.</summary>
    public FilterTables Netfilter { get; }

    /// <summary>Takes the lines that the LOG target writes into the kernel's log, with their moment.</summary>
    public Action<TimeSpan, string>? KernelLog { get; set; }

    /// <summary>Takes what the kernel says of links that come and go, and of the ports of bridges.</summary>
    public Action<string>? LinkLog { get; set; }

    internal ConnectionTracking Conntrack { get; }

    /// <summary>Grows with every change after which a packet may fare otherwise in this namespace than before.</summary>
    internal long Version { get; private set; }

    internal Func<string, bool> IsModuleLoaded { get; }

    public NetworkInterface? Interface(string name) => interfaces.Find(device => device.Name == name);

    /// <summary>Whether the host answers for the address: an address of any interface that is up, or 127.0.0.0/8.</summary>
    public bool IsLocal(Ipv4Address address) =>
        address.IsLoopback ? Loopback.AdminUp : localAddresses.TryGetValue(address, out var device) && device.AdminUp;

    /// <summary>
    /// Adds an address and the route to its network; false when the interface has it already ("Address already assigned").
    /// <paramref name="scope"/> is "global" unless the address is loopback's.
    /// </summary>
    public bool AddAddress(NetworkInterface device, Ipv4Prefix prefix, string? scope = null, bool broadcast = true)
    {
        var addresses = device.AddressList;
        if (addresses.Exists(address => address.Prefix == prefix))
            return false;
        scope ??= prefix.Address.IsLoopback ? "host" : "global";
        var isSecondary = addresses.Exists(address => address.Prefix.Network == prefix.Network);
        // The first addresses of their networks stand before all others.
        var place = isSecondary ? addresses.Count : addresses.TakeWhile(address => !address.IsSecondary).Count();
        addresses.Insert(place, new(prefix, scope) { HasBroadcast = broadcast && scope != "host" && prefix.Length < 31, IsSecondary = isSecondary });
        localAddresses.TryAdd(prefix.Address, device);
        Touch();
        if (device.AdminUp && !isSecondary)
            AddConnectedRoute(device, prefix);
        return true;
    }

    /// <summary>Removes an address, the route to its network, and what was sent from it; false when it is not there.</summary>
    public bool RemoveAddress(NetworkInterface device, Ipv4Prefix prefix)
    {
        if (device.AddressList.RemoveAll(address => address.Prefix == prefix) == 0)
            return false;
        localAddresses.Remove(prefix.Address);
        if (interfaces.Find(other => other.AddressList.Exists(address => address.Prefix.Address == prefix.Address)) is { } other)
            localAddresses.Add(prefix.Address, other);
        Routes.RemoveAll(route => ReferenceEquals(route.Device, device) && (route.PreferredSource == prefix.Address ||
            (route.Gateway is { } gateway && prefix.Contains(gateway) && !device.AddressList.Exists(address => address.Prefix.Contains(gateway)))));
        Promote(device, prefix);
        Touch();
        return true;
    }

    /// <summary>`ip link set DEVICE up|down`. Down takes the device's routes and neighbours away; up brings back only those of its addresses.</summary>
    public void SetLink(NetworkInterface device, bool up)
    {
        if (device.AdminUp == up)
            return;
        var (had, hadOther) = (device.Carrier, device.Peer?.Carrier ?? false);
        device.AdminUp = up;
        Touch();
        if (up)
        {
            device.WasUp = true;
            foreach (var address in device.Addresses.Where(address => !address.IsSecondary))
                AddConnectedRoute(device, address.Prefix);
        }
        else
        {
            Routes.RemoveAll(route => ReferenceEquals(route.Device, device));
            Neighbours.Flush(device);
        }
        if (device.Carrier != had)
            LinkMessages.CarrierChanged(device, up);
        if (device.Peer is { } other && other.Carrier != hadOther)
            LinkMessages.CarrierChanged(other, up);
    }

    /// <summary>Gives the device another name; false when there is one of that name.</summary>
    public bool Rename(NetworkInterface device, string name)
    {
        if (Interface(name) is not null)
            return false;
        Sysctls.RemoveInterface(device.Name);
        device.Name = name;
        Sysctls.AddInterface(name);
        Outdate();
        return true;
    }

    /// <summary>Makes the device a port of the bridge, or, with null, of none.</summary>
    public void SetBridge(NetworkInterface device, NetworkInterface? bridge)
    {
        var (old, number) = (device.Bridge, device.PortNumber);
        old?.PortList.Remove(device);
        device.Bridge = bridge;
        Touch();
        if (old is not null)
            LinkMessages.LeftBridge(device, old, number);
        if (bridge is null)
            return;
        device.PortNumber = 1;
        while (bridge.PortList.Exists(port => port.PortNumber == device.PortNumber))
            device.PortNumber++;
        bridge.PortList.Add(device);
        Touch();
        LinkMessages.JoinedBridge(device);
    }

    /// <summary>Something changed here that may let through what was stopped before, or stop what was let through.</summary>
    internal void Touch()
    {
        Version++;
        Fabric.Tell();
    }

    /// <summary>The same, where only a way that is in use can have changed: nobody needs to be told.</summary>
    internal void Outdate() => Version++;

    internal NetworkInterface AddInterface(string name, InterfaceKind kind)
    {
        var device = new NetworkInterface(this, name, kind, ++lastIndex, kind == InterfaceKind.Loopback ? default : Fabric.NextMac());
        interfaces.Add(device);
        Sysctls.AddInterface(name);
        if (kind == InterfaceKind.Loopback)
        {
            AddAddress(device, new Ipv4Prefix(Ipv4Address.Loopback, 8));
            SetLink(device, true);
        }
        return device;
    }

    /// <summary>Takes the device out of this namespace, with all that depended on it.</summary>
    internal void RemoveInterface(NetworkInterface device)
    {
        SetLink(device, false);
        foreach (var address in device.AddressList.ToList())
            RemoveAddress(device, address.Prefix);
        foreach (var port in device.PortList.ToList())
            SetBridge(port, null);
        SetBridge(device, null);
        interfaces.Remove(device);
        Sysctls.RemoveInterface(device.Name);
    }

    /// <summary>The address a packet gets that leaves through a device without having one: one in the gateway's network, or the first.</summary>
    internal Ipv4Address SourceFor(NetworkInterface device, Ipv4Address? gateway)
    {
        if (gateway is { } next)
        {
            foreach (var address in device.Addresses)
            {
                if (address.Scope != "host" && address.Prefix.Contains(next))
                    return address.Prefix.Address;
            }
        }
        if (device.Addresses.FirstOrDefault(address => address.Scope != "host") is { } first)
            return first.Prefix.Address;
        foreach (var other in interfaces)
        {
            foreach (var address in other.Addresses)
            {
                if (address.Scope != "host")
                    return address.Prefix.Address;
            }
        }
        return Ipv4Address.Any;
    }

    // The next address of a network takes the place of the one that went (promote_secondaries, which systemd sets).
    private void Promote(NetworkInterface device, Ipv4Prefix removed)
    {
        var place = device.AddressList.FindIndex(address => address.IsSecondary && address.Prefix.Network == removed.Network);
        if (place < 0 || device.AddressList.Exists(address => !address.IsSecondary && address.Prefix.Network == removed.Network))
            return;
        device.AddressList[place] = device.AddressList[place] with { IsSecondary = false };
        if (device.AdminUp)
            AddConnectedRoute(device, device.AddressList[place].Prefix);
    }

    private void AddConnectedRoute(NetworkInterface device, Ipv4Prefix prefix)
    {
        // A /32 has no network beside the address itself, and loopback's network is in the local table.
        if (prefix.Length < 32 && device.Kind != InterfaceKind.Loopback)
            Routes.Add(new(prefix.Network, device) { Protocol = "kernel", Scope = "link", PreferredSource = prefix.Address });
    }
}
