using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>Programs that need a few lines only.</summary>
internal static class SmallPrograms
{
    /// <summary>What holds a pod's namespaces: it sleeps until it is told to go.</summary>
    public static IEnumerable<Wait> Pause(Process self)
    {
        self.SignalHandler = _ =>
        {
            self.Error.WriteLine("Shutting down, got signal: Terminated");
            self.Exit(0);
            return true;
        };
        yield return Wait.Forever;
    }

    /// <summary>A component of the cluster: a Go program that leaves on TERM and INT, unless it says otherwise itself.</summary>
    public static ProgramMain Component(ProgramMain main) => self =>
    {
        self.SignalHandler = signal =>
        {
            if (signal is ProcessSignal.Terminate or ProcessSignal.Interrupt)
            {
                self.Exit(0);
            }

            return true;
        };
        return main(self);
    };

    /// <summary>A server whose protocol is not simulated: it says that it is there, keeps its port, and leaves on TERM.</summary>
    public static ProgramMain Server(string greeting, int? port) => self => Serve(self, greeting, port);

    /// <summary>An HTTP server on port 80 that gives one answer, worked out anew for every request.</summary>
    public static ProgramMain Echo(Func<Process, HttpRequest, string> answer) => self => ServeEcho(self, answer);

    /// <summary>The name of the pod that answered.</summary>
    public static string HostName(Process self, HttpRequest request) => PodAddress.HostName(self) + "\n";

    /// <summary>The method, and the address at which the request arrived.</summary>
    public static string Address(Process self, HttpRequest request) =>
        $"request_method : {request.Method} | ip_dest: {PodAddress.Of(self)}\n";

    /// <summary>The MySQL image's entry point insists on a decision about root's password.</summary>
    public static IEnumerable<Wait> DatabaseEntrypoint(Process self, string product, int port)
    {
        var prefix = product == "MariaDB" ? "MARIADB" : "MYSQL";
        var options = new[] { "ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD", "RANDOM_ROOT_PASSWORD" };
        if (!options.Any(option => self.Environment.ContainsKey($"{prefix}_{option}") || self.Environment.ContainsKey($"MYSQL_{option}")))
        {
            self.Error.Write(
                $"{self.World.UtcNow:yyyy-MM-dd HH:mm:ss}+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
                + "    You need to specify one of the following as an environment variable:\n"
                + string.Concat(options.Select(option => $"    - {prefix}_{option}\n")));
            self.Exit(1);
            yield break;
        }

        yield return Wait.For(TimeSpan.FromSeconds(6));
        yield return Wait.Call(Serve(self, $"{self.World.UtcNow:yyyy-MM-dd HH:mm:ss}+00:00 [Note] mysqld: ready for connections.", port));
    }

    /// <summary>stress: as many workers as --vm says each take --vm-bytes of memory, a second after the start.</summary>
    public static IEnumerable<Wait> Stress(Process self)
    {
        var (workers, bytes) = (Option(self, "--vm", "-m"), Option(self, "--vm-bytes", null));
        var count = workers is null ? 0 : int.TryParse(workers, out var number) ? number : 1;
        self.Output.WriteLine($"stress: info: [{self.Id}] dispatching hogs: 0 cpu, 0 io, {count} vm, 0 hdd");
        yield return Wait.For(TimeSpan.FromSeconds(1));
        self.Allocate(count * Bytes(bytes ?? "256M"));
        yield return Wait.Forever;
    }

    private static string? Option(Process self, string name, string? letter)
    {
        var arguments = self.Arguments;
        for (var i = 0; i + 1 < arguments.Length; i++)
        {
            if (arguments[i] == name || arguments[i] == letter)
            {
                return arguments[i + 1];
            }
        }

        return null;
    }

    private static long Bytes(string size)
    {
        var unit = size.Length == 0 ? 1 : char.ToUpperInvariant(size[^1]) switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1L };
        return long.TryParse(unit == 1 ? size : size[..^1], out var number) ? number * unit : 0;
    }

    private static IEnumerable<Wait> Serve(Process self, string greeting, int? port)
    {
        if (port is { } number)
        {
            self.Listen(number, greeting);
        }

        self.SignalHandler = _ =>
        {
            self.Exit(0);
            return true;
        };
        self.Output.Write(greeting.Length > 0 ? greeting + "\n" : "");
        yield return Wait.Forever;
    }

    private static IEnumerable<Wait> ServeEcho(Process self, Func<Process, HttpRequest, string> answer)
    {
        var service = new HttpService((request, _) => Answer(self, answer(self, request)));
        if (self.Listen(80, service) is null)
        {
            self.Error.WriteLine("bind: Address already in use");
            self.Exit(1);
            yield break;
        }

        self.SignalHandler = _ =>
        {
            self.Exit(0);
            return true;
        };
        yield return Wait.Forever;
    }

    private static HttpResponse Answer(Process self, string body) => new(200, body)
    {
        Headers =
        [
            ("Date", StaticSite.Date(self.World.UtcNow)),
            ("Content-Type", "text/plain"),
            ("Connection", "close"),
        ],
    };
}
