using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Api.Clients;

/// <summary>
/// A component's picture of one collection: listed once, then kept by a watch (client-go's informer). Changes arrive
/// <see cref="Latency"/> after their commit. When the server is gone the picture stays as it was; it is listed anew, with
/// back-off, until the server answers, and the differences are reported as changes.
/// </summary>
public sealed class Informer
{
    /// <summary>From a commit to the handler of whoever watches.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(2);

    /// <summary>First pause between attempts to list (client-go reflector: backoff 800 ms, factor 2, at most 30 s).</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(800);

    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly Process _owner;
    private readonly ApiClient _client;
    private readonly ApiRequest _list;
    private readonly Dictionary<(string Namespace, string Name), Doc> _objects = [];
    private ApiWatch? _watch;
    private Turn? _retry;
    private bool _readPlanned;
    private TimeSpan _backOff = FirstBackOff;

    /// <param name="owner">The process that it lives and dies with.</param>
    /// <param name="client">Its way to the server.</param>
    /// <param name="resource">What is watched.</param>
    /// <param name="fieldSelector">Such as <c>spec.nodeName=w1-k8s</c>; null for all.</param>
    /// <param name="labelSelector">Such as <c>app=web</c>; null for all.</param>
    /// <param name="ns">The namespace; "" for all.</param>
    public Informer(
        Process owner, ApiClient client, ResourcePath resource, string? fieldSelector = null, string? labelSelector = null, string ns = "")
    {
        (_owner, _client) = (owner, client);
        _list = ApiRequest.List(resource, ns) with
        {
            Options = new ApiOptions { FieldSelector = fieldSelector, LabelSelector = labelSelector },
        };
        owner.OnExit(Stop);
    }

    /// <summary>Called for every change: (before, after); null stands for "was not there" and "is gone".</summary>
    public event Action<Doc?, Doc?>? Changed;

    /// <summary>Called once, when the first list has arrived and was reported, were it empty.</summary>
    public event Action? Synced;

    /// <summary>True once the first list has arrived.</summary>
    public bool HasSynced { get; private set; }

    public int Count => _objects.Count;

    public IEnumerable<Doc> Objects => _objects.Values;

    public Doc? Get(string ns, string name) => _objects.GetValueOrDefault((ns, name));

    /// <summary>Lists and watches from now on, until the owner exits or <see cref="Stop"/>.</summary>
    public void Start() => _retry = _owner.After(ApiClient.RoundTrip, ListAll);

    /// <summary>Reads nothing any more; the picture stays as it is.</summary>
    public void Stop()
    {
        _retry?.Cancel();
        DropWatch();
    }

    private void DropWatch()
    {
        if (_watch is { } watch)
        {
            _watch = null;
            watch.Available -= PlanRead;
            watch.Dispose();
        }
    }

    private void ListAll()
    {
        var reply = _client.Send(_list);
        if (!reply.IsSuccess)
        {
            RetryList(reply.Takes);
            return;
        }

        var list = reply.Response!.Body;
        var (watch, _) = _client.Watch(_list with
        {
            Verb = ApiVerb.Watch,
            Options = _list.Options with { ResourceVersion = list.Text("metadata", "resourceVersion") },
        });
        if (watch is null)
        {
            RetryList(TimeSpan.Zero);
            return;
        }

        _backOff = FirstBackOff;
        _watch = watch;
        watch.Available += PlanRead;
        Replace(list);
        if (!HasSynced)
        {
            HasSynced = true;
            Synced?.Invoke();
        }

        PlanRead();
    }

    private void RetryList(TimeSpan afterTrying)
    {
        _retry = _owner.After(afterTrying + _backOff, ListAll);
        _backOff = _backOff * 2 < LongestBackOff ? _backOff * 2 : LongestBackOff;
    }

    private void Replace(Doc list)
    {
        // In the list's order first, then what is gone, in the order in which it came: handlers see the same on every run.
        var gone = new HashSet<(string, string)>(_objects.Keys);
        foreach (var item in list.List("items"))
        {
            gone.Remove(KeyOf(item));
            Put(item);
        }

        foreach (var key in _objects.Keys.Where(gone.Contains).ToList())
        {
            Drop(key);
        }
    }

    private void PlanRead()
    {
        if (!_readPlanned && !_owner.HasExited)
        {
            _readPlanned = true;
            _owner.After(Latency, ReadWatch);
        }
    }

    private void ReadWatch()
    {
        _readPlanned = false;
        if (_watch is not { } watch)
        {
            return;
        }

        if (watch.IsClosed || !_client.CanReachServer())
        {
            DropWatch();
            RetryList(TimeSpan.Zero);
            return;
        }

        foreach (var happened in watch.Read())
        {
            switch (happened.Type)
            {
                case "ERROR":
                    DropWatch();
                    ListAll();
                    return;
                case "DELETED":
                    Drop(KeyOf(happened.Object));
                    break;
                default:
                    Put(happened.Object);
                    break;
            }
        }
    }

    private void Put(Doc item)
    {
        var key = KeyOf(item);
        var before = _objects.GetValueOrDefault(key);
        if (before is not null && before.Text("metadata", "resourceVersion") == item.Text("metadata", "resourceVersion"))
        {
            return;
        }

        _objects[key] = item;
        Changed?.Invoke(before, item);
    }

    private void Drop((string, string) key)
    {
        if (_objects.Remove(key, out var before))
        {
            Changed?.Invoke(before, null);
        }
    }

    private static (string Namespace, string Name) KeyOf(Doc item) =>
        (item.Text("metadata", "namespace") ?? "", item.Text("metadata", "name") ?? "");
}
