using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>
/// Answers delete and deletecollection (k8s.io/apiserver: registry/rest/delete.go, registry/generic/registry/store.go). An object
/// with finalizers, and a pod with a grace period, is only marked; whoever clears the last obstacle removes it.
/// </summary>
internal sealed class DeleteHandler(ApiServer server)
{
    private const string Orphan = "orphan";
    private const string Foreground = "foregroundDeletion";

    private static readonly string[] ImmortalNamespaces = ["default", "kube-system", "kube-public"];

    public ApiResponse Delete(ResourceKind kind, ApiRequest request)
    {
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        if (kind.StorageName == "namespaces" && ImmortalNamespaces.Contains(request.Name))
        {
            return ApiStatus.Forbidden(request.Resource, request.Name, "this namespace may not be deleted");
        }

        if (CheckPreconditions(request, current.Object!) is { } conflict)
        {
            return conflict;
        }

        var before = current.Object!;
        var context = new RuleContext(server, request);
        var admission = new Admission.AdmissionRequest(ApiVerb.Delete, kind, current.Key.Namespace, request.Name, before, context);
        if (server.Admission.Admit(admission) is { } refusal)
        {
            return refusal;
        }

        var marked = Mark(kind, request, before);
        if (IsDueNow(kind, marked) || IsUnobstructed(kind, request, marked))
        {
            if (!request.Options.DryRun)
            {
                server.Commit(current.Key, null, request);
            }

            return Gone(kind, request, before, marked);
        }

        var kept = ObjectMeta.Differs(marked, before) ? server.Writes.Commit(current.Key, marked, request) : before;
        return server.Answer(200, kind, request, server.Present(kind, request.Resource, kept));
    }

