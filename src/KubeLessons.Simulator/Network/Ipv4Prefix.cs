using System.Globalization;

namespace KubeLessons.Simulator.Network;

/// <summary>An address with a prefix length, such as 172.16.1.0/24. The host bits are kept: an interface's address is one of these too.</summary>
public readonly record struct Ipv4Prefix(Ipv4Address Address, int Length)
{
    /// <summary>0.0.0.0/0: the destination of a default route.</summary>
    public static readonly Ipv4Prefix Everything = default;

    public uint Mask => Length == 0 ? 0 : uint.MaxValue << 32 - Length;

    /// <summary>The same prefix with its host bits cleared.</summary>
    public Ipv4Prefix Network => new(new Ipv4Address(Address.Value & Mask), Length);

    public Ipv4Address BroadcastAddress => new(Address.Value | ~Mask);

    public bool Contains(Ipv4Address address) => ((address.Value ^ Address.Value) & Mask) == 0;

    /// <summary>The n-th address of the network; 1 is, by custom, the gateway.</summary>
    public Ipv4Address Host(uint number) => new((Address.Value & Mask) + number);

    /// <summary>Reads "a.b.c.d/n", or "a.b.c.d" as a /32; throws when the text is neither.</summary>
    public static Ipv4Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not an IPv4 prefix");

    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        var length = 32;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 32))
            return false;
        if (!Ipv4Address.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        prefix = new(address, length);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
