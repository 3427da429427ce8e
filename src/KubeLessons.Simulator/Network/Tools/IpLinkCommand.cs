using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>`ip link`.</summary>
internal static class IpLinkCommand
{
    public static CommandOutput Run(IpArguments arguments) => arguments.Command("link", out var failure, "show", "set", "add", "del") switch
    {
        null => failure!,
        "show" => Show(arguments),
        "set" => Set(arguments),
        "add" => Add(arguments),
        _ => Delete(arguments),
    };

    private static CommandOutput Show(IpArguments arguments)
    {
        var host = arguments.Host;
        IEnumerable<NetworkInterface> devices = host.Interfaces;
        while (arguments.Next() is { } word)
        {
            switch (word)
            {
                case "up":
                    devices = devices.Where(device => device.AdminUp);
                    break;
                case "type":
                    var type = arguments.Next();
                    devices = devices.Where(device => device.Kind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase));
                    break;
                case "master":
                    var master = arguments.Next();
                    devices = devices.Where(device => device.Bridge?.Name == master);
                    break;
                default:
                    var name = word == "dev" ? arguments.Next() ?? "" : word;
                    if (host.Interface(name) is not { } one)
                        return new(1, "", $"Device \"{name}\" does not exist.\n");
                    devices = [one];
                    break;
            }
        }
        var text = new StringBuilder();
        foreach (var device in devices.OrderBy(device => device.Index))
        {
            if (arguments.IsBrief)
            {
                text.Append($"{LinkText.Name(device),-16} {LinkText.State(device),-14} {device.Mac} {LinkText.Flags(device)} \n");
                continue;
            }
            text.Append(LinkText.Lines(device, withMode: true, withAddress: true, arguments.IsOneLine ? "\\" : "\n"));
        }
        return CommandOutput.Print(text.ToString());
    }

    private static CommandOutput Set(IpArguments arguments)
    {
        var host = arguments.Host;
        var name = arguments.Next();
        if (name == "dev")
            name = arguments.Next();
        if (name is null)
            return IpArguments.Missing("dev", 255);
        if (host.Interface(name) is not { } device)
            return IpArguments.NoDevice(name);
        while (arguments.Next() is { } word)
        {
            switch (word)
            {
                case "up" or "down":
                    host.SetLink(device, word == "up");
                    break;
                case "mtu":
                    var size = arguments.Next() ?? "";
                    if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu))
                        return new(255, "", $"Error: argument \"{size}\" is wrong: Invalid \"mtu\" value\n\n");
                    device.Mtu = mtu;
                    break;
                case "name":
                    if (!host.Rename(device, arguments.Next() ?? ""))
                        return IpArguments.Kernel("File exists");
                    break;
                case "address":
                    if (!TryMac(arguments.Next() ?? "", out var mac))
                        return new(1, "", $"\"{word}\" is invalid lladdr.\n");
                    device.Mac = mac;
                    break;
                case "master":
                    var master = arguments.Next() ?? "";
                    if (host.Interface(master) is not { } bridge)
                        return new(255, "", $"Error: argument \"{master}\" is wrong: Device does not exist\n\n");
                    if (bridge.Kind != InterfaceKind.Bridge)
                        return IpArguments.Kernel("Operation not supported");
                    host.SetBridge(device, bridge);
                    break;
                case "nomaster":
                    host.SetBridge(device, null);
                    break;
                case "promisc" or "arp" or "multicast" or "txqueuelen" or "qlen":
                    arguments.Next();
                    break;
                default:
                    return new(255, "", $"Error: either \"dev\" is duplicate, or \"{word}\" is a garbage.\n");
            }
        }
        return CommandOutput.Nothing;
    }

    private static CommandOutput Add(IpArguments arguments)
    {
        var host = arguments.Host;
        string? name = null, type = null, peer = null;
        MacAddress? mac = null, peerMac = null;
        while (arguments.Next() is { } word)
        {
            switch (word)
            {
                case "name" or "dev" when type is null:
                    name = arguments.Next();
                    break;
                case "address":
                    if (!TryMac(arguments.Next() ?? "", out var read))
                        return new(1, "", "\"address\" is invalid lladdr.\n");
                    if (peer is null)
                        mac = read;
                    else
                        peerMac = read;
                    break;
                case "type":
                    type = arguments.Next();
                    break;
                case "peer":
                    peer = "";
                    break;
                case "name":
                    peer = arguments.Next();
                    break;
                default:
                    if (type is not null)
                        return new(255, "", $"{type}: unknown command \"{word}\"?\n");
                    name = word;
                    break;
            }
        }
        if (type is null)
            return IpArguments.Missing("type", end: "");
        if (type is not ("bridge" or "veth" or "dummy"))
            return IpArguments.Refused("Unknown device type.");
        name ??= Free(host, type);
        if (host.Interface(name) is not null || (type == "veth" && peer is { Length: > 0 } && host.Interface(peer) is not null))
            return IpArguments.Kernel("File exists");
        var added = type switch
        {
            "bridge" => host.Fabric.AddBridge(host, name),
            "dummy" => host.Fabric.AddDummy(host, name),
            _ => host.Fabric.AddVeth(host, name, host, peer is { Length: > 0 } ? peer : Free(host, "veth")).One,
        };
        added.Mac = mac ?? added.Mac;
        if (added.Peer is { } other)
            other.Mac = peerMac ?? other.Mac;
        return CommandOutput.Nothing;
    }

    private static CommandOutput Delete(IpArguments arguments)
    {
        var name = arguments.Next();
        if (name == "dev")
            name = arguments.Next();
        if (name is null)
            return IpArguments.Missing("dev", 255);
        if (arguments.Host.Interface(name) is not { } device)
            return IpArguments.NoDevice(name);
        if (device.Kind is InterfaceKind.Loopback or InterfaceKind.Physical)
            return IpArguments.Kernel("Operation not supported");
        arguments.Host.Fabric.RemoveInterface(device);
        return CommandOutput.Nothing;
    }

    private static string Free(NetworkNamespace host, string type)
    {
        var number = 0;
        while (host.Interface($"{type}{number}") is not null)
            number++;
        return $"{type}{number}";
    }

    internal static bool TryMac(string text, out MacAddress mac)
    {
        mac = default;
        var parts = text.Split(':');
        if (parts.Length != 6)
            return false;
        ulong value = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 2 || !byte.TryParse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var octet))
                return false;
            value = value << 8 | octet;
        }
        mac = new(value);
        return true;
    }
}
