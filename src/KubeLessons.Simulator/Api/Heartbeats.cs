using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// Leases that somebody renews, and the heartbeat times of the nodes whose kubelets do: computed when they are read, so that a
/// healthy cluster costs nothing while time passes. Only the beginning and the end of a renewal are commits. A worked example:
/// a renewal that began at 00:00:03 with a period of 10 s shows renewTime 00:00:33 to a reader at 00:00:41; settled at that
/// moment, 00:00:33 is committed.
/// </summary>
public sealed class Heartbeats
{
    private static readonly string[] KubeletConditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"];

    private readonly World _world;
    private readonly ObjectStore _store;
    private readonly Dictionary<(string Namespace, string Name), Heartbeat> _beating = [];

    public Heartbeats(World world, ObjectStore store)
    {
        (_world, _store) = (world, store);
        store.Replaced += CeaseAll;
    }

    /// <summary>True while somebody renews this lease.</summary>
    public bool IsBeating(string leaseNamespace, string leaseName) => _beating.ContainsKey((leaseNamespace, leaseName));

    /// <summary>
    /// Begins to renew a lease: it is created or taken over through the API, now. The renewal goes on until it is settled; when
    /// the API refuses, nothing begins.
    /// </summary>
    public (Heartbeat? Beat, ApiResponse Response) Start(ApiServer server, ApiRequest asker, LeaseRenewal renewal)
    {
        var key = (renewal.Namespace, renewal.Name);
        if (_beating.TryGetValue(key, out var running))
        {
            running.Settle();
        }

        var response = Acquire(server, asker, renewal);
        if (!response.IsSuccess)
        {
            return (null, response);
        }

        var beat = new Heartbeat(this, _world, renewal, asker.UserAgent);
        _beating.Add(key, beat);
        return (beat, response);
    }

    /// <summary>All renewals cease, such as when the API server stops; their owners are told by <see cref="Heartbeat.Ceased"/>.</summary>
    public void SettleAll()
    {
        foreach (var beat in _beating.Values.ToList())
        {
            beat.Settle();
        }
    }

    internal Doc Present(ResourceKind kind, Doc value)
    {
        if (_beating.Count == 0)
        {
            return value;
        }

        switch (kind.StorageName)
        {
            case "leases.coordination.k8s.io":
                var key = (value.Text("metadata", "namespace") ?? "", value.Text("metadata", "name") ?? "");
                return _beating.TryGetValue(key, out var beat)
                    ? value.With(ObjectMeta.MicroTime(_world.Epoch + beat.LastRenewal), "spec", "renewTime")
                    : value;
            case "nodes":
                return _beating.ContainsKey((Heartbeat.NodeLeaseNamespace, value.Text("metadata", "name") ?? "")) ? PresentNode(value) : value;
            default:
                return value;
        }
    }

    internal void Settle(Heartbeat beat)
    {
        var renewal = beat.Renewal;
        if (!_beating.Remove((renewal.Namespace, renewal.Name)))
        {
            return;
        }

        if (renewal.Namespace == Heartbeat.NodeLeaseNamespace
            && _store.Get(new ObjectKey("nodes", "", renewal.Name)) is { } node
            && PresentNode(node.Object!) is var shown && !ReferenceEquals(shown, node.Object))
        {
            Commit(node.Key, shown, beat.UserAgent);
        }

        // Committed even when nothing was renewed since the start, so that whoever watches learns that it is over.
        var key = new ObjectKey("leases.coordination.k8s.io", renewal.Namespace, renewal.Name);
        if (_store.Get(key) is { } lease)
        {
            Commit(key, lease.Object!.With(ObjectMeta.MicroTime(_world.Epoch + beat.LastRenewal), "spec", "renewTime"), beat.UserAgent);
        }
    }

    private void Commit(ObjectKey key, Doc value, string by) => _world.Trace.Record(_store.Commit(key, value), by);

    private static ApiResponse Acquire(ApiServer server, ApiRequest asker, LeaseRenewal renewal)
    {
        var resource = new ResourcePath("coordination.k8s.io", "v1", "leases");
        var now = ObjectMeta.MicroTime(server.World.UtcNow);
        var spec = Doc.Obj(
            ("holderIdentity", renewal.Holder),
            ("leaseDurationSeconds", (long)renewal.Duration.TotalSeconds),
            ("renewTime", now));
        var current = server.Handle(asker with { Verb = ApiVerb.Get, Resource = resource, Namespace = renewal.Namespace, Name = renewal.Name });
        if (current.Code == 404)
        {
            var lease = Doc.Obj(
                ("metadata", Doc.Obj(("name", renewal.Name), ("namespace", renewal.Namespace), ("ownerReferences", renewal.Owner is { } owner ? Doc.Arr(owner) : null))),
                ("spec", renewal.IsElection ? spec.With(now, "acquireTime").With(0, "leaseTransitions") : spec));
            return server.Handle(asker with { Verb = ApiVerb.Create, Resource = resource, Namespace = renewal.Namespace, Body = lease });
        }

        if (!current.IsSuccess)
        {
            return current;
        }

        var old = current.Body["spec"] ?? Doc.Empty;
        var next = old.With(now, "renewTime").With(renewal.Holder, "holderIdentity").With(spec["leaseDurationSeconds"], "leaseDurationSeconds");
        if (renewal.IsElection && old.Text("holderIdentity") != renewal.Holder)
        {
            next = next.With(now, "acquireTime").With((old.Int("leaseTransitions") ?? 0) + 1, "leaseTransitions");
        }

        return server.Handle(asker with
        {
            Verb = ApiVerb.Update,
            Resource = resource,
            Namespace = renewal.Namespace,
            Name = renewal.Name,
            Body = current.Body.With(next, "spec"),
        });
    }

