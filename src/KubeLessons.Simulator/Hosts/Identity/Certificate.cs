using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>
/// An X.509 certificate of the simulated world. Its DER is well-formed, so that any tool can read it; the public key and the
/// signature are stand-ins that come from the seed: nobody's secret, and good for nothing outside.
/// </summary>
public sealed record Certificate(CertificateSubject Subject, CertificateSubject Issuer)
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    public ulong Serial { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset NotAfter { get; init; }

    public bool IsAuthority { get; init; }

    /// <summary>Subject alternative names: host names and IPv4 addresses.</summary>
    public ImmutableArray<string> AlternativeNames { get; init; } = [];

    /// <summary>Extended key usage: the certificate is shown by a server, by a client, or by both.</summary>
    public bool ForServers { get; init; }

    public bool ForClients { get; init; }

    /// <summary>Which key it belongs to: its number stands in the modulus.</summary>
    public ulong Key { get; init; }

    /// <summary>Stands for the signature: it depends on the issuer's key and on every field.</summary>
    public ulong Signature { get; init; }

    /// <summary>The first certificate of PEM text; null when there is none that can be read.</summary>
    public static Certificate? TryParse(string pem)
    {
        var from = pem.IndexOf(Begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : pem.IndexOf(End, from, StringComparison.Ordinal);
        if (to < 0)
        {
            return null;
        }

        try
        {
            return CertificateDer.Read(Convert.FromBase64String(pem[(from + Begin.Length)..to]));
        }
        catch (Exception fault) when (fault is FormatException or AsnContentException or CryptographicException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>In PEM armour, 64 characters a line.</summary>
    public string ToPem() => Pem.Armour("CERTIFICATE", CertificateDer.Write(this));

    /// <summary>Says whether the holder of this authority's key signed that certificate.</summary>
    public bool Issued(Certificate other) =>
        IsAuthority && other.Issuer == Subject && other.Signature == CertificateAuthority.Sign(Key, other);

    /// <summary>Valid for a server of this name or address.</summary>
    public bool Names(string host) => AlternativeNames.Contains(host);

    public bool Equals(Certificate? other) => other is not null && Serial == other.Serial && Signature == other.Signature;

    public override int GetHashCode() => Signature.GetHashCode();
}

/// <summary>PEM armour (RFC 7468).</summary>
internal static class Pem
{
    public static string Armour(string label, ReadOnlySpan<byte> content)
    {
        var text = new System.Text.StringBuilder($"-----BEGIN {label}-----\n");
        var base64 = Convert.ToBase64String(content);
        for (var at = 0; at < base64.Length; at += 64)
        {
            text.Append(base64.AsSpan(at, Math.Min(64, base64.Length - at))).Append('\n');
        }

        return text.Append($"-----END {label}-----\n").ToString();
    }

    /// <summary>A big number whose first 64 bits are given and whose rest follows from them.</summary>
    public static byte[] Stretch(ulong seed, int length)
    {
        var random = new SeededRandom(seed);
        var bytes = new byte[length];
        for (var at = 0; at < length; at += 8)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), at == 0 ? seed : random.NextUInt64());
        }

        return bytes;
    }

    public static BigInteger Positive(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
