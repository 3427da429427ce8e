using System.Globalization;
using System.Net;
using System.Text;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>A certificate as <c>openssl x509</c> writes it out.</summary>
internal static class CertificateText
{
    private const int KeyBytes = 256;

    /// <summary>All of it: <c>-text</c>.</summary>
    public static string Whole(Certificate certificate)
    {
        var text = new StringBuilder("Certificate:\n    Data:\n        Version: 3 (0x2)\n");
        text.Append(CultureInfo.InvariantCulture, $"        Serial Number: {certificate.Serial} (0x{certificate.Serial:x})\n");
        text.Append("        Signature Algorithm: sha256WithRSAEncryption\n");
        text.Append(CultureInfo.InvariantCulture, $"        Issuer: {certificate.Issuer}\n        Validity\n");
        text.Append(CultureInfo.InvariantCulture, $"            Not Before: {Time(certificate.NotBefore)}\n            Not After : {Time(certificate.NotAfter)}\n");
        text.Append(CultureInfo.InvariantCulture, $"        Subject: {certificate.Subject}\n        Subject Public Key Info:\n");
        text.Append("            Public Key Algorithm: rsaEncryption\n                Public-Key: (2048 bit)\n                Modulus:\n");

        // The first bit is set: a zero byte says that the number is not negative.
        Bytes(text, [0, .. Pem.Stretch(certificate.Key, KeyBytes)], 15, 20);
        text.Append("                Exponent: 65537 (0x10001)\n        X509v3 extensions:\n");
        foreach (var (name, value) in Extensions(certificate))
        {
            text.Append(CultureInfo.InvariantCulture, $"            {name}\n                {value}\n");
        }

        text.Append("    Signature Algorithm: sha256WithRSAEncryption\n    Signature Value:\n");
        Bytes(text, Pem.Stretch(certificate.Signature, KeyBytes), 18, 8);
        return text.ToString();
    }

    /// <summary>One extension by openssl's short name: <c>-ext subjectAltName</c>; null when the certificate lacks it.</summary>
    public static string? Extension(Certificate certificate, string shortName)
    {
        var wanted = shortName switch
        {
            "subjectAltName" => "X509v3 Subject Alternative Name",
            "keyUsage" => "X509v3 Key Usage",
            "extendedKeyUsage" => "X509v3 Extended Key Usage",
            "basicConstraints" => "X509v3 Basic Constraints",
            _ => "",
        };
        foreach (var (name, value) in Extensions(certificate))
        {
            if (wanted.Length > 0 && name.StartsWith(wanted, StringComparison.Ordinal))
            {
                return $"{name}\n    {value}\n";
            }
        }

        return null;
    }

    /// <summary>Such as <c>Jan  5 00:00:00 2026 GMT</c>.</summary>
    public static string Time(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:MMM} {time.UtcDateTime.Day,2} {time.UtcDateTime:HH:mm:ss yyyy} GMT");

    /// <summary>A name with <c>-nameopt RFC2253</c>: the last part first.</summary>
    public static string Reversed(CertificateSubject name) =>
        string.Join(',', name.Organizations.Select(organization => "O=" + organization).Append("CN=" + name.CommonName).Reverse());

    private static IEnumerable<(string Name, string Value)> Extensions(Certificate certificate)
    {
        yield return ("X509v3 Key Usage: critical", "Digital Signature, Key Encipherment" + (certificate.IsAuthority ? ", Certificate Sign" : ""));
        if (certificate.ForServers || certificate.ForClients)
        {
            yield return ("X509v3 Extended Key Usage: ", string.Join(", ", (IEnumerable<string>)
            [
                .. certificate.ForServers ? ["TLS Web Server Authentication"] : (string[])[],
                .. certificate.ForClients ? ["TLS Web Client Authentication"] : (string[])[],
            ]));
        }

        yield return ("X509v3 Basic Constraints: critical", certificate.IsAuthority ? "CA:TRUE" : "CA:FALSE");
        if (certificate.AlternativeNames.Length > 0)
        {
            yield return ("X509v3 Subject Alternative Name: ", string.Join(
                ", ", certificate.AlternativeNames.Select(name => (IPAddress.TryParse(name, out _) ? "IP Address:" : "DNS:") + name)));
        }
    }

    private static void Bytes(StringBuilder text, ReadOnlySpan<byte> bytes, int perLine, int indent)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i % perLine == 0)
            {
                text.Append(' ', indent);
            }

            text.Append(CultureInfo.InvariantCulture, $"{bytes[i]:x2}");
            text.Append(i == bytes.Length - 1 ? "\n" : i % perLine == perLine - 1 ? ":\n" : ":");
        }
    }
}
