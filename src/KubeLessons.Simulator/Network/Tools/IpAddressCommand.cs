using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>`ip address`.</summary>
internal static class IpAddressCommand
{
    public static CommandOutput Run(IpArguments arguments) => arguments.Command("address", out var failure, "show", "add", "del", "flush", "replace", "change") switch
    {
        null => failure!,
        "show" => Show(arguments),
        "flush" => Flush(arguments),
        "del" => Change(arguments, adds: false),
        _ => Change(arguments, adds: true),
    };

    private static CommandOutput Show(IpArguments arguments)
    {
        var host = arguments.Host;
        IEnumerable<NetworkInterface> devices = host.Interfaces;
        while (arguments.Next() is { } word)
        {
            var name = word == "dev" ? arguments.Next() ?? "" : word;
            if (word == "up")
                devices = devices.Where(device => device.AdminUp);
            else if (host.Interface(name) is { } one)
                devices = [one];
            else
                return new(1, "", $"Device \"{name}\" does not exist.\n");
        }
        if (arguments.IsIpv6)
            return CommandOutput.Nothing;
        var text = new StringBuilder();
        foreach (var device in devices.OrderBy(device => device.Index))
        {
            if (arguments.IsBrief)
                text.Append($"{LinkText.Name(device),-16} {LinkText.State(device),-14} {string.Concat(device.Addresses.Select(address => $"{address.Prefix} "))}\n");
            else if (!arguments.HasFamily || device.Addresses.Count > 0)
                Write(text, device, arguments);
        }
        return CommandOutput.Print(text.ToString());
    }

    private static void Write(StringBuilder text, NetworkInterface device, IpArguments arguments)
    {
        var end = arguments.IsOneLine ? "\\" : "\n";
        if (!arguments.IsOneLine || !arguments.HasFamily)
            text.Append(LinkText.Lines(device, withMode: false, withAddress: !arguments.HasFamily, end));
        foreach (var address in device.Addresses)
        {
            text.Append(arguments.IsOneLine ? $"{device.Index}: {device.Name}    inet " : "    inet ").Append(address.Prefix);
            if (address.HasBroadcast)
                text.Append(" brd ").Append(address.Prefix.BroadcastAddress);
            text.Append(" scope ").Append(address.Scope).Append(address.IsSecondary ? " secondary " : " ").Append(device.Name);
            text.Append(end).Append("       valid_lft forever preferred_lft forever\n");
        }
    }

    private static CommandOutput Change(IpArguments arguments, bool adds)
    {
        var host = arguments.Host;
        Ipv4Prefix? prefix = null;
        NetworkInterface? device = null;
        string? scope = null;
        var broadcast = false;
        while (arguments.Next() is { } word)
        {
            switch (word)
            {
                case "dev":
                    var name = arguments.Next() ?? "";
                    device = host.Interface(name);
                    if (device is null)
                        return IpArguments.NoDevice(name);
                    break;
                case "brd" or "broadcast":
                    broadcast = arguments.Next() is not null;
                    break;
                case "scope":
                    scope = arguments.Next();
                    break;
                case "label" or "valid_lft" or "preferred_lft":
                    arguments.Next();
                    break;
                default:
                    if (!Ipv4Prefix.TryParse(word, out var read))
                        return IpArguments.BadPrefix(word);
                    prefix = read;
                    break;
            }
        }
        if (device is null)
            return IpArguments.Missing("dev");
        if (prefix is not { } wanted)
            return IpArguments.Kernel("Operation not supported");
        if (!adds)
            return host.RemoveAddress(device, wanted) ? CommandOutput.Nothing : IpArguments.Refused("ipv4: Address not found.");
        return host.AddAddress(device, wanted, scope, broadcast) ? CommandOutput.Nothing : IpArguments.Refused("ipv4: Address already assigned.");
    }

    private static CommandOutput Flush(IpArguments arguments)
    {
        var name = arguments.Next();
        if (name == "dev")
            name = arguments.Next();
        if (name is null)
            return new(255, "", "Flush requires arguments.\n");
        if (arguments.Host.Interface(name) is not { } device)
            return new(1, "", $"Device \"{name}\" does not exist.\n");
        foreach (var address in device.Addresses.ToList())
            arguments.Host.RemoveAddress(device, address.Prefix);
        return CommandOutput.Nothing;
    }
}
