using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Patches;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Answers patch: reads the current state, applies the patch and replaces the state.</summary>
internal sealed class PatchHandler(ApiServer server)
{
    private const string MediaTypes =
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
        + "application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    public ApiResponse Patch(ResourceKind kind, ApiRequest request)
    {
        if (request.Body is null)
        {
            return ApiStatus.BadRequest("a patch needs a body");
        }

        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var shown = server.Present(kind, request.Resource, current.Object!);
        var (patched, fault) = Apply(kind, request, shown);
        if (fault is not null)
        {
            return fault;
        }

        var (decoded, wrong) = RequestBody.Decode(server, kind, request with { Body = patched }, shown);
        if (wrong is not null)
        {
            return wrong;
        }

        if (patched!.Text("metadata", "name") != request.Name)
        {
            return ApiStatus.BadRequest(
                $"the name of the object ({patched.Text("metadata", "name")}) does not match the name on the URL ({request.Name})");
        }

        var (value, warnings) = decoded!.Value;
        return server.Writes.Replace(kind, request, current, value) is var response && warnings.Count > 0
            ? response with { Warnings = [.. warnings] }
            : response;
    }

    /// <summary>The patched document, or the refusal.</summary>
    public (Doc? Patched, ApiResponse? Fault) Apply(ResourceKind kind, ApiRequest request, Doc current, SchemaType? type = null)
    {
        switch (request.Patch)
        {
            case PatchKind.Merge:
                return (MergePatch.Apply(current, request.Body!), null);
            case PatchKind.StrategicMerge:
                type ??= server.Schema.Find(request.Resource.Group, request.Resource.Version, kind.Name);
                return (StrategicMergePatch.Apply(current, request.Body!, type), null);
            case PatchKind.Json:
                return JsonPatch.Apply(current, request.Body!, out var fault) is { } patched
                    ? (patched, null)
                    : (null, ApiStatus.Failure(422, "Invalid", "the server rejected our request due to an error in our request", Doc.Obj(
                        ("causes", Doc.Arr(Doc.Obj(("reason", "UnexpectedServerResponse"), ("message", fault!)))))));
            default:
                return (null, ApiStatus.Failure(415, "UnsupportedMediaType", MediaTypes));
        }
    }
}
