using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Api.Clients;

/// <summary>
/// Writes a component's Events (client-go tools/record). The same event about the same object is counted in one Event; many
/// similar ones are combined; too many about one object are dropped. While the server is away an event waits.
/// </summary>
public sealed class EventRecorder
{
    /// <summary>Similar events (all but the message) within <see cref="SimilarWithin"/> that are still written apart (client-go: defaultAggregateMaxEvents).</summary>
    public const int MaxSimilar = 10;

    /// <summary>Events about one object that may come at once (client-go: defaultSpamBurst); then one each 5 minutes.</summary>
    public const int SpamBurst = 25;

    /// <summary>Attempts to write one event (client-go: maxTriesPerEvent).</summary>
    public const int MaxTries = 12;

    /// <summary>Between two attempts (client-go: defaultSleepDuration).</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    /// <summary>client-go: defaultAggregateIntervalInSeconds.</summary>
    public static readonly TimeSpan SimilarWithin = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SpamRefill = TimeSpan.FromMinutes(5);
    private static readonly ResourcePath Events = ResourcePath.Core("events");

    private readonly Process _owner;
    private readonly ApiClient _client;
    private readonly string _component;
    private readonly string? _host;
    private readonly Dictionary<string, Written> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Similar> _similar = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Allowance> _allowances = new(StringComparer.Ordinal);
    private long _sequence;

    /// <param name="owner">The process that it lives and dies with.</param>
    /// <param name="client">Its way to the server.</param>
    /// <param name="component">The source, such as <c>kubelet</c> or <c>default-scheduler</c>.</param>
    /// <param name="host">The source's host, for components that belong to a node; null for others.</param>
    public EventRecorder(Process owner, ApiClient client, string component, string? host = null) =>
        (_owner, _client, _component, _host, _sequence) =
            (owner, client, component, host, (long)(SeededRandom.Hash(component + "/" + host) % 100));

    /// <summary>A reference to an object as events and ownerless links carry it.</summary>
    public static DocObject Reference(Doc about) => Doc.Obj(
        ("kind", about["kind"]),
        ("namespace", about.At("metadata", "namespace")),
        ("name", about.At("metadata", "name")),
        ("uid", about.At("metadata", "uid")),
        ("apiVersion", about["apiVersion"]),
        ("resourceVersion", about.At("metadata", "resourceVersion")));

    /// <summary>Records that all is well with an object.</summary>
    public void Normal(Doc about, string reason, string message) => Record(Reference(about), "Normal", reason, message);

    /// <summary>Records that something is wrong with an object.</summary>
    public void Warning(Doc about, string reason, string message) => Record(Reference(about), "Warning", reason, message);

    /// <param name="about">The involvedObject, such as <see cref="Reference"/> makes; a part of it in <c>fieldPath</c>.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">One word in CamelCase.</param>
    /// <param name="message">A sentence.</param>
    public void Record(Doc about, string type, string reason, string message)
    {
        Forget();
        var thing = string.Join('\0', about.Text("kind"), about.Text("namespace"), about.Text("name"), about.Text("uid"));
        var similar = $"{thing}\0{type}\0{reason}";
        var key = $"{similar}\0{about.Text("fieldPath")}\0{message}";
        if (IsOneOfMany(similar, message))
        {
            (key, message) = (similar, "(combined from similar events): " + message);
        }

        if (_written.TryGetValue(key, out var written))
        {
            written.Count++;
            written.LastAt = _owner.World.UtcNow;
        }
        else
        {
            _written.Add(key, written = new Written(about, type, reason, NextName(about.Text("name") ?? ""), _owner.World.UtcNow));
        }

        // What is dropped as spam was counted all the same.
        if (Allows(thing))
        {
            Send(written, message, MaxTries);
        }
    }