    public ApiResponse DeleteCollection(ResourceKind kind, ApiRequest request)
    {
        var (selection, fault) = Selection.Of(kind, request);
        if (fault is not null)
        {
            return fault;
        }

        var items = ImmutableArray.CreateBuilder<Doc>();
        foreach (var version in selection!.List(server.Store).ToList())
        {
            var response = Delete(kind, request with
            {
                Verb = ApiVerb.Delete,
                Namespace = version.Key.Namespace,
                Name = version.Key.Name,
            });
            if (!response.IsSuccess && response.Code != 404)
            {
                return response;
            }

            items.Add(version.Object!);
        }

        return new ApiResponse(200, Doc.Obj(
            ("kind", kind.Name + "List"),
            ("apiVersion", request.Resource.ApiVersion),
            ("metadata", Doc.Obj(("resourceVersion", server.Store.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)))),
            ("items", new DocArray(items.DrainToImmutable()))));
    }

    /// <summary>True for an object that is marked for deletion and that nothing holds back any more.</summary>
    public bool IsDueNow(ResourceKind kind, Doc value) =>
        value.Text("metadata", "deletionTimestamp") is not null
        && value.List("metadata", "finalizers").IsEmpty
        && (kind.StorageName == "namespaces"
            ? value.List("spec", "finalizers").IsEmpty
            : (value.Int("metadata", "deletionGracePeriodSeconds") ?? 0) == 0);

    private static bool IsUnobstructed(ResourceKind kind, ApiRequest request, Doc marked) =>
        kind.StorageName != "namespaces"
        && marked.Text("metadata", "deletionTimestamp") is null
        && marked.List("metadata", "finalizers").IsEmpty;

    /// <summary>The state that this deletion leaves: with propagation finalizers, a deletion time and the grace that is left.</summary>
    private Doc Mark(ResourceKind kind, ApiRequest request, Doc before)
    {
        var value = WithPropagation(kind, request, before);
        var grace = kind.DeletesGracefully ? PodGrace(request, before) : 0;
        var deleted = before.Text("metadata", "deletionTimestamp");
        if (deleted is not null)
        {
            return Shorten(request, value, grace);
        }

        var isObstructed = grace > 0 || !value.List("metadata", "finalizers").IsEmpty || kind.StorageName == "namespaces";
        if (!isObstructed)
        {
            return value;
        }

        var at = ObjectMeta.Time(server.World.UtcNow + TimeSpan.FromSeconds(grace));
        value = WithDeletion(value, at, grace);
        value = kind.StorageName == "namespaces" ? value.With("Terminating", "status", "phase") : value;
        return ObjectMeta.BumpGeneration(value);
    }

    // A pod that is being deleted can only be given less time, never more.
    private static Doc Shorten(ApiRequest request, Doc value, long grace)
    {
        var left = value.Int("metadata", "deletionGracePeriodSeconds") ?? 0;
        if (request.Options.GracePeriodSeconds is null || grace >= left)
        {
            return value;
        }

        var ends = ObjectMeta.ParseTime(value.Text("metadata", "deletionTimestamp"))!.Value;
        return WithDeletion(value, ObjectMeta.Time(ends - TimeSpan.FromSeconds(left - grace)), grace);
    }

    private static Doc WithDeletion(Doc value, string at, long grace)
    {
        var metadata = value["metadata"]!;
        if (metadata["deletionTimestamp"] is not null)
        {
            return value.With(metadata.With(at, "deletionTimestamp").With(grace, "deletionGracePeriodSeconds"), "metadata");
        }

        var builder = new DocObjectBuilder(16);
        foreach (var (key, field) in metadata.Fields)
        {
            builder.Set(key, field);
            if (key == "creationTimestamp")
            {
                builder.Set("deletionTimestamp", at).Set("deletionGracePeriodSeconds", grace);
            }
        }

        return value.With(builder.ToObject(), "metadata");
    }

    // pkg/registry/core/pod/strategy.go: CheckGracefulDelete.
    private static long PodGrace(ApiRequest request, Doc pod)
    {
        var grace = request.Options.GracePeriodSeconds
            ?? pod.Int("spec", "terminationGracePeriodSeconds") ?? 30;
        if (string.IsNullOrEmpty(pod.Text("spec", "nodeName")) || pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        return grace < 0 ? 1 : grace;
    }

    private static Doc WithPropagation(ResourceKind kind, ApiRequest request, Doc before)
    {
        var finalizers = before.List("metadata", "finalizers");
        var (orphan, foreground) = request.Options.PropagationPolicy switch
        {
            "Orphan" => (true, false),
            "Foreground" => (false, true),
            "Background" => (false, false),
            _ when finalizers.Any(each => each.AsText == Orphan) => (true, false),
            _ when finalizers.Any(each => each.AsText == Foreground) => (false, true),
            _ => (kind.OrphansByDefault, false),
        };
        var wanted = finalizers.Where(each => each.AsText is not (Orphan or Foreground)).ToImmutableArray();
        wanted = orphan ? wanted.Add(Orphan) : foreground ? wanted.Add(Foreground) : wanted;
        if (wanted.SequenceEqual(finalizers))
        {
            return before;
        }

        return before.With(wanted.IsEmpty ? null : new DocArray(wanted), "metadata", "finalizers");
    }

    private ApiResponse Gone(ResourceKind kind, ApiRequest request, Doc before, Doc marked)
    {
        if (kind.ReturnsDeletedObject)
        {
            var last = kind.DeletesGracefully && marked["metadata"]!["deletionTimestamp"] is null
                ? WithDeletion(before, ObjectMeta.Time(server.World.UtcNow), 0)
                : marked;
            return server.Answer(200, kind, request, server.Present(kind, request.Resource, last));
        }

        return ApiStatus.Success(Doc.Obj(
            ("name", request.Name),
            ("group", kind.Group.Length > 0 ? kind.Group : null),
            ("kind", kind.Plural),
            ("uid", before.Text("metadata", "uid"))));
    }

    private static ApiResponse? CheckPreconditions(ApiRequest request, Doc before)
    {
        var (uid, revision) = (before.Text("metadata", "uid"), before.Text("metadata", "resourceVersion"));
        if (request.Options.PreconditionUid is { Length: > 0 } wanted && wanted != uid)
        {
            return ApiStatus.Conflict(
                request.Resource,
                request.Name,
                $"the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been deleted and then recreated");
        }

        if (request.Options.PreconditionResourceVersion is { Length: > 0 } asked && asked != revision)
        {
            return ApiStatus.Conflict(
                request.Resource,
                request.Name,
                $"the ResourceVersion in the precondition ({asked}) does not match the ResourceVersion in record ({revision}). The object might have been modified");
        }

        return null;
    }
}
