using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// The program <c>etcd</c>. Its data lies on its host's disk, in <c>--data-dir</c>, and outlives the process. It serves clients on
/// 2379 and other members on 2380.
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

    /// <summary>How long a request waits for a leader: 5 s and two elections (server/config: ReqTimeout).</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(7);

    /// <summary>The version that kubeadm of <see cref="Versions.KubernetesVersion.Default"/> installs.</summary>
    public static IEnumerable<Wait> Main(Process self) => Main(self, "3.5.21");

    /// <summary>The program in this version of etcd, such as <c>3.5.21</c>.</summary>
    public static ProgramMain Program(string version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, string version)
    {
        var directory = EtcdDatabase.PlaceOf(self, Flags.Value(self, "--data-dir") ?? DataDirectory);
        var name = Flags.Value(self, "--name") ?? "default";
        var membership = EtcdMembership.Of(
            Flags.Value(self, "--initial-cluster") ?? $"{name}=http://localhost:{PeerPort}",
            Flags.Value(self, "--initial-cluster-token") ?? EtcdMembership.DefaultToken);
        var existing = EtcdDatabase.Find(self.Host, directory);
        var database = existing ?? EtcdDatabase.Create(self.Host, directory, membership);
        if ((database.Membership.Find(name) ?? Renamed(database, name)) is not { } info)
        {
            self.Error.WriteLine($"couldn't find local name \"{name}\" in the initial cluster configuration");
            self.Exit(1);
            yield break;
        }

        yield return Wait.For(StartTime);
        var member = new EtcdMember(self, info, database, version);
        if (existing is null && member.Raft.Reached().Any(static peer => peer.HasJoined))
        {
            EtcdDatabase.Remove(self.Host, directory);
            self.Error.WriteLine($"{{\"level\":\"fatal\",\"msg\":\"discovery failed\",\"error\":\"member {info.IdText} has already been bootstrapped\"}}");
            self.Exit(1);
            yield break;
        }

        var http = new HttpService((request, _) => Answer(request, member, version)) { IsSteady = true, Certificate = Read(self, "--cert-file") };
        var port = new EtcdClientPort(member, http)
        {
            ClientAuthority = Flags.Value(self, "--client-cert-auth") == "true" ? Read(self, "--trusted-ca-file") : null,
        };
        if (self.Listen(ClientPort, port) is null || self.Listen(PeerPort, new EtcdPeerPort(member)) is null)
        {
            self.Error.WriteLine("listen tcp 0.0.0.0:2379: bind: address already in use");
            self.Exit(1);
            yield break;
        }

        // The health and metrics port of --listen-metrics-urls is plain HTTP, on the loopback.
        var health = new HttpService((request, _) => Answer(request, member, version)) { IsSteady = true };
        self.Listen(MetricsPort, health, address: "127.0.0.1");
        member.OnChanged = health.Change;
        member.Raft.Start();
        yield return Wait.Forever;
    }

    // A directory knows which member's it is. Data restored without --name belong to "default", until their member is started under
    // another name and tells the cluster so.
    private static EtcdMemberInfo? Renamed(EtcdDatabase database, string name) => database.Membership.Members is [var only] ? only with { Name = name } : null;

    private static HttpResponse Answer(HttpRequest request, EtcdMember member, string version) => request.Path switch
    {
        "/health" or "/readyz" when !member.HasLeader => new HttpResponse(503, "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}"),
        "/health" or "/livez" or "/readyz" => new HttpResponse(200, "{\"health\":\"true\",\"reason\":\"\"}"),
        "/version" => new HttpResponse(200, $"{{\"etcdserver\":\"{version}\",\"etcdcluster\":\"{version[..version.LastIndexOf('.')]}.0\"}}"),
        "/metrics" => new HttpResponse(200, $"etcd_debugging_mvcc_current_revision {member.AppliedRevision}\n"),
        _ => new HttpResponse(404, "404 page not found\n"),
    };

    private static Certificate? Read(Process self, string flag) =>
        Flags.Value(self, flag) is { } path && self.Files.Read(path) is { } pem ? Certificate.TryParse(pem) : null;
}

/// <summary>
/// What stands behind etcd's client port: the member for kube-apiserver and etcdctl, and its health for probes.
/// </summary>
/// <param name="Member">The member that serves.</param>
/// <param name="Http">What plain HTTP asks; its certificate is the one that clients are shown (null: no TLS).</param>
public sealed record EtcdClientPort(EtcdMember Member, HttpService Http)
{
    /// <summary>Who must have issued a client's certificate (--client-cert-auth); null: no certificate is asked for.</summary>
    public Certificate? ClientAuthority { get; init; }
}
