using System.Collections.Immutable;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Dns;

/// <summary>Names and the zones that they lie in. The root zone is "".</summary>
internal static class ZoneNames
{
    private const string Reverse = "in-addr.arpa";

    public static bool Contains(string zone, string name) =>
        zone.Length == 0 || name == zone || (name.EndsWith(zone, StringComparison.Ordinal) && name[^(zone.Length + 1)] == '.');

    /// <summary>The longest of the zones that a name lies in; null: none.</summary>
    public static string? Longest(ImmutableArray<string> zones, string name)
    {
        string? longest = null;
        foreach (var zone in zones)
        {
            if (Contains(zone, name) && (longest is null || zone.Length > longest.Length))
            {
                longest = zone;
            }
        }

        return longest;
    }

    /// <summary>Whether a zone holds the names of addresses.</summary>
    public static bool IsReverse(string zone) => Contains(Reverse, zone) || Contains("ip6.arpa", zone);

    /// <summary>The address that <c>4.3.2.1.in-addr.arpa</c> stands for; null: none.</summary>
    public static string? AddressOf(string name)
    {
        if (!Contains(Reverse, name) || name.Length <= Reverse.Length)
        {
            return null;
        }

        var parts = name[..^(Reverse.Length + 1)].Split('.');
        Array.Reverse(parts);
        var address = string.Join('.', parts);
        return Ipv4Address.TryParse(address, out _) ? address : null;
    }
}
