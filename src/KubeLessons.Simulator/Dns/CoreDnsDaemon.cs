using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Dns;

/// <summary>
/// The program <c>coredns</c>: it serves the zones of its Corefile on UDP and TCP, tells that it is healthy and ready, takes up a
/// changed Corefile, and leaves slowly when it is asked to.
/// </summary>
public sealed class CoreDnsDaemon
{
    /// <summary>How long the kubernetes plugin holds the start back until it knows the cluster (plugin/kubernetes: 5 s).</summary>
    public static readonly TimeSpan SyncPatience = TimeSpan.FromSeconds(5);

    /// <summary>How often the reload plugin looks at the Corefile (its default); a jitter of up to half of it is the phase here.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _startTime = TimeSpan.FromMilliseconds(50);
    private const int LooksBetweenLines = 5;

    private readonly Process _self;
    private readonly KubernetesVersion _version;
    private readonly string _path;
    private readonly TimeSpan _reloadPhase;
    private readonly SeededRandom _random;
    private readonly SortedDictionary<int, Listener[]> _listeners = [];
    private CoreDnsInstance _current;
    private string _text;
    private bool _lookIsPlanned;
    private bool _isLeaving;

    private CoreDnsDaemon(Process self, KubernetesVersion version, string path, string text, CoreDnsInstance instance, SeededRandom random)
    {
        (_self, _version, _path, _text, _current, _random) = (self, version, path, text, instance, random);
        _reloadPhase = ReloadInterval + ReloadInterval / 2 * random.NextDouble();
    }

    /// <summary>The program of the CoreDNS that kubeadm of a version installs. It reads <c>-conf</c>.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var path = Flags.Value(self, "-conf") ?? Flags.Value(self, "--conf") ?? "Corefile";
        yield return Wait.For(_startTime);
        if (self.Files.Read(path) is not { } text)
        {
            self.Output.WriteLine($"loading Caddyfile via flag: open {path}: no such file or directory");
            self.Exit(1);
            yield break;
        }

        var random = self.World.RandomFor($"coredns/{self.Host.Name}/{self.Id}");
        var (instance, error) = CoreDnsInstance.Make(self, version, path, text, random);
        if (instance is null)
        {
            self.Output.WriteLine(error!);
            self.Exit(1);
            yield break;
        }

        var daemon = new CoreDnsDaemon(self, version, path, text, instance, random);
        self.SignalHandler = daemon.OnSignal;
        yield return Wait.Call(daemon.Run());
    }

    private IEnumerable<Wait> Run()
    {
        yield return Wait.Call(Begin());
        if (_self.HasExited)
        {
            yield break;
        }

        foreach (var (port, _) in _listeners)
        {
            _self.Output.WriteLine($".:{port}");
        }

        var build = CoreDnsBuild.Of(_version);
        _self.Output.WriteLine($"[INFO] plugin/reload: Running configuration {CoreDnsInstance.Digest(_text)}");
        _self.Output.WriteLine($"CoreDNS-{build.Version}");
        _self.Output.WriteLine($"linux/amd64, {build.Go}, {build.Commit}");

        // A volume's files are seen through links that lead to places beside them, so whatever changes in the folder may concern it.
        var (holder, folder) = _self.Files.PlaceOf(FileSystem.Parent(_path));
        holder.Changed += OnChanged;
        _self.OnExit(() => holder.Changed -= OnChanged);
        yield return Wait.Forever;

        void OnChanged(string path)
        {
            if (path.StartsWith(folder, StringComparison.Ordinal))
            {
                OnFileChanged();
            }
        }
    }

    // The kubernetes plugin is given some time; then names are served as well as they can be.
    private IEnumerable<Wait> Begin()
    {
        if (_current.Start() is { } error)
        {
            Fail(error);
            yield break;
        }

        var patience = _self.World.Now + SyncPatience;
        for (var looks = 1; !_current.IsReady; looks++)
        {
            yield return Wait.For(_look);
            if (_self.World.Now >= patience)
            {
                _self.Output.WriteLine("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API");
                break;
            }

            if (looks % LooksBetweenLines == 0)
            {
                _self.Output.WriteLine("[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server");
            }
        }

        if (_current.Loop() is { } loop)
        {
            Fail(loop);
            yield break;
        }

        Listen();
    }

    private void Listen()
    {
        foreach (var port in _listeners.Keys.Except(_current.Ports).ToList())
        {
            foreach (var listener in _listeners[port])
            {
                listener.Close();
            }

            _listeners.Remove(port);
        }

        foreach (var port in _current.Ports.Except(_listeners.Keys).ToList())
        {
            var service = new DnsService((question, now) => _current.Respond(port, question, now));
            if (_self.Listen(port, service) is not { } tcp)
            {
                Fail($"Listen: listen tcp :{port}: bind: address already in use");
                return;
            }

            if (_self.Listen(port, service, Protocol.Udp) is not { } udp)
            {
                Fail($"Listen: listen udp :{port}: bind: address already in use");
                return;
            }

            _listeners.Add(port, [tcp, udp]);
        }
    }

    private void Fail(string error)
    {
        _self.Output.WriteLine(error);
        _self.Exit(1);
    }

    private bool OnSignal(ProcessSignal signal)
    {
        if (signal is not (ProcessSignal.Terminate or ProcessSignal.Interrupt))
        {
            return false;
        }

        if (!_isLeaving)
        {
            _isLeaving = true;
            _self.Output.WriteLine($"[INFO] {(signal == ProcessSignal.Terminate ? "SIGTERM" : "SIGINT")}: Shutting down servers then terminating");
            if (_current.Lameduck > TimeSpan.Zero)
            {
                _self.Output.WriteLine($"[INFO] plugin/health: Going into lameduck mode for {_current.Lameduck.TotalSeconds}s");
            }

            _self.After(_current.Lameduck, () => _self.Exit(0));
        }

        return true;
    }

    private void OnFileChanged()
    {
        if (_lookIsPlanned || _self.HasExited || !_current.Reloads || _self.Files.Read(_path) == _text)
        {
            return;
        }

        _lookIsPlanned = true;
        var passed = _self.World.Now - _self.StartedAt;
        var looks = Math.Floor(passed / _reloadPhase) + 1;
        _self.After(_reloadPhase * looks - passed, Reload);
    }

    private void Reload()
    {
        _lookIsPlanned = false;
        if (_isLeaving || _self.Files.Read(_path) is not { } text || text == _text)
        {
            return;
        }

        _self.Output.WriteLine("[INFO] Reloading");
        var (next, error) = CoreDnsInstance.Make(_self, _version, _path, text, _random);
        _text = text;
        if (next is null)
        {
            _self.Output.WriteLine($"[ERROR] Restart failed: {error}");
            _self.Output.WriteLine($"[ERROR] plugin/reload: Corefile changed but reload failed: {error}");
            return;
        }

        _current.Stop();
        _current = next;
        var taking = Coroutine.Start(_self.World, Taken(), static fault =>
        {
            if (fault is not null)
            {
                throw new InvalidOperationException($"CoreDNS could not take up its Corefile: {fault.Message}", fault);
            }
        });
        _self.OnExit(taking.Kill);
    }

    private IEnumerable<Wait> Taken()
    {
        yield return Wait.Call(Begin());
        if (!_self.HasExited)
        {
            _self.Output.WriteLine($"[INFO] plugin/reload: Running configuration {CoreDnsInstance.Digest(_text)}");
            _self.Output.WriteLine("[INFO] Reloading complete");
        }
    }
}
