using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>The web server nginx, of one version: it serves files, logs every request, and leaves on TERM or QUIT.</summary>
internal sealed class NginxProgram(string version)
{
    public const string Root = "/usr/share/nginx/html";

    public const string WelcomePage =
        """
        <!DOCTYPE html>
        <html>
        <head>
        <title>Welcome to nginx!</title>
        <style>
        html { color-scheme: light dark; }
        body { width: 35em; margin: 0 auto;
        font-family: Tahoma, Verdana, Arial, sans-serif; }
        </style>
        </head>
        <body>
        <h1>Welcome to nginx!</h1>
        <p>If you see this page, the nginx web server is successfully installed and
        working. Further configuration is required.</p>

        <p>For online documentation and support please refer to
        <a href="http://nginx.org/">nginx.org</a>.<br/>
        Commercial support is available at
        <a href="http://nginx.com/">nginx.com</a>.</p>

        <p><em>Thank you for using nginx.</em></p>
        </body>
        </html>

        """;

    /// <summary>The image's entry point: it says what it prepares, then becomes its command.</summary>
    public IEnumerable<Wait> EntrypointMain(Process self)
    {
        const string Name = "/docker-entrypoint.sh";
        if (self.Arguments is not [var command, ..])
        {
            yield break;
        }

        if (command is "nginx" or "nginx-debug")
        {
            self.Output.Write(
                $"{Name}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration\n"
                + $"{Name}: Looking for shell scripts in /docker-entrypoint.d/\n"
                + $"{Name}: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh\n"
                + $"{Name}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh\n"
                + $"{Name}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh\n"
                + $"{Name}: Configuration complete; ready for start up\n");
        }

        if (self.Programs.Find(command) is not { } main)
        {
            self.Error.WriteLine($"{Name}: 47: exec: {command}: not found");
            self.Exit(127);
            yield break;
        }

        self.Become([.. self.Arguments], self.Input, self.Output, self.Error);
        yield return Wait.Call(main(self));
    }

    public IEnumerable<Wait> Main(Process self)
    {
        var arguments = self.Arguments.ToArray();
        var (servers, fault) = NginxConfiguration.Read(self.Files);
        if (arguments.Contains("-v") || arguments.Contains("-V"))
        {
            self.Error.WriteLine($"nginx version: nginx/{version}");
            yield break;
        }

        if (fault is not null)
        {
            self.Error.WriteLine($"{Stamp(self)} [emerg] {self.Id}#{self.Id}: {fault}");
            self.Error.Write(arguments.Contains("-t") ? "nginx: configuration file /etc/nginx/nginx.conf test failed\n" : "");
            self.Exit(1);
            yield break;
        }

        if (arguments.Contains("-t"))
        {
            self.Error.Write(
                "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n");
            yield break;
        }

        if (arguments is ["-s", var signal])
        {
            SendToMaster(self, signal);
            yield break;
        }

        if (WhyNoRoom(self) is { } emergency)
        {
            self.Error.WriteLine($"{Stamp(self)} [emerg] {self.Id}#{self.Id}: {emergency}\nnginx: [emerg] {emergency}");
            self.Exit(1);
            yield break;
        }

        yield return Wait.Call(Serve(self, servers));
    }

    // It makes its directories for bodies on disk before it listens, and then the file with its process ID.
    private static string? WhyNoRoom(Process self)
    {
        const string Cache = "/var/cache/nginx/client_temp";
        const string ProcessId = "/run/nginx.pid";
        return self.Files.IsReadOnlyAt(Cache) ? $"mkdir() \"{Cache}\" failed (30: Read-only file system)"
            : self.Start.User is not ("root" or "0") && !self.Files.Exists(Cache) ? $"mkdir() \"{Cache}\" failed (13: Permission denied)"
            : self.Files.IsReadOnlyAt(ProcessId) && self.Files.IsReadOnlyAt("/var" + ProcessId) ? $"open() \"{ProcessId}\" failed (30: Read-only file system)"
            : null;
    }

