using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>How iptables reads -s and -d: one or more addresses, each with a prefix length or a mask.</summary>
internal static class AddressReading
{
    public static string? Read(string text, bool not, out List<AddressMatch> addresses)
    {
        addresses = [];
        var words = text.Split(',');
        if (words.Length > 1 && not)
            return "! not allowed with multiple source or destination IP addresses";
        foreach (var word in words)
        {
            var slash = word.IndexOf('/');
            var mask = uint.MaxValue;
            if (slash >= 0 && !Mask(word[(slash + 1)..], out mask))
                return $"invalid mask `{word[(slash + 1)..]}' specified";
            var name = slash < 0 ? word : word[..slash];
            if (!Address(name, out var address))
                return $"host/network `{name}' not found";
            addresses.Add(new(new(address.Value & mask), mask, not));
        }
        return null;
    }

    // Missing octets at the end are zeros: "10" is 10.0.0.0.
    private static bool Address(string text, out Ipv4Address address)
    {
        if (text == "localhost")
        {
            address = Ipv4Address.Loopback;
            return true;
        }
        var octets = text.Count(letter => letter == '.') + 1;
        return Ipv4Address.TryParse(octets < 4 ? text + string.Concat(Enumerable.Repeat(".0", 4 - octets)) : text, out address);
    }

    private static bool Mask(string text, out uint mask)
    {
        mask = 0;
        if (Ipv4Address.TryParse(text, out var dotted))
        {
            mask = dotted.Value;
            return true;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > 32)
            return false;
        mask = new Ipv4Prefix(default, length).Mask;
        return true;
    }
}
