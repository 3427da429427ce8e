using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>
/// openssl(1), as far as it looks at certificates: x509, verify, s_client -connect, version. The certificates are those of the simulated
/// world: what a file or a server really has.
/// </summary>
internal static class Openssl
{
    private const string Version = "OpenSSL 3.0.16 11 Feb 2025 (Library: OpenSSL 3.0.16 11 Feb 2025)";

    public static IEnumerable<Wait> Main(Process self)
    {
        var words = self.Arguments.ToArray();
        return words switch
        {
            ["x509", .. var rest] => X509(self, rest),
            ["verify", .. var rest] => Verify(self, rest),
            ["s_client", .. var rest] => Connect(self, rest),
            ["version", ..] => Print(self, Version + "\n"),
            [] or ["help", ..] => Print(self, "help:\n\nStandard commands\ns_client          verify            version           x509              \n"),
            [var other, ..] => Fail(self, $"Invalid command '{other}'; type \"help\" for a list.\n"),
        };
    }

    private static IEnumerable<Wait> Print(Process self, string text)
    {
        self.Output.Write(text);
        yield break;
    }

    private static IEnumerable<Wait> Fail(Process self, string text, int code = 1)
    {
        self.Error.Write(text);
        self.Exit(code);
        return [];
    }

    private static string? Value(string[] words, string option) =>
        Array.IndexOf(words, option) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

    private static IEnumerable<Wait> X509(Process self, string[] words)
    {
        foreach (var option in (ReadOnlySpan<string>)["-in", "-ext", "-checkend", "-nameopt", "-out"])
        {
            if (words.Length > 0 && words[^1] == option)
            {
                self.Error.Write($"x509: Option {option} needs a value\nx509: Use -help for summary.\n");
                self.Exit(1);
                yield break;
            }
        }

        string pem;
        if (Value(words, "-in") is { } file)
        {
            if (self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, file)) is not { } content)
            {
                self.Error.Write(
                    $"Could not open file or uri for loading certificate from {file}\n"
                    + "40C78F84D67F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file\n"
                    + $"40C78F84D67F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:267:calling stat({file})\n"
                    + "Unable to load certificate\n");
                self.Exit(1);
                yield break;
            }

