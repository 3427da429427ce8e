using System.Globalization;

namespace KubeLessons.Simulator.Network;

/// <summary>An Ethernet address: the low 48 bits of <paramref name="Value"/>.</summary>
public readonly record struct MacAddress(ulong Value)
{
    public static readonly MacAddress Broadcast = new(0xffff_ffff_ffff);

    public override string ToString()
    {
        var value = Value;
        return string.Create(17, value, static (text, bits) =>
        {
            for (var octet = 0; octet < 6; octet++)
            {
                ((byte)(bits >> 40 - octet * 8)).TryFormat(text[(octet * 3)..], out _, "x2", CultureInfo.InvariantCulture);
                if (octet < 5)
                    text[octet * 3 + 2] = ':';
            }
        });
    }
}