    private void Send(Written written, string message, int tries)
    {
        // client-go patches an event that it wrote before, and creates it anew when that one has expired.
        var ns = written.About.Text("namespace") ?? "default";
        ApiReply? reply = null;
        if (written.IsStored)
        {
            var patch = Doc.Obj(("count", written.Count), ("lastTimestamp", ObjectMeta.Time(written.LastAt)), ("message", message));
            reply = _client.Send(new ApiRequest(ApiVerb.Patch, Events) { Namespace = ns, Name = written.Name, Body = patch, Patch = PatchKind.StrategicMerge });
        }

        if (reply is null || reply.Reason == "NotFound")
        {
            reply = _client.Send(ApiRequest.Create(Events, ns, ToDoc(written, message, ns)));
        }

        for (var again = 0; reply.Reason == "AlreadyExists" && again < MaxTries; again++)
        {
            written.Name = NextName(written.About.Text("name") ?? "");
            reply = _client.Send(ApiRequest.Create(Events, ns, ToDoc(written, message, ns)));
        }

        if (reply.IsSuccess)
        {
            written.IsStored = true;
        }
        else if (reply.Response is null && tries > 1)
        {
            _owner.After(RetryPause, () => Send(written, message, tries - 1));
        }
    }

    private DocObject ToDoc(Written written, string message, string ns) => Doc.Obj(
        ("kind", "Event"),
        ("apiVersion", "v1"),
        ("metadata", Doc.Obj(("name", written.Name), ("namespace", ns))),
        ("involvedObject", written.About),
        ("reason", written.Reason),
        ("message", message),
        ("source", Doc.Obj(("component", _component), ("host", _host is null ? null : (Doc)_host))),
        ("firstTimestamp", ObjectMeta.Time(written.FirstAt)),
        ("lastTimestamp", ObjectMeta.Time(written.LastAt)),
        ("count", written.Count),
        ("type", written.Type),
        ("eventTime", Doc.Null),
        ("reportingComponent", _component),
        ("reportingInstance", _host ?? ""));

    // client-go names an event by its object and the nanosecond; here a sequence stands for the nanoseconds below the clock's step.
    private string NextName(string about)
    {
        var nanoseconds = (_owner.World.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
        return $"{about}.{nanoseconds + (_sequence++ % 100):x16}";
    }

    // client-go keeps what it knows in caches of this size.
    private void Forget()
    {
        const int MaxKnown = 4096;
        if (_written.Count >= MaxKnown)
        {
            _written.Clear();
            _similar.Clear();
            _allowances.Clear();
        }
    }

    private bool IsOneOfMany(string key, string message)
    {
        var now = _owner.World.Now;
        if (!_similar.TryGetValue(key, out var similar) || now - similar.LastAt > SimilarWithin)
        {
            _similar[key] = similar = new Similar();
        }

        similar.LastAt = now;
        if (similar.Messages.Contains(message))
        {
            return false;
        }

        return similar.Messages.Count >= MaxSimilar - 1 || !similar.Messages.Add(message);
    }

    private bool Allows(string key)
    {
        var now = _owner.World.Now;
        if (!_allowances.TryGetValue(key, out var allowance))
        {
            _allowances.Add(key, allowance = new Allowance { Left = SpamBurst, At = now });
        }

        allowance.Left = Math.Min(SpamBurst, allowance.Left + ((now - allowance.At) / SpamRefill));
        allowance.At = now;
        if (allowance.Left < 1)
        {
            return false;
        }

        allowance.Left--;
        return true;
    }

    private sealed class Written(Doc about, string type, string reason, string name, DateTimeOffset firstAt)
    {
        public Doc About => about;

        public string Type => type;

        public string Reason => reason;

        public string Name { get; set; } = name;

        public DateTimeOffset FirstAt { get; } = firstAt;

        public DateTimeOffset LastAt { get; set; } = firstAt;

        public long Count { get; set; } = 1;

        public bool IsStored { get; set; }
    }

    private sealed class Similar
    {
        public HashSet<string> Messages { get; } = [];

        public TimeSpan LastAt { get; set; }
    }

    private sealed class Allowance
    {
        public double Left { get; set; }

        public TimeSpan At { get; set; }
    }
}
