using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>The Apache web server of one version, in the foreground.</summary>
internal sealed class HttpdProgram(string version)
{
    public const string Root = "/usr/local/apache2/htdocs";
    public const string WelcomePage = "<html><body><h1>It works!</h1></body></html>\n";

    public IEnumerable<Wait> Main(Process self)
    {
        if (self.Listen(80, new HttpService((request, _) => Respond(self, request))) is null)
        {
            self.Error.WriteLine("(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80");
            self.Exit(1);
            yield break;
        }

        self.SignalHandler = _ =>
        {
            self.Error.WriteLine($"{Stamp(self)} [mpm_event:notice] [pid 1:tid 1] AH00491: caught SIGTERM, shutting down");
            self.Exit(0);
            return true;
        };
        self.Error.WriteLine(
            $"AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using {PodAddress.Of(self)}. "
            + "Set the 'ServerName' directive globally to suppress this message");
        self.Error.WriteLine(
            $"{Stamp(self)} [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/{version} (Unix) configured -- resuming normal operations");
        self.Error.WriteLine($"{Stamp(self)} [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'");
        yield return Wait.Forever;
    }

    private HttpResponse Respond(Process self, HttpRequest request)
    {
        var file = StaticSite.Find(self.Files, Root, request.Path);
        var (code, body, type) = file is { } found
            ? (200, found.Content, StaticSite.ContentType(found.Path))
            : (404, NotFound, "text/html; charset=iso-8859-1");
        var size = Encoding.UTF8.GetByteCount(body);
        self.Output.WriteLine(
            $"{request.RemoteAddress} - - [{StaticSite.LogDate(self.World.UtcNow)}] \"{request.Method} {request.Target} HTTP/1.1\" {code} {size}");
        return new HttpResponse(code, request.Method == "HEAD" ? "" : body)
        {
            Headers =
            [
                ("Date", StaticSite.Date(self.World.UtcNow)),
                ("Server", $"Apache/{version} (Unix)"),
                ("Content-Length", size.ToString(CultureInfo.InvariantCulture)),
                ("Content-Type", type),
            ],
        };
    }

    private const string NotFound =
        "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n"
        + "<p>The requested URL was not found on this server.</p>\n</body></html>\n";

    private static string Stamp(Process self) =>
        self.World.UtcNow.ToString("'['ddd MMM dd HH:mm:ss.ffffff yyyy']'", CultureInfo.InvariantCulture);
}
