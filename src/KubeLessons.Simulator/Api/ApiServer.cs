using KubeLessons.Simulator.Api.Admission;
using KubeLessons.Simulator.Api.Authentication;
using KubeLessons.Simulator.Api.Authorization;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Discovery;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Api.Rules.Services;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Api.Tables;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// The API server: the one way to the store, for everybody. A request is handled in one turn: resolve the kind, authorize,
/// default, admit, validate, commit. The answer is a value; an error is a <c>Status</c>.
/// </summary>
public sealed class ApiServer
{
    private readonly SubresourceHandler _subresources;
    private readonly NonResourcePaths _nonResourcePaths;
    private readonly Reviews _reviews;
    private readonly HashSet<ApiWatch> _watches = [];

    /// <summary>Starts a server over a store. What a kube-apiserver makes for itself at its first start (namespaces…) is made now.</summary>
    public ApiServer(World world, ObjectStore store, KubernetesVersion version, ApiServerSettings? settings = null, Heartbeats? heartbeats = null)
    {
        (World, Store, Version) = (world, store, version);
        Settings = settings ?? new ApiServerSettings();
        Kinds = new KindTable(version);
        Heartbeats = heartbeats ?? new Heartbeats(world, store);
        Admission = new AdmissionChain(Settings);
        Tables = new TableWriter(world, version);
        (Authorizer, Tokens) = (new Authorizer(this), new ServiceAccountTokens(this));
        _reviews = new Reviews(this);
        (Reads, Writes, Patches, Deletions) = (new(this), new(this), new(this), new(this));
        _subresources = new SubresourceHandler(this);
        _nonResourcePaths = new NonResourcePaths(Kinds, version, $"{Settings.AdvertiseAddress ?? "127.0.0.1"}:{Settings.SecurePort}");
        ServiceAddresses = new ServiceAddresses(this);
        store.DeclareIndex("pods", "spec", "nodeName");
        FirstStart.Run(this);
    }

    public ObjectStore Store { get; }

    public KubernetesVersion Version { get; }

    public ApiServerSettings Settings { get; }

    /// <summary>The kinds that are served.</summary>
    public KindTable Kinds { get; }

    /// <summary>The leases and node statuses that are being renewed.</summary>
    public Heartbeats Heartbeats { get; }

    internal World World { get; }

    /// <summary>The types of the kinds' bodies.</summary>
    internal SchemaTable Schema { get; } = new();

    internal AdmissionChain Admission { get; }

    internal TableWriter Tables { get; }

    internal Authorizer Authorizer { get; }

    internal ServiceAccountTokens Tokens { get; }

    internal ServiceAddresses ServiceAddresses { get; }

    internal ReadHandler Reads { get; }

    internal WriteHandler Writes { get; }

    internal PatchHandler Patches { get; }

    internal DeleteHandler Deletions { get; }