    // The kubelet posts an unchanged status every 5 minutes: the times it would have posted since the last change.
    private Doc PresentNode(Doc node)
    {
        var conditions = node.List("status", "conditions");
        for (var i = 0; i < conditions.Length; i++)
        {
            if (!KubeletConditions.Contains(conditions[i].Text("type"))
                || ObjectMeta.ParseTime(conditions[i].Text("lastHeartbeatTime")) is not { } posted)
            {
                continue;
            }

            var period = KubernetesConstants.NodeStatusReportFrequency;
            var reports = (_world.UtcNow - posted).Ticks / period.Ticks;
            if (reports > 0)
            {
                conditions = conditions.SetItem(i, conditions[i].With(ObjectMeta.Time(posted + (period * reports)), "lastHeartbeatTime"));
            }
        }

        return conditions == node.List("status", "conditions") ? node : node.With(new DocArray(conditions), "status", "conditions");
    }

    // The store was rewound or restored under the renewals: what they would settle is not there any more.
    private void CeaseAll()
    {
        var beats = _beating.Values.ToList();
        _beating.Clear();
        foreach (var beat in beats)
        {
            beat.Settle();
        }
    }
}

/// <summary>A lease that is to be renewed.</summary>
/// <param name="Namespace">Where the lease is.</param>
/// <param name="Name">Its name; for a node's, the node's name.</param>
/// <param name="Holder">Its holderIdentity.</param>
/// <param name="Period">From one renewal to the next.</param>
/// <param name="Duration">How long it is good for after a renewal.</param>
public sealed record LeaseRenewal(string Namespace, string Name, string Holder, TimeSpan Period, TimeSpan Duration)
{
    /// <summary>The ownerReference of a new lease; null: none.</summary>
    public Doc? Owner { get; init; }

    /// <summary>A leader election's lease keeps acquireTime and leaseTransitions.</summary>
    public bool IsElection { get; init; }

    /// <summary>What a kubelet renews (10 s, good for 40 s).</summary>
    public static LeaseRenewal OfNode(string node, Doc? owner = null) => new(
        Heartbeat.NodeLeaseNamespace, node, node, KubernetesConstants.NodeLeaseRenewInterval, KubernetesConstants.NodeLeaseDuration)
    {
        Owner = owner,
    };

    /// <summary>What a leader of a leader election renews (2 s, good for 15 s).</summary>
    public static LeaseRenewal OfLeader(string ns, string name, string holder) => new(
        ns, name, holder, KubernetesConstants.LeaderElectionRetryPeriod, KubernetesConstants.LeaderElectionLeaseDuration)
    {
        IsElection = true,
    };
}

/// <summary>A renewal that goes on until it is settled.</summary>
public sealed class Heartbeat
{
    public const string NodeLeaseNamespace = "kube-node-lease";

    private readonly Heartbeats _all;
    private readonly World _world;
    private readonly TimeSpan _from;
    private TimeSpan? _until;

    internal Heartbeat(Heartbeats all, World world, LeaseRenewal renewal, string userAgent)
    {
        (_all, _world, Renewal, UserAgent, _from) = (all, world, renewal, userAgent, world.Now);
        Ceased = new Signal(world);
    }

    public LeaseRenewal Renewal { get; }

    public bool IsBeating => _until is null;

    /// <summary>Raised when it was settled, by whomever: a kubelet then tries to begin anew.</summary>
    public Signal Ceased { get; }

    /// <summary>The virtual time of the last renewal so far.</summary>
    public TimeSpan LastRenewal
    {
        get
        {
            var end = _until ?? _world.Now;
            return _from + (Renewal.Period * ((end - _from).Ticks / Renewal.Period.Ticks));
        }
    }

    internal string UserAgent { get; }

    /// <summary>The renewals cease now; what they wrote so far is committed. Nothing, when they have already.</summary>
    public void Settle()
    {
        if (_until is null)
        {
            _until = _world.Now;
            _all.Settle(this);
            Ceased.Raise();
        }
    }
}
