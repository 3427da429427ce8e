using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>What dig prints of one answer.</summary>
internal sealed class DigReply(DigRequest request, DnsProbe probe, BindRelease release, string name, DateTimeOffset now, SeededRandom random)
{
    /// <summary>The OPT record of EDNS, and the cookie in it.</summary>
    private const int OptionsSize = 11;
    private const int CookieSize = 12;

    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        var answer = probe.Answer!;
        var authority = DnsWords.Authority(answer, now);
        if (request.ShowsComments)
        {
            WriteHeader(answer, authority);
        }

        if (request.ShowsQuestion)
        {
            Comment(";; QUESTION SECTION:\n");
            var line = new Columns(name == "." ? name : name + ".");
            line.To(32).Add("IN").To(40).Add(DnsWords.Name(request.Type));
            _text.Append(';').Append(line).Append('\n');
            Comment("\n");
        }

        if (request.ShowsAnswer && !answer.Records.IsEmpty)
        {
            Comment(";; ANSWER SECTION:\n");
            foreach (var record in answer.Records)
            {
                _text.Append(Row(record, DnsWords.Data(record)));
            }

            Comment("\n");
        }

        if (request.ShowsAuthority && authority is not null)
        {
            Comment(";; AUTHORITY SECTION:\n");
            _text.Append(Row(authority, authority.Value));
            Comment("\n");
        }

        if (request.ShowsStatistics)
        {
            WriteStatistics(answer, authority);
        }

        return _text.ToString();
    }

    private void Comment(string text) => _text.Append(request.ShowsComments ? text : "");

    private bool HasCookie => release.IsModern && request.HasEdns;

    private void WriteHeader(DnsAnswer answer, DnsRecord? authority)
    {
        // CoreDNS recurses for names outside of its zones only.
        var flags = "qr" + (answer.IsAuthoritative ? " aa" : "") + (request.Recurses ? " rd" : "") + (answer.IsAuthoritative ? "" : " ra");
        _text.Append(";; Got answer:\n");
        if (release.IsModern && (name == "local" || name.EndsWith(".local", StringComparison.Ordinal)))
        {
            _text.Append(";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n");
        }

        _text.Append(CultureInfo.InvariantCulture, $";; ->>HEADER<<- opcode: QUERY, status: {DnsWords.Code(answer.Code)}, id: {random.Next(65536)}\n");
        _text.Append(CultureInfo.InvariantCulture, $";; flags: {flags}; QUERY: 1, ANSWER: {answer.Records.Length}, AUTHORITY: {(authority is null ? 0 : 1)}, ADDITIONAL: {(request.HasEdns ? 1 : 0)}\n");
        if (request.Recurses && answer.IsAuthoritative)
        {
            _text.Append(";; WARNING: recursion requested but not available\n");
        }

        _text.Append('\n');
        if (request.HasEdns)
        {
            _text.Append(";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ").Append(release.IsModern ? "1232\n" : "4096\n");
            _text.Append(HasCookie ? $"; COOKIE: {random.NextHex(16)} (echoed)\n" : "");
        }
    }

    private void WriteStatistics(DnsAnswer answer, DnsRecord? authority)
    {
        var size = DnsWords.Size(name == "." ? "" : name, answer, authority) + (request.HasEdns ? OptionsSize : 0) + (HasCookie ? CookieSize : 0);
        _text.Append(CultureInfo.InvariantCulture, $";; Query time: {(int)probe.Took.TotalMilliseconds} msec\n");
        _text.Append(CultureInfo.InvariantCulture, $";; SERVER: {probe.Server}#{probe.Port}({probe.Server}){(release.IsModern ? " (UDP)" : "")}\n");
        _text.Append(CultureInfo.InvariantCulture, $";; WHEN: {now:ddd MMM dd HH:mm:ss} UTC {now:yyyy}\n;; MSG SIZE  rcvd: {size}\n\n");
    }

    private static string Row(DnsRecord record, string data)
    {
        var line = new Columns(record.Name + ".");
        line.To(24).Add(record.TtlSeconds.ToString(CultureInfo.InvariantCulture)).To(32).Add("IN").To(40).Add(DnsWords.Name(record.Type)).To(48).Add(data);
        return line + "\n";
    }

    /// <summary>A line whose parts stand at tab stops while there is room, and one blank apart when there is none (BIND's master file style).</summary>
    private sealed class Columns(string start)
    {
        private const int Tab = 8;

        private readonly StringBuilder _line = new(start);
        private int _width = start.Length;

        public Columns To(int column)
        {
            if (_width >= column)
            {
                return Add(" ");
            }

            _line.Append('\t', ((column - (_width / Tab * Tab)) + Tab - 1) / Tab);
            _width = column;
            return this;
        }

        public Columns Add(string text)
        {
            _line.Append(text);
            _width += text.Length;
            return this;
        }

        public override string ToString() => _line.ToString();
    }
}
