using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>curl(1) 7.88 (Debian 12) for HTTP and HTTPS, with its own words and exit codes for what goes wrong.</summary>
internal static class Curl
{
    private const string Version = "7.88.1";

    private static readonly ImmutableArray<LongOption> LongOptions =
    [
        new("silent", 's'), new("show-error", 'S'), new("output", 'o'), new("write-out", 'w'), new("head", 'I'), new("verbose", 'v'), new("max-time", 'm'),
        new("connect-timeout", 'C'), new("insecure", 'k'), new("header", 'H'), new("request", 'X'), new("data", 'd'), new("fail", 'f'), new("include", 'i'),
        new("location", 'L'), new("cacert", 'T'), new("cert", 'E'), new("key", 'K'), new("user-agent", 'A'), new("retry", 'R'), new("version", 'V'),
        new("remote-name", 'O'), new("http1.1", '1'), new("ipv4", '4'), new("interface", 'F'), new("no-progress-meter", 'P'), new("data-raw", 'd'), new("compressed", 'Z'),
        new("noproxy", 'N'), new("resolve", 'Y'), new("url", 'U'),
    ];

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "sSo:w:Ivm:C:kH:X:d:fiLT:E:K:A:R:VO14F:PZN:Y:U:", longOptions: LongOptions.AsSpan());
        if (options.Fault is not null)
        {
            var word = options.Unknown is { Length: > 1 } name ? "--" + name : "-" + options.Unknown;
            self.Error.WriteLine(options.Unknown is null
                ? $"curl: {options.Fault}\ncurl: try 'curl --help' for more information"
                : $"curl: option {word}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information");
            self.Exit(2);
            yield break;
        }

        if (options.Has('V'))
        {
            self.Output.WriteLine($"curl {Version} (x86_64-pc-linux-gnu) libcurl/{Version} OpenSSL/3.0.16\nProtocols: http https");
            yield break;
        }

        var urls = options.Values('U').Concat(options.Operands).ToList();
        if (urls.Count == 0)
        {
            self.Error.WriteLine("curl: try 'curl --help' or 'curl --manual' for more information");
            self.Exit(2);
            yield break;
        }

        var code = 0;
        foreach (var url in urls)
        {
            var transfer = new Transfer(self, options);
            yield return Wait.Call(transfer.Run(url));
            code = transfer.ExitCode;
        }

        self.Exit(code);
    }

    /// <summary>One URL.</summary>
    private sealed class Transfer(Process self, CommandOptions options)
    {
        private const int MaxRedirects = 50;

        private Certificate? _certificate;

        private bool IsSilent => options.Has('s');

        public int ExitCode { get; private set; }

        public IEnumerable<Wait> Run(string url)
        {
            for (var redirects = 0; redirects <= MaxRedirects; redirects++)
            {
                if (HttpTarget.Parse(url) is not { } target)
                {
                    var scheme = url.IndexOf("://", StringComparison.Ordinal) is > 0 and var at ? url[..at] : "";
                    Fail(scheme.Length > 0 ? 1 : 3, scheme.Length > 0
                        ? $"Protocol \"{scheme}\" not supported or disabled in libcurl" : "URL using bad/illegal format or missing URL");
                    yield break;
                }

                if (!ReadsClientCertificate())
                {
                    yield break;
                }

                var call = new HttpCall(self, target, Request(target))
                {
                    ConnectTimeout = Seconds(options.Value('C')) ?? TimeSpan.FromSeconds(300),
                    Timeout = Seconds(options.Value('m')),
                    VerifiesServer = !options.Has('k'),
                    Authority = options.Value('T') is { } path && self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path)) is { } pem ? Certificate.TryParse(pem) : null,
                };
                yield return Wait.Call(call.Run());
                Trace(target, call);
                if (call.Response is not { } response)
                {
                    Report(target, call);
                    WriteOut(call, "000");
                    yield break;
                }

                if (options.Has('L') && response.StatusCode is 301 or 302 or 303 or 307 or 308 && options.Has('L') && response.Header("Location") is { } location)
                {
                    url = location.Contains("://", StringComparison.Ordinal) ? location : $"{(target.IsTls ? "https" : "http")}://{target.Host}:{target.Port}{location}";
                    continue;
                }

                Deliver(url, call, response);
                yield break;
            }

            Fail(47, $"Maximum ({MaxRedirects}) redirects followed");
        }

        private HttpRequest Request(HttpTarget target)
        {
            var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
            headers["Host"] = target.Port == (target.IsTls ? 443 : 80) ? target.Host : $"{target.Host}:{target.Port}";
            headers["User-Agent"] = options.Value('A') ?? $"curl/{Version}";
            headers["Accept"] = "*/*";
            foreach (var header in options.Values('H'))
            {
                if (header.IndexOf(':') is > 0 and var at)
                {
                    headers[header[..at].Trim()] = header[(at + 1)..].Trim();
                }
            }

            var body = string.Join('&', options.Values('d').Select(Data));
            var method = options.Value('X') ?? (options.Has('I') ? "HEAD" : options.Has('d') ? "POST" : "GET");
            return new HttpRequest(method, target.Path, "") { Headers = headers.ToImmutable(), Body = body, ClientCertificate = _certificate };
        }

        // @FILE stands for what the file holds, without its line ends (curl(1), --data); a file that is not there, for nothing.
        private string Data(string value) => value.StartsWith('@')
            ? (self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, value[1..])) ?? "").ReplaceLineEndings("")
            : value;

        // The key is in the certificate's file unless --key names another one.
        private bool ReadsClientCertificate()
        {
            if (options.Value('E') is not { } path)
            {
                return true;
            }

            var pem = self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path));
            if (pem is null || Certificate.TryParse(pem) is not { } certificate)
            {
                Fail(58, $"could not load PEM client certificate from {path}, OpenSSL error error:02001002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)");
                return false;
            }

            var key = options.Value('K') is { } keyPath ? self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, keyPath)) : pem;
            if (key?.Contains("PRIVATE KEY", StringComparison.Ordinal) != true)
            {
                Fail(58, $"unable to set private key file: '{options.Value('K') ?? path}' type PEM");
                return false;
            }

            _certificate = certificate;
            return true;
        }

        private void Deliver(string url, HttpCall call, HttpResponse response)
        {
            if (options.Has('f') && response.StatusCode >= 400)
            {
                Fail(22, $"The requested URL returned error: {response.StatusCode}");
                WriteOut(call, response.StatusCode.ToString(CultureInfo.InvariantCulture));
                return;
            }

            var text = options.Has('I') || options.Has('i') ? Head(response) : "";
            text += options.Has('I') ? "" : response.Body;
            var file = options.Value('o') ?? (options.Has('O') ? url[(url.LastIndexOf('/') + 1)..] : null);
            if (file is null)
            {
                self.Output.Write(text);
            }
            else if (file != "/dev/null")
            {
                self.Files.Write(FileSystem.Resolve(self.WorkingDirectory, file), text);
            }

            if (file is not null && !IsSilent)
            {
                self.Error.Write(Progress(text.Length));
            }

            WriteOut(call, response.StatusCode.ToString(CultureInfo.InvariantCulture));
        }

        private static string Head(HttpResponse response)
        {
            var text = new StringBuilder($"HTTP/1.1 {response.StatusCode} {response.Reason}\r\n");
            foreach (var (name, value) in response.Headers)
            {
                text.Append($"{name}: {value}\r\n");
            }

            return text.Append("\r\n").ToString();
        }

        private static string Progress(int length) =>
            "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
            + "                                 Dload  Upload   Total   Spent    Left  Speed\n"
            + $"100 {length,5}  100 {length,5}    0     0   {length * 1000L / 3,5}      0 --:--:-- --:--:-- --:--:-- {length * 1000L / 3,5}\n";

        private void Report(HttpTarget target, HttpCall call)
        {
            var waited = Milliseconds(call);
            switch (call.Failure)
            {
                case HttpFailure.UnknownHost:
                    Fail(6, $"Could not resolve host: {target.Host}");
                    break;
                case HttpFailure.ConnectFailed:
                    Fail(7, $"Failed to connect to {target.Host} port {target.Port} after {waited} ms: {(call.Attempt!.Outcome == ExchangeOutcome.Refused ? "Couldn't connect to server" : CouldNot(call.Attempt))}");
                    break;
                case HttpFailure.ConnectTimeout when options.Has('m') || options.Has('C'):
                    Fail(28, options.Has('C') && (!options.Has('m') || Seconds(options.Value('C')) < Seconds(options.Value('m')))
                        ? $"Failed to connect to {target.Host} port {target.Port} after {waited} ms: Timeout was reached"
                        : $"Connection timed out after {waited} milliseconds");
                    break;
                case HttpFailure.ConnectTimeout:
                    Fail(28, $"Failed to connect to {target.Host} port {target.Port} after {waited} ms: Couldn't connect to server");
                    break;
                case HttpFailure.Timeout:
                    Fail(28, $"Operation timed out after {waited} milliseconds with 0 bytes received");
                    break;
                case HttpFailure.Reset:
                    Fail(56, "Recv failure: Connection reset by peer");
                    break;
                case HttpFailure.NotHttp:
                    Fail(1, "Received HTTP/0.9 when not allowed");
                    break;
                case HttpFailure.NotTls:
                    Fail(35, "error:0A00010B:SSL routines::wrong version number");
                    break;
                case HttpFailure.Untrusted:
                    Fail(60, "SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\n"
                        + "curl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.");
                    break;
                default:
                    Fail(52, "Empty reply from server");
                    break;
            }
        }

        // curl of this version names the errno only in its verbose output.
        private static string CouldNot(Exchange attempt) =>
            attempt.Outcome == ExchangeOutcome.Lost ? "Connection timed out" : "Couldn't connect to server";

        private void Fail(int code, string words)
        {
            ExitCode = code;
            if (!IsSilent || options.Has('S'))
            {
                self.Error.WriteLine($"curl: ({code}) {words}");
            }
        }

        private void Trace(HttpTarget target, HttpCall call)
        {
            if (!options.Has('v'))
            {
                return;
            }

            var address = call.Address?.ToString() ?? "";
            if (address.Length == 0)
            {
                self.Error.WriteLine($"* Could not resolve host: {target.Host}\n* Closing connection 0");
                return;
            }

            self.Error.WriteLine($"*   Trying {address}:{target.Port}...");
            if (call.ConnectedAt is null)
            {
                var why = call.Attempt is { } attempt && call.Failure == HttpFailure.ConnectFailed ? attempt.Error.Message() : "Connection timed out";
                self.Error.WriteLine($"* connect to {address} port {target.Port} failed: {why}\n* Failed to connect to {target.Host} port {target.Port} after {Milliseconds(call)} ms: Couldn't connect to server\n* Closing connection 0");
                return;
            }

            self.Error.WriteLine($"* Connected to {target.Host} ({address}) port {target.Port} (#0)");
            var request = Request(target);
            self.Error.Write($"> {request.Method} {request.Target} HTTP/1.1\n");
            foreach (var name in request.Headers.Keys.OrderBy(name => name is "Host" ? 0 : name is "User-Agent" ? 1 : name is "Accept" ? 2 : 3).ThenBy(name => name, StringComparer.Ordinal))
            {
                self.Error.Write($"> {name}: {request.Headers[name]}\n");
            }

            self.Error.WriteLine("> ");
            if (call.Response is { } response)
            {
                self.Error.Write(string.Concat(Head(response).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => $"< {line}\n")) + "< \n");
                self.Error.WriteLine($"* Connection #0 to host {target.Host} left intact");
            }
        }

        private void WriteOut(HttpCall call, string status)
        {
            if (options.Value('w') is not { } format)
            {
                return;
            }

            var total = (self.World.Now - call.Began).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
            var connect = ((call.ConnectedAt ?? call.Began) - call.Began).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
            self.Output.Write(format
                .Replace("%{http_code}", status, StringComparison.Ordinal)
                .Replace("%{response_code}", status, StringComparison.Ordinal)
                .Replace("%{time_total}", total, StringComparison.Ordinal)
                .Replace("%{time_connect}", connect, StringComparison.Ordinal)
                .Replace("%{remote_ip}", call.Address?.ToString() ?? "", StringComparison.Ordinal)
                .Replace("%{local_ip}", call.Local?.Ip.ToString() ?? "", StringComparison.Ordinal)
                .Replace("%{size_download}", (call.Response?.Body.Length ?? 0).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("%{errormsg}", "", StringComparison.Ordinal)
                .Replace("%{exitcode}", ExitCode.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("\\n", "\n", StringComparison.Ordinal)
                .Replace("\\t", "\t", StringComparison.Ordinal));
        }

        private long Milliseconds(HttpCall call) => (long)(self.World.Now - call.Began).TotalMilliseconds;

        private static TimeSpan? Seconds(string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 ? TimeSpan.FromSeconds(value) : null;
    }
}
