using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Reads a request's object: it must be of the kind that the path names.</summary>
internal static class RequestBody
{
    /// <summary>The object and the warnings about it, or the refusal.</summary>
    /// <param name="server">The server: for it, unknown fields matter since 1.25 (ServerSideFieldValidation).</param>
    /// <param name="kind">The kind that the path names.</param>
    /// <param name="request">The request.</param>
    /// <param name="known">The state that the object has now, whose parts need not be read again.</param>
    public static ((Doc Value, List<string> Warnings)? Decoded, ApiResponse? Fault) Decode(
        ApiServer server, ResourceKind kind, ApiRequest request, Doc? known = null)
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

        var (value, warnings) = (InOrder(body, kind), new List<string>());
        if (server.Schema.Find(kind.Group, kind.Versions[0], kind.Name) is not { } type)
        {
            return ((value, warnings), null);
        }

        var reader = new SchemaReader(printsUnsetCreation: server.Version.Minor < 34);
        value = reader.Read(value, known, type);
        var what = $"{kind.Name} in version \"{request.Resource.Version}\" cannot be handled as a {kind.Name}: ";
        if (reader.Fault is { } fault)
        {
            return (null, ApiStatus.BadRequest(what + fault));
        }

        if (reader.Unknown.Count > 0 && server.Version.Minor >= 25)
        {
            if (request.Options.FieldValidation == "Strict")
            {
                return (null, ApiStatus.BadRequest($"{what}strict decoding error: {string.Join(", ", reader.Unknown)}"));
            }

            if (request.Options.FieldValidation != "Ignore")
            {
                warnings.AddRange(reader.Unknown);
            }
        }

        return ((value, warnings), null);
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