    private IEnumerable<Wait> Serve(Process self, ImmutableArray<NginxServer> servers)
    {
        var current = servers;
        foreach (var port in servers.SelectMany(server => server.Ports).Distinct())
        {
            var service = new HttpService((request, _) => Respond(self, current, port, request));
            if (self.Listen(port, service) is null)
            {
                self.Error.WriteLine($"{Stamp(self)} [emerg] 1#1: bind() to 0.0.0.0:{port} failed (98: Address already in use)");
                self.Exit(1);
                yield break;
            }
        }

        self.SignalHandler = signal =>
        {
            if (signal == ProcessSignal.Hangup)
            {
                var (again, fault) = NginxConfiguration.Read(self.Files);
                current = fault is null ? again : current;
                Notice(self, "signal 1 (SIGHUP) received, reconfiguring");
                return true;
            }

            Notice(self, signal switch
            {
                ProcessSignal.Quit => "signal 3 (SIGQUIT) received, gracefully shutting down",
                ProcessSignal.Interrupt => "signal 2 (SIGINT) received, exiting",
                _ => "signal 15 (SIGTERM) received, exiting",
            });
            Notice(self, "exit");
            self.Exit(0);
            return true;
        };
        Notice(self, "using the \"epoll\" event method");
        Notice(self, $"nginx/{version}");
        Notice(self, "start worker processes");
        yield return Wait.Forever;
    }

    private HttpResponse Respond(Process self, ImmutableArray<NginxServer> servers, int port, HttpRequest request)
    {
        var server = ServerAt(servers, port);
        var location = LocationOf(server, request.Path);
        var response = location?.ReturnCode is { } code
            ? Answer(self, code, location.ReturnText.Length > 0 ? location.ReturnText : ErrorPage(code), "text/plain")
            : ServeFile(self, server, location?.Root ?? server.Root, request);
        self.Output.WriteLine(
            $"{request.RemoteAddress} - - [{StaticSite.LogDate(self.World.UtcNow)}] \"{request.Method} {request.Target} HTTP/1.1\" "
            + $"{response.StatusCode} {Encoding.UTF8.GetByteCount(response.Body)} \"-\" \"{request.UserAgent}\" \"-\"");
        return request.Method == "HEAD" ? response with { Body = "" } : response;
    }

    private static NginxServer ServerAt(ImmutableArray<NginxServer> servers, int port)
    {
        foreach (var server in servers)
        {
            if (server.Ports.Contains(port))
            {
                return server;
            }
        }

        return servers[0];
    }

    // The longest prefix wins.
    private static NginxLocation? LocationOf(NginxServer server, string path)
    {
        NginxLocation? longest = null;
        foreach (var location in server.Locations)
        {
            if (path.StartsWith(location.Prefix, StringComparison.Ordinal) && (longest is null || location.Prefix.Length > longest.Prefix.Length))
            {
                longest = location;
            }
        }

        return longest;
    }

    private HttpResponse ServeFile(Process self, NginxServer server, string root, HttpRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return Answer(self, 405, ErrorPage(405), "text/html");
        }

        if (StaticSite.Find(self.Files, root, request.Path, server.Index) is { } file)
        {
            return Answer(self, 200, file.Content, StaticSite.ContentType(file.Path));
        }

        var isForbidden = request.Path.EndsWith('/') && self.Files.IsDirectory(FileSystem.Resolve(root, "." + request.Path));
        self.Error.WriteLine(isForbidden
            ? $"{Stamp(self)} [error] 29#29: *1 directory index of \"{root}{request.Path}\" is forbidden, client: {request.RemoteAddress}"
            : $"{Stamp(self)} [error] 29#29: *1 open() \"{root}{request.Path}\" failed (2: No such file or directory), client: {request.RemoteAddress}");
        var code = isForbidden ? 403 : 404;
        return Answer(self, code, ErrorPage(code), "text/html");
    }

    private HttpResponse Answer(Process self, int code, string body, string contentType) => new(code, body)
    {
        Headers =
        [
            ("Server", $"nginx/{version}"),
            ("Date", StaticSite.Date(self.World.UtcNow)),
            ("Content-Type", contentType),
            ("Content-Length", Encoding.UTF8.GetByteCount(body).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Connection", "keep-alive"),
        ],
    };

    private string ErrorPage(int code)
    {
        var title = $"{code} {new HttpResponse(code, "").Reason}";
        title = code == 405 ? "405 Not Allowed" : title;
        return $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
            + $"<hr><center>nginx/{version}</center>\r\n</body>\r\n</html>\r\n";
    }

    private static void SendToMaster(Process self, string signal)
    {
        var master = self.Host.Processes.Running.FirstOrDefault(process =>
            process != self && process.ContainerId == self.ContainerId && process.Name == "nginx");
        master?.Send(signal == "reload" ? ProcessSignal.Hangup : ProcessSignal.Terminate);
    }

    private static void Notice(Process self, string text) => self.Error.WriteLine($"{Stamp(self)} [notice] 1#1: {text}");

    private static string Stamp(Process self) => self.World.UtcNow.ToString("yyyy/MM/dd HH:mm:ss", null);
}
