using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>What a running etcd member gives to its clients: its data, and the end of their connections when it ends.</summary>
public sealed class EtcdMember
{
    internal EtcdMember(Process process, ObjectStore store)
    {
        Store = store;
        Closed = new Signal(process.World);
        process.OnExit(() =>
        {
            IsServing = false;
            Closed.Raise();
        });
    }

    public ObjectStore Store { get; }

    public bool IsServing { get; private set; } = true;

    /// <summary>Raised when the member has ended.</summary>
    public Signal Closed { get; }
}

/// <summary>
/// The program <c>etcd</c>. Its data lies on its host's disk, in <c>--data-dir</c>, and outlives the process; whoever removes the
/// directory's content loses it. It serves clients on 2379 and other members on 2380.
/// </summary>
public static class EtcdServer
{
    public const int ClientPort = 2379;
    public const int PeerPort = 2380;
    public const int MetricsPort = 2381;

    /// <summary>kubeadm's --data-dir.</summary>
    public const string DataDirectory = "/var/lib/etcd";

    /// <summary>From its start until it serves: opening the database and electing itself.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(700);

    public static IEnumerable<Wait> Main(Process self)
    {
        var directory = Flags.Value(self, "--data-dir") ?? DataDirectory;
        var store = Open(self.Host, directory);
        yield return Wait.For(StartTime);
        var member = new HttpService((request, _) => Answer(request, store)) { IsSteady = true };
        if (self.Listen(ClientPort, new EtcdClientPort(new EtcdMember(self, store), member)) is null || self.Listen(PeerPort, member) is null)
        {
            self.Error.WriteLine("listen tcp 0.0.0.0:2379: bind: address already in use");
            self.Exit(1);
            yield break;
        }

        // The health and metrics port of --listen-metrics-urls is plain HTTP, on the loopback.
        self.Listen(MetricsPort, member, address: "127.0.0.1");
        yield return Wait.Forever;
    }

    /// <summary>The data in a directory of a host; new and empty when there is none.</summary>
    public static ObjectStore Open(Host host, string directory = DataDirectory)
    {
        // The files say whether the data is still there: rm -r takes it away.
        var marker = directory + "/member/snap/db";
        if (host.Files.Exists(marker) && host.Disk.Find<ObjectStore>(directory) is { } kept)
        {
            return kept;
        }

        var store = new ObjectStore();
        host.Files.Write(marker, "", 0b110_000_000);
        host.Files.Write(directory + "/member/wal/0000000000000000-0000000000000000.wal", "", 0b110_000_000);
        host.Disk.Put(directory, store);
        return store;
    }

    private static HttpResponse Answer(HttpRequest request, ObjectStore store) => request.Path switch
    {
        "/health" or "/livez" or "/readyz" => new HttpResponse(200, "{\"health\":\"true\",\"reason\":\"\"}"),
        "/version" => new HttpResponse(200, "{\"etcdserver\":\"3.5.21\",\"etcdcluster\":\"3.5.0\"}"),
        "/metrics" => new HttpResponse(200, $"etcd_debugging_mvcc_current_revision {store.Revision}\n"),
        _ => new HttpResponse(404, "404 page not found\n"),
    };
}

/// <summary>What stands behind etcd's client port: its data for kube-apiserver and etcdctl, and its health for probes.</summary>
public sealed record EtcdClientPort(EtcdMember Member, HttpService Http);
