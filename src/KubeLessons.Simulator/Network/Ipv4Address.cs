using System.Globalization;

namespace KubeLessons.Simulator.Network;

/// <summary>An IPv4 address, held in host byte order so that it compares and masks as a number.</summary>
public readonly record struct Ipv4Address(uint Value) : IComparable<Ipv4Address>
{
    /// <summary>0.0.0.0: every address of the host when listening, "choose one" when sending.</summary>
    public static readonly Ipv4Address Any = default;

    public static readonly Ipv4Address Loopback = new(0x7f000001);

    public static readonly Ipv4Address Broadcast = new(uint.MaxValue);

    public bool IsAny => Value == 0;

    /// <summary>In 127.0.0.0/8.</summary>
    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>In 224.0.0.0/4.</summary>
    public bool IsMulticast => Value >> 28 == 14;

    /// <summary>Reads four decimal octets, as inet_pton does; throws when the text is anything else.</summary>
    public static Ipv4Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IPv4 address");

    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address)
    {
        address = default;
        var value = 0u;
        for (var octets = 0; ; octets++)
        {
            var dot = text.IndexOf('.');
            var part = dot < 0 ? text : text[..dot];
            if (part.Length is 0 or > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
                return false;
            value = value << 8 | octet;
            if (dot < 0)
            {
                address = new(value);
                return octets == 3;
            }
            if (octets == 3)
                return false;
            text = text[(dot + 1)..];
        }
    }

    public int CompareTo(Ipv4Address other) => Value.CompareTo(other.Value);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 24}.{Value >> 16 & 255}.{Value >> 8 & 255}.{Value & 255}");
}
