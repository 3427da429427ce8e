using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// What the controllers of one process share: its way to the API, one informer for each resource, the indexes over them, and
/// the version whose rules they follow.
/// </summary>
internal sealed class ControllerContext
{
    private readonly Dictionary<ResourcePath, Informer> _informers = [];
    private readonly List<Informer> _started = [];
    private InformerIndex? _podsByNode;
    private InformerIndex? _podsByController;

    public ControllerContext(Process self, ApiClient client, KubernetesVersion version) =>
        (Self, Client, Version) = (self, client, version);

    public Process Self { get; }

    public ApiClient Client { get; }

    public KubernetesVersion Version { get; }

    public World World => Self.World;

    public DateTimeOffset UtcNow => World.UtcNow;

    /// <summary>The time now, as an object's status spells it.</summary>
    public string Timestamp => Timestamps.Time(World.UtcNow);

    /// <summary>True once every informer has its first list.</summary>
    public bool HasSynced => _started.TrueForAll(static informer => informer.HasSynced);

    /// <summary>All pods, by the name of their node.</summary>
    public InformerIndex PodsByNode
    {
        get
        {
            _ = InformerOf(Resources.Pods);
            return _podsByNode!;
        }
    }

    /// <summary>All pods, by the UID of their controller, or by <see cref="OrphansOf"/> their namespace when they have none.</summary>
    public InformerIndex PodsByController
    {
        get
        {
            _ = InformerOf(Resources.Pods);
            return _podsByController!;
        }
    }

    /// <summary>The index value of the pods of a namespace that nobody controls.</summary>
    public static string OrphansOf(string ns) => "orphans/" + ns;

    /// <summary>The one informer of a resource; it begins to list with <see cref="Start"/>.</summary>
    public Informer InformerOf(ResourcePath resource)
    {
        if (_informers.TryGetValue(resource, out var informer))
        {
            return informer;
        }

        informer = new Informer(Self, Client, resource);
        _informers.Add(resource, informer);
        _started.Add(informer);
        if (resource == Resources.Pods)
        {
            _podsByNode = new InformerIndex(informer, static pod => pod.NodeName());
            _podsByController = new InformerIndex(
                informer, static pod => pod.ControllerReference()?.Text("uid") ?? OrphansOf(pod.Namespace()));
        }

        return informer;
    }

    public ComponentEvents EventsOf(string component) => new(this, component);

    /// <summary>A queue whose keys wait until every informer has its first list: nobody acts on half a picture.</summary>
    public RetryingQueue<TKey> QueueOf<TKey>(Func<TKey, SyncResult> sync)
        where TKey : notnull =>
        new(Self, key => HasSynced ? sync(key) : SyncResult.After(TimeSpan.FromMilliseconds(100)));

    /// <summary>Starts every informer that was asked for.</summary>
    public void Start()
    {
        foreach (var informer in _started)
        {
            informer.Start();
        }
    }

    public void Stop()
    {
        foreach (var informer in _started)
        {
            informer.Stop();
        }
    }

    /// <summary>Writes an object's status when it differs from what is there; on a conflict the caller looks again.</summary>
    public bool UpdateStatus(ResourcePath resource, Doc current, Doc status) =>
        (current["status"] ?? Doc.Empty).Equals(status)
        || Client.Send(ApiRequest.Update(resource, current.With(status, "status"), "status")).IsSuccess;
}