            pem = content;
        }
        else
        {
            var input = new StringBuilder();
            while (!self.Input.IsAtEnd)
            {
                input.Append(self.Input.Read());
                if (!self.Input.IsAtEnd)
                {
                    yield return Wait.On(self.Input.Changed);
                }
            }

            pem = input.ToString();
        }

        if (Certificate.TryParse(pem) is not { } certificate)
        {
            self.Error.Write($"Could not read certificate from {Value(words, "-in") ?? "<stdin>"}\nUnable to load certificate\n");
            self.Exit(1);
            yield break;
        }

        self.Exit(Describe(self, words, certificate));
    }

    // What was asked for is printed in the order of the options; the certificate itself comes last, unless -noout says otherwise.
    private static int Describe(Process self, string[] words, Certificate certificate)
    {
        var (text, code) = (new StringBuilder(), 0);
        var isReversed = Value(words, "-nameopt") is "RFC2253" or "rfc2253";
        string Name(CertificateSubject subject) => isReversed ? CertificateText.Reversed(subject) : subject.ToString();
        foreach (var word in words)
        {
            text.Append(word switch
            {
                "-text" => CertificateText.Whole(certificate),
                "-subject" => $"subject={Name(certificate.Subject)}\n",
                "-issuer" => $"issuer={Name(certificate.Issuer)}\n",
                "-dates" => $"notBefore={CertificateText.Time(certificate.NotBefore)}\nnotAfter={CertificateText.Time(certificate.NotAfter)}\n",
                "-startdate" => $"notBefore={CertificateText.Time(certificate.NotBefore)}\n",
                "-enddate" => $"notAfter={CertificateText.Time(certificate.NotAfter)}\n",
                "-serial" => string.Create(CultureInfo.InvariantCulture, $"serial={certificate.Serial:X}\n"),
                "-modulus" => $"Modulus={Convert.ToHexString(Pem.Stretch(certificate.Key, 256))}\n",
                "-fingerprint" => Fingerprint(certificate, words.Contains("-sha256")),
                "-ext" => CertificateText.Extension(certificate, Value(words, "-ext")!) ?? "No extensions matches oid\n",
                "-checkend" => "",
                _ => "",
            });
        }

        if (Value(words, "-checkend") is { } within && long.TryParse(within, out var seconds))
        {
            var ends = certificate.NotAfter < self.World.UtcNow.AddSeconds(seconds);
            text.Append(ends ? "Certificate will expire\n" : "Certificate will not expire\n");
            code = ends ? 1 : 0;
        }

        var all = text + (words.Contains("-noout") ? "" : certificate.ToPem());
        if (Value(words, "-out") is { } target)
        {
            self.Files.Write(FileSystem.Resolve(self.WorkingDirectory, target), all);
        }
        else
        {
            self.Output.Write(all);
        }

        return code;
    }

    private static string Fingerprint(Certificate certificate, bool isSha256)
    {
        var der = CertificateDer.Write(certificate);
#pragma warning disable CA5350 // openssl's own default for a fingerprint.
        var digest = isSha256 ? SHA256.HashData(der) : SHA1.HashData(der);
#pragma warning restore CA5350
        return $"{(isSha256 ? "sha256" : "SHA1")} Fingerprint={BitConverter.ToString(digest).Replace('-', ':')}\n";
    }

    private static IEnumerable<Wait> Verify(Process self, string[] words)
    {
        var authorityFile = Value(words, "-CAfile");
        var authority = authorityFile is null ? null : Read(self, authorityFile);
        if (authorityFile is not null && authority is null)
        {
            return Fail(self, $"Could not open file or uri for loading certs from {authorityFile}\n");
        }

        var code = 0;
        foreach (var file in words.Where((word, index) => !word.StartsWith('-') && (index == 0 || words[index - 1] != "-CAfile")))
        {
            if (Read(self, file) is not { } certificate)
            {
                return Fail(self, $"Could not open file or uri for loading certificate from {file}\nerror {file}: verification failed\nUnable to load certificate file\n", 2);
            }

            (int Number, string Words) fault = authority is null || authority.Subject != certificate.Issuer
                ? (certificate.Subject == certificate.Issuer ? (18, "self-signed certificate") : (20, "unable to get local issuer certificate"))
                : !authority.Issued(certificate) ? (7, "certificate signature failure")
                : certificate.NotAfter < self.World.UtcNow ? (10, "certificate has expired")
                : (0, "");
            if (fault.Number == 0)
            {
                self.Output.WriteLine($"{file}: OK");
                continue;
            }

            self.Error.Write($"{certificate.Subject}\nerror {fault.Number} at 0 depth lookup: {fault.Words}\nerror {file}: verification failed\n");
            code = 2;
        }

        self.Exit(code);
        return [];
    }

    private static Certificate? Read(Process self, string file) =>
        self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, file)) is { } pem ? Certificate.TryParse(pem) : null;

    private static IEnumerable<Wait> Connect(Process self, string[] words)
    {
        var target = (Value(words, "-connect") ?? "localhost:4433").Split(':');
        if (NameLookup.Resolve(self, target[0]).Address is not { } address || !int.TryParse(target[^1], out var port))
        {
            self.Error.Write("40C78F84D67F0000:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:Name or service not known\nconnect:errno=22\n");
            self.Exit(1);
            yield break;
        }

        var dial = new TcpDial();
        yield return Wait.Call(dial.Open(self, address, port, null));
        if (dial.Connection is not { } connection)
        {
            var (number, reason) = dial.TimedOut ? (Errno.TimedOut, "Connection timed out") : (dial.Last!.Error, dial.Last.Error.Message());
            self.Error.Write(
                $"40C78F84D67F0000:error:{0x80000000 + (uint)number:X8}:system library:BIO_connect:{reason}:../crypto/bio/bio_sock2.c:125:calling connect()\n"
                + $"40C78F84D67F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:127:\nconnect:errno={(int)number}\n");
            self.Exit(1);
            yield break;
        }

        var shown = connection.Listener.Handler switch
        {
            HttpService service => service.Certificate,
            EtcdClientPort etcd => etcd.Http.Certificate,
            _ => null,
        };
        self.Release(connection);
        self.Output.Write("CONNECTED(00000003)\n");
        if (shown is null)
        {
            self.Error.Write("40C78F84D67F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:\n");
            self.Output.Write("---\nno peer certificate available\n---\nNo client certificate CA names sent\n---\nSSL handshake has read 5 bytes and written 293 bytes\nVerification: OK\n---\n");
            self.Exit(1);
            yield break;
        }

        var authority = Value(words, "-CAfile") is { } file ? Read(self, file) : null;
        var isKnown = authority?.Issued(shown) == true;
        self.Error.Write($"depth=0 {shown.Subject}\n{(isKnown ? "" : "verify error:num=20:unable to get local issuer certificate\n")}verify return:1\n");
        self.Output.Write(
            $"---\nCertificate chain\n 0 s:{shown.Subject}\n   i:{shown.Issuer}\n   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n"
            + $"   v:NotBefore: {CertificateText.Time(shown.NotBefore)}; NotAfter: {CertificateText.Time(shown.NotAfter)}\n---\nServer certificate\n{shown.ToPem()}"
            + $"subject={shown.Subject}\nissuer={shown.Issuer}\n---\n{(isKnown ? "Verification: OK" : "Verification error: unable to get local issuer certificate")}\n---\n");
    }
}
