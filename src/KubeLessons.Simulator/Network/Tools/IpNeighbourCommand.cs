using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>`ip neighbour`.</summary>
internal static class IpNeighbourCommand
{
    public static CommandOutput Run(IpArguments arguments)
    {
        var command = arguments.Command("neigh", out var failure, "show", "add", "replace", "change", "del", "flush");
        return command switch
        {
            null => failure!,
            "show" or "flush" => ForAll(arguments, command == "flush"),
            _ => Change(arguments, command),
        };
    }

    private static CommandOutput ForAll(IpArguments arguments, bool flushes)
    {
        string? device = null;
        Ipv4Address? only = null;
        while (arguments.Next() is { } word)
        {
            if (word == "dev")
                device = arguments.Next();
            else if (word is not ("all" or "to" or "nud"))
                only = Ipv4Address.TryParse(word, out var address) ? address : null;
        }
        if (device is not null && arguments.Host.Interface(device) is null)
            return IpArguments.NoDevice(device);
        var table = arguments.Host.Neighbours;
        var text = new StringBuilder();
        foreach (var entry in table.Entries.Where(entry => (device is null || entry.Device.Name == device) && (only is null || entry.Ip == only)).ToList())
        {
            var state = entry.StateAt(arguments.Now);
            if (flushes)
            {
                if (state != NeighbourState.Permanent)
                    table.Remove(entry.Device, entry.Ip);
                continue;
            }
            text.Append(entry.Ip);
            if (device is null)
                text.Append(" dev ").Append(entry.Device.Name);
            if (entry.Mac is { } mac)
                text.Append(" lladdr ").Append(mac);
            text.Append(' ').Append(state.ToString().ToUpperInvariant()).Append(" \n");
        }
        return CommandOutput.Print(text.ToString());
    }

    private static CommandOutput Change(IpArguments arguments, string command)
    {
        NetworkInterface? device = null;
        Ipv4Address? ip = null;
        MacAddress? mac = null;
        while (arguments.Next() is { } word)
        {
            switch (word)
            {
                case "dev":
                    var name = arguments.Next() ?? "";
                    device = arguments.Host.Interface(name);
                    if (device is null)
                        return IpArguments.NoDevice(name);
                    break;
                case "lladdr":
                    if (!IpLinkCommand.TryMac(arguments.Next() ?? "", out var read))
                        return new(1, "", "\"lladdr\" is invalid lladdr.\n");
                    mac = read;
                    break;
                case "nud":
                    arguments.Next();
                    break;
                default:
                    if (!Ipv4Address.TryParse(word == "to" ? arguments.Next() : word, out var address))
                        return new(1, "", $"Error: any valid address is expected rather than \"{word}\".\n");
                    ip = address;
                    break;
            }
        }
        if (device is null || ip is not { } wanted)
            return new(255, "", "Device and destination are required arguments.\n");
        var table = arguments.Host.Neighbours;
        var known = table.Entries.Any(entry => ReferenceEquals(entry.Device, device) && entry.Ip == wanted);
        if (command == "del")
            return table.Remove(device, wanted) ? CommandOutput.Nothing : IpArguments.Kernel("No such file or directory");
        if (command == "add" && known)
            return IpArguments.Kernel("File exists");
        if (mac is { } given)
            table.AddPermanent(device, wanted, given);
        return CommandOutput.Nothing;
    }
}
