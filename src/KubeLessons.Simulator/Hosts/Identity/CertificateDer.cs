using System.Formats.Asn1;
using System.Net;

namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>The DER of a certificate (RFC 5280), as far as simulated ones go: RSA, SHA-256, the extensions that kubeadm sets.</summary>
internal static class CertificateDer
{
    private const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Organization = "2.5.4.10";
    private const string CommonName = "2.5.4.3";
    private const string KeyUsage = "2.5.29.15";
    private const string AlternativeName = "2.5.29.17";
    private const string BasicConstraints = "2.5.29.19";
    private const string ExtendedKeyUsage = "2.5.29.37";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, true);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0, true);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IpAddress = new(TagClass.ContextSpecific, 7);

    public static byte[] Write(Certificate certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteContent(writer, certificate);
            WriteAlgorithm(writer, Sha256WithRsa);
            writer.WriteBitString(Pem.Stretch(certificate.Signature, 256));
        }

        return writer.Encode();
    }

    /// <summary>The SubjectPublicKeyInfo: what the hash of a pinned authority is taken of (RFC 7469).</summary>
    public static byte[] WriteKeyInfo(Certificate certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        WriteKey(writer, certificate.Key);
        return writer.Encode();
    }

    public static Certificate Read(byte[] der)
    {
        var content = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var body = content.ReadSequence();
        body.ReadSequence(Version);
        var serial = (ulong)body.ReadInteger();
        body.ReadSequence();
        var issuer = ReadName(body.ReadSequence());
        var validity = body.ReadSequence();
        var (from, to) = (ReadTime(validity), ReadTime(validity));
        var subject = ReadName(body.ReadSequence());
        var keyInfo = body.ReadSequence();
        keyInfo.ReadSequence();
        var modulus = new AsnReader(keyInfo.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence().ReadInteger();
        content.ReadSequence();
        var signature = content.ReadBitString(out _);
        var certificate = new Certificate(subject, issuer)
        {
            Serial = serial,
            NotBefore = from,
            NotAfter = to,
            Key = Head(modulus.ToByteArray(isUnsigned: true, isBigEndian: true)),
            Signature = Head(signature),
        };
        return ReadExtensions(certificate, body.ReadSequence(Extensions).ReadSequence());
    }

    private static ulong Head(byte[] bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private static void WriteContent(AsnWriter writer, Certificate certificate)
    {
        using var content = writer.PushSequence();
        using (writer.PushSequence(Version))
        {
            writer.WriteInteger(2);
        }

        writer.WriteInteger((long)certificate.Serial);
        WriteAlgorithm(writer, Sha256WithRsa);
        WriteName(writer, certificate.Issuer);
        using (writer.PushSequence())
        {
            WriteTime(writer, certificate.NotBefore);
            WriteTime(writer, certificate.NotAfter);
        }

        WriteName(writer, certificate.Subject);
        WriteKey(writer, certificate.Key);
        WriteExtensions(writer, certificate);
    }

    private static void WriteKey(AsnWriter writer, ulong key)
    {
        var rsa = new AsnWriter(AsnEncodingRules.DER);
        using (rsa.PushSequence())
        {
            rsa.WriteInteger(Pem.Positive(Pem.Stretch(key, 256)));
            rsa.WriteInteger(65537);
        }

        using var info = writer.PushSequence();
        WriteAlgorithm(writer, Rsa);
        writer.WriteBitString(rsa.Encode());
    }

    private static void WriteAlgorithm(AsnWriter writer, string algorithm)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(algorithm);
        writer.WriteNull();
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static void WriteName(AsnWriter writer, CertificateSubject name)
    {
        using var sequence = writer.PushSequence();
        foreach (var organization in name.Organizations)
        {
            WriteAttribute(writer, Organization, organization);
        }

        WriteAttribute(writer, CommonName, name.CommonName);
    }

    private static void WriteAttribute(AsnWriter writer, string kind, string value)
    {
        using var set = writer.PushSetOf();
        using var pair = writer.PushSequence();
        writer.WriteObjectIdentifier(kind);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
    }

    private static CertificateSubject ReadName(AsnReader name)
    {
        var (commonName, organizations) = ("", new List<string>());
        while (name.HasData)
        {
            var pair = name.ReadSetOf().ReadSequence();
            var kind = pair.ReadObjectIdentifier();
            var value = pair.ReadCharacterString(UniversalTagNumber.UTF8String);
            if (kind == Organization)
            {
                organizations.Add(value);
            }
            else
            {
                commonName = value;
            }
        }

        return new CertificateSubject(commonName, [.. organizations]);
    }

    private static void WriteExtensions(AsnWriter writer, Certificate certificate)
    {
        using var tagged = writer.PushSequence(Extensions);
        using var sequence = writer.PushSequence();
        WriteExtension(writer, KeyUsage, true, value =>
        {
            // Digital signature and key encipherment; an authority signs certificates as well.
            value.WriteBitString([certificate.IsAuthority ? (byte)0xA4 : (byte)0xA0], certificate.IsAuthority ? 2 : 5);
        });
        if (certificate.ForServers || certificate.ForClients)
        {
            WriteExtension(writer, ExtendedKeyUsage, false, value =>
            {
                using var usages = value.PushSequence();
                if (certificate.ForServers)
                {
                    value.WriteObjectIdentifier(ServerAuthentication);
                }

                if (certificate.ForClients)
                {
                    value.WriteObjectIdentifier(ClientAuthentication);
                }
            });
        }

        WriteExtension(writer, BasicConstraints, true, value =>
        {
            using var constraints = value.PushSequence();
            if (certificate.IsAuthority)
            {
                value.WriteBoolean(true);
            }
        });
        if (certificate.AlternativeNames.Length > 0)
        {
            WriteExtension(writer, AlternativeName, false, value => WriteAlternativeNames(value, certificate));
        }
    }

    private static void WriteAlternativeNames(AsnWriter writer, Certificate certificate)
    {
        using var names = writer.PushSequence();
        foreach (var name in certificate.AlternativeNames)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                writer.WriteOctetString(address.GetAddressBytes(), IpAddress);
            }
            else
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
            }
        }
    }

    private static void WriteExtension(AsnWriter writer, string identifier, bool isCritical, Action<AsnWriter> write)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        write(value);
        using var extension = writer.PushSequence();
        writer.WriteObjectIdentifier(identifier);
        if (isCritical)
        {
            writer.WriteBoolean(true);
        }

        writer.WriteOctetString(value.Encode());
    }

    private static Certificate ReadExtensions(Certificate certificate, AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var identifier = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                extension.ReadBoolean();
            }

            var value = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER);
            certificate = identifier switch
            {
                BasicConstraints => certificate with { IsAuthority = value.ReadSequence().HasData },
                AlternativeName => certificate with { AlternativeNames = [.. ReadAlternativeNames(value.ReadSequence())] },
                ExtendedKeyUsage => ReadUsages(certificate, value.ReadSequence()),
                _ => certificate,
            };
        }

        return certificate;
    }

    private static IEnumerable<string> ReadAlternativeNames(AsnReader names)
    {
        while (names.HasData)
        {
            yield return names.PeekTag().HasSameClassAndValue(DnsName)
                ? names.ReadCharacterString(UniversalTagNumber.IA5String, DnsName)
                : new IPAddress(names.ReadOctetString(IpAddress)).ToString();
        }
    }

    private static Certificate ReadUsages(Certificate certificate, AsnReader usages)
    {
        while (usages.HasData)
        {
            certificate = usages.ReadObjectIdentifier() == ServerAuthentication
                ? certificate with { ForServers = true }
                : certificate with { ForClients = true };
        }

        return certificate;
    }
}
