using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Dns;

/// <summary>
/// The lines of CoreDNS' log plugin:
/// <c>[INFO] 172.16.1.2:41810 - 3410 "A IN web.default.svc.cluster.local. udp 47 false 512" NOERROR qr,aa,rd 92 0.000120s</c>.
/// </summary>
internal static class QueryLog
{
    private const int HeaderSize = 12;

    /// <summary>The zone, the server's and the keeper's name and five numbers of the SOA record that comes with "no such name".</summary>
    private const int AuthoritySize = 93;

    public static string Line(DnsQuestion question, DnsAnswer answer, bool hasFailed, int id)
    {
        var asked = HeaderSize + Size(question.Name) + 4;
        var head = string.Create(CultureInfo.InvariantCulture,
            $"[INFO] {question.Client} - {id} \"{TypeName(question.Type)} IN {question.Name}. udp {asked} false 512\"");
        var took = answer.Takes.TotalSeconds.ToString("0.000000000", CultureInfo.InvariantCulture);
        if (hasFailed)
        {
            return $"{head} - - 0 {took}s";
        }

        var size = asked + answer.Records.Sum(static record => Size(record.Name) + 10 + DataSize(record));
        if (answer.Records.IsEmpty && answer.IsAuthoritative)
        {
            size += AuthoritySize;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{head} {CodeName(answer.Code)} {(answer.IsAuthoritative ? "qr,aa,rd" : "qr,rd,ra")} {size} {took}s");
    }

    public static string TypeName(DnsType type) => type.ToString().ToUpperInvariant();

    public static string CodeName(DnsCode code) => code switch
    {
        DnsCode.NoError => "NOERROR",
        DnsCode.NameError => "NXDOMAIN",
        DnsCode.ServerFailure => "SERVFAIL",
        _ => "REFUSED",
    };

    // A name in a message: a length before each label, and an empty one at the end.
    private static int Size(string name) => name.Length + 2;

    private static int DataSize(DnsRecord record) => record.Type switch
    {
        DnsType.A => 4,
        DnsType.Aaaa => 16,
        DnsType.Srv => 6 + Size(record.Value.Split(' ')[^1]),
        DnsType.Txt => record.Value.Length + 1,
        _ => Size(record.Value),
    };
}
