using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>Names, types and records of the DNS as its tools read and write them.</summary>
internal static class DnsWords
{
    private const int HeaderSize = 12;

    /// <summary>The serial, three intervals and the least time to live of an SOA record.</summary>
    private const int SoaNumbersSize = 20;

    /// <summary>A type by its name in any case; null when there is none of that name here.</summary>
    public static DnsType? Type(string word) => word.ToUpperInvariant() switch
    {
        "A" => DnsType.A,
        "AAAA" => DnsType.Aaaa,
        "CNAME" => DnsType.Cname,
        "MX" => DnsType.Mx,
        "NS" => DnsType.Ns,
        "PTR" => DnsType.Ptr,
        "SOA" => DnsType.Soa,
        "SRV" => DnsType.Srv,
        "TXT" => DnsType.Txt,
        _ => null,
    };

    public static string Name(DnsType type) => type.ToString().ToUpperInvariant();

    public static string Code(DnsCode code) => code switch
    {
        DnsCode.NoError => "NOERROR",
        DnsCode.NameError => "NXDOMAIN",
        DnsCode.ServerFailure => "SERVFAIL",
        _ => "REFUSED",
    };

    /// <summary>The name under which an address is looked up; null for what is no address.</summary>
    public static string? Reverse(string address) => Ipv4Address.TryParse(address, out _)
        ? string.Join('.', address.Split('.').Reverse()) + ".in-addr.arpa"
        : null;

    /// <summary>A record's data: names with their last dot, texts in quotes.</summary>
    public static string Data(DnsRecord record) => record.Type switch
    {
        DnsType.A or DnsType.Aaaa => record.Value,
        DnsType.Txt => $"\"{record.Value}\"",
        _ => record.Value + ".",
    };

    /// <summary>
    /// The SOA record that an authoritative server sends along when it has nothing else to say; CoreDNS' kubernetes plugin makes it of
    /// the zone's name and the time.
    /// </summary>
    public static DnsRecord? Authority(DnsAnswer answer, DateTimeOffset now) => answer is { IsAuthoritative: true, Zone: { } zone, Records.IsEmpty: true }
        ? new DnsRecord(zone, DnsType.Soa, 30, string.Create(
            CultureInfo.InvariantCulture, $"ns.dns.{zone}. hostmaster.{zone}. {now.ToUnixTimeSeconds()} 7200 1800 86400 30"))
        : null;

    /// <summary>The size of a message in bytes, names not compressed, without what EDNS adds.</summary>
    public static int Size(string name, DnsAnswer answer, DnsRecord? authority) =>
        HeaderSize + Size(name) + 4 + answer.Records.Sum(Size) + (authority is null ? 0 : Size(authority));

    private static int Size(DnsRecord record) => Size(record.Name) + 10 + record.Type switch
    {
        DnsType.A => 4,
        DnsType.Aaaa => 16,
        DnsType.Srv => 6 + Size(record.Value.Split(' ')[^1]),
        DnsType.Txt => record.Value.Length + 1,
        DnsType.Soa => SoaNumbersSize + record.Value.Split(' ').Take(2).Sum(name => Size(name[..^1])),
        _ => Size(record.Value),
    };

    private static int Size(string name) => name.Length == 0 ? 1 : name.Length + 2;
}