    /// <summary>Handles every verb but watch.</summary>
    public ApiResponse Handle(ApiRequest request)
    {
        if (request.NonResourcePath is not null)
        {
            return Refuse(request, null) ?? _nonResourcePaths.Answer(request);
        }

        var (kind, refusal) = Resolve(request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (request.Subresource.Length > 0)
        {
            return _subresources.Handle(kind!, request);
        }

        return request.Verb switch
        {
            ApiVerb.Get => Reads.Get(kind!, request),
            ApiVerb.List => Reads.List(kind!, request),
            ApiVerb.Create when kind is { Group: "", Plural: "bindings" } => _subresources.BindByCollection(request),
            ApiVerb.Create => _reviews.Answer(kind!, request) ?? Writes.Create(kind!, request),
            ApiVerb.Update => Writes.Update(kind!, request),
            ApiVerb.Patch => Patches.Patch(kind!, request),
            ApiVerb.Delete => Deletions.Delete(kind!, request),
            ApiVerb.DeleteCollection => Deletions.DeleteCollection(kind!, request),
            _ => ApiStatus.MethodNotAllowed(),
        };
    }

    /// <summary>
    /// Starts a watch of a collection (or of one object, by name): from the request's resourceVersion, or, where that is unset or
    /// "0", from the state as it is now, which comes first as ADDED events. Exactly one of the two is not null.
    /// </summary>
    public (ApiWatch? Watch, ApiResponse? Error) Watch(ApiRequest request)
    {
        var (kind, refusal) = Resolve(request);
        return refusal is null ? Reads.Watch(kind!, request) : (null, refusal);
    }

    /// <summary>
    /// The server stops: its watches end (their clients list and watch anew where they can) and what was renewed through it ceases.
    /// </summary>
    public void Close()
    {
        Heartbeats.SettleAll();
        foreach (var watch in _watches.ToList())
        {
            watch.Close();
        }
    }

    internal void Remember(ApiWatch watch) => _watches.Add(watch);

    internal void Forget(ApiWatch watch) => _watches.Remove(watch);

    /// <summary>
    /// How this server reaches a kubelet's port, from its own place on the network; set by the program that it runs in. Without
    /// it, no kubelet can be reached.
    /// </summary>
    public Func<string, int, KubeletDial> DialKubelet { get; set; } = static (address, port) =>
        new KubeletDial(null, $"dial tcp {address}:{port}: connect: connection refused", TimeSpan.Zero);

    /// <summary>
    /// Opens the log, exec, attach or portforward subresource of a pod. The request's body holds the options (PodLogOptions,
    /// PodExecOptions…). Exactly one of the two is not null.
    /// </summary>
    public (PodStream? Stream, ApiReply? Failure) OpenStream(ApiRequest request)
    {
        var (_, refusal) = Resolve(request);
        return refusal is null ? new PodStreams(this).Open(request) : (null, new ApiReply(refusal, null, ApiClient.RoundTrip));
    }

    /// <summary>Writes through to the store and the trace. Null deletes; the answer is the new state (or the last).</summary>
    internal Doc Commit(ObjectKey key, Doc? value, ApiRequest request)
    {
        var change = Store.Commit(key, value);
        World.Trace.Record(change, request.UserAgent);
        return change.After.Object ?? change.Before!.Object!;
    }

    /// <summary>An object on its way out: in the version that was asked for, with the heartbeat times of now.</summary>
    internal Doc Present(ResourceKind kind, ResourcePath asked, Doc value)
    {
        value = Heartbeats.Present(kind, value);
        return asked.Version == kind.Versions[0] && asked.Group == kind.Group ? value : value.With(asked.ApiVersion, "apiVersion");
    }

    /// <summary>Wraps an object or a list into an answer, as a table when that was asked for.</summary>
    internal ApiResponse Answer(int code, ResourceKind kind, ApiRequest request, Doc body) =>
        new(code, request.Options.AsTable ? Tables.Write(kind, body, request.Options.IncludeObject) : body);

    /// <summary>
    /// Dice for what the next commit needs (uid, generated name): they depend on the seed and the revision alone, so that two
    /// servers over one store, and one that was restarted, never draw the same twice.
    /// </summary>
    internal SeededRandom DiceForNextRevision() =>
        new(World.Seed ^ ((ulong)(Store.Revision + 1) * 0xD1342543DE82EF95UL));

    private (ResourceKind? Kind, ApiResponse? Refusal) Resolve(ApiRequest request)
    {
        var kind = Kinds.Find(request.Resource);
        if (kind is null || (!kind.IsNamespaced && request.Namespace.Length > 0))
        {
            return (null, ApiStatus.NoSuchResource());
        }

        var verb = VerbName(request.Verb);
        var verbs = kind.Verbs;
        if (request.Subresource.Length > 0)
        {
            if (kind.Find(request.Subresource) is not { } subresource)
            {
                return (null, ApiStatus.NoSuchResource());
            }

            verbs = subresource.Verbs;
        }

        return Refuse(request, kind) is { } forbidden ? (null, forbidden)
            : verbs.Contains(verb) ? (kind, null)
            : (null, ApiStatus.MethodNotAllowed());
    }

    /// <summary>The refusal of a request that its user may not make; null when he may.</summary>
    private ApiResponse? Refuse(ApiRequest request, ResourceKind? kind)
    {
        var resource = request.Subresource.Length == 0 ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
        var question = kind is null
            ? AccessQuestion.OfPath(request.NonResourcePath!.Split('?')[0])
            : new AccessQuestion(VerbName(request.Verb), request.Resource.Group, resource, request.Namespace, request.Name);
        if (Authorizer.Allows(request.User, question, out var reason))
        {
            return null;
        }

        var where = request.Namespace.Length > 0 ? $"in the namespace \"{request.Namespace}\"" : "at the cluster scope";
        var why = kind is null
            ? $"User \"{request.User.Name}\" cannot {question.Verb} path \"{question.Path}\""
            : $"User \"{request.User.Name}\" cannot {question.Verb} resource \"{resource}\" in API group \"{request.Resource.Group}\" {where}";
        why = reason.Length > 0 ? $"{why}: {reason}" : why;
        return kind is null
            ? ApiStatus.Failure(403, "Forbidden", "forbidden: " + why, Doc.Empty)
            : ApiStatus.Forbidden(request.Resource, request.Name, why);
    }

    private static string VerbName(ApiVerb verb) => verb switch
    {
        ApiVerb.Get => "get",
        ApiVerb.List => "list",
        ApiVerb.Watch => "watch",
        ApiVerb.Create => "create",
        ApiVerb.Update => "update",
        ApiVerb.Patch => "patch",
        ApiVerb.Delete => "delete",
        _ => "deletecollection",
    };
}
