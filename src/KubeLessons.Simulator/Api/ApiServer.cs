using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// The API server: the one way to the store, for everybody. A request is handled in one turn: resolve the kind, default, admit,
/// validate, commit. The answer is a value; an error is a <c>Status</c>.
/// </summary>
public sealed class ApiServer
{
    private readonly World _world;

    public ApiServer(World world, ObjectStore store, KubernetesVersion version)
    {
        (_world, Store, Version) = (world, store, version);
    }

    public ObjectStore Store { get; }

    public KubernetesVersion Version { get; }

    /// <summary>Handles every verb but watch.</summary>
    public ApiResponse Handle(ApiRequest request)
    {
        var resource = request.Resource;
        var key = new ObjectKey(resource.GroupResource, request.Namespace, request.Name);
        var existing = Store.Get(key);
        switch (request.Verb)
        {
            case ApiVerb.Get:
                return existing is null ? ApiStatus.NotFound(resource, request.Name) : new ApiResponse(200, existing.Object!);
            case ApiVerb.List:
                var items = Store.List(resource.GroupResource, request.Namespace.Length == 0 ? null : request.Namespace);
                return new ApiResponse(200, Doc.Obj(
                    ("kind", "List"),
                    ("apiVersion", resource.ApiVersion),
                    ("metadata", Doc.Obj(("resourceVersion", Store.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)))),
                    ("items", Doc.Arr(items.Select(item => item.Object!)))));
            case ApiVerb.Create:
                key = key with { Name = request.Body!.Text("metadata", "name") ?? "" };
                return Store.Get(key) is not null
                    ? ApiStatus.AlreadyExists(resource, key.Name)
                    : new ApiResponse(201, Commit(key, request.Body, request));
            case ApiVerb.Update:
                return existing is null ? ApiStatus.NotFound(resource, request.Name) : new ApiResponse(200, Commit(key, request.Body, request));
            case ApiVerb.Delete:
                if (existing is null)
                {
                    return ApiStatus.NotFound(resource, request.Name);
                }

                Commit(key, null, request);
                return ApiStatus.Success();
            default:
                return ApiStatus.MethodNotAllowed();
        }
    }

    /// <summary>
    /// Starts a watch of a collection (or of one object, by name), from the request's resourceVersion (default: now). Exactly one of
    /// the two is not null.
    /// </summary>
    public (ApiWatch? Watch, ApiResponse? Error) Watch(ApiRequest request)
    {
        var from = long.TryParse(request.Options.ResourceVersion, out var asked) && asked > 0 ? asked : Store.Revision;
        if (from < Store.CompactedRevision)
        {
            return (null, ApiStatus.Expired(from, Store.CompactedRevision));
        }

        return (new ApiWatch(Store, Store.LogOf(request.Resource.GroupResource), from, Matches, document => document), null);

        bool Matches(ObjectVersion version) =>
            (request.Namespace.Length == 0 || version.Key.Namespace == request.Namespace)
            && (request.Name.Length == 0 || version.Key.Name == request.Name);
    }

    private Doc Commit(ObjectKey key, Doc? value, ApiRequest request)
    {
        var change = Store.Commit(key, value);
        _world.Trace.Record(change, request.UserAgent);
        return change.After.Object ?? Doc.Null;
    }
}
