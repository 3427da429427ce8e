using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Reads a request's object: it must be of the kind that the path names.</summary>
internal static class RequestBody
{
    /// <summary>The object and the warnings about it, or the refusal.</summary>
    public static ((Doc Value, List<string> Warnings)? Decoded, ApiResponse? Fault) Decode(
        ResourceKind kind, ApiRequest request, KubernetesVersion version)
    {
        if (request.Body is not DocObject body)
        {
            return (null, ApiStatus.BadRequest("a request to create or update needs an object"));
        }

        var (apiVersion, name) = (body.Text("apiVersion") ?? request.Resource.ApiVersion, body.Text("kind") ?? kind.Name);
        if (apiVersion.Length == 0 || name.Length == 0)
        {
            (apiVersion, name) = (request.Resource.ApiVersion, kind.Name);
        }

        if (name != kind.Name)
        {
            return (null, ApiStatus.BadRequest(
                $"{name} in version \"{request.Resource.Version}\" cannot be handled as a {kind.Name}: "
                + $"converting ({request.Resource.Version}.{name}) to ({kind.Name}): unknown conversion"));
        }

        if (apiVersion != request.Resource.ApiVersion)
        {
            return (null, ApiStatus.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({request.Resource.ApiVersion})"));
        }

        return ((InOrder(body, kind), []), null);
    }

    /// <summary>Begins with kind, apiVersion and metadata, as the API server writes objects, in the version that is stored.</summary>
    private static DocObject InOrder(DocObject body, ResourceKind kind)
    {
        var builder = new DocObjectBuilder(body.Count + 2)
            .Set("kind", kind.Name)
            .Set("apiVersion", kind.ApiVersion)
            .Set("metadata", body["metadata"] as DocObject ?? Doc.Empty);
        for (var i = 0; i < body.Count; i++)
        {
            if (body.Keys[i] is not ("kind" or "apiVersion" or "metadata") && !body.Values[i].IsNull)
            {
                builder.Set(body.Keys[i], body.Values[i]);
            }
        }

        return builder.ToObject();
    }
}
