using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api;

/// <summary>An HTTP request to the API, as it came: what every face of the API server turns into an <see cref="ApiRequest"/>.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Such as <c>/api/v1/namespaces/default/pods</c>, percent-decoded, without the query.</param>
/// <param name="Query">The query's text, without the question mark.</param>
public sealed record HttpApiRequest(string Method, string Path, string Query = "")
{
    public string ContentType { get; init; } = "";

    public string Accept { get; init; } = "";

    public ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>Reads HTTP requests: paths, queries, media types and bodies of the Kubernetes API. It knows no kinds.</summary>
internal static class HttpRequestReader
{
    private const string UnknownFormat =
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, "
        + "application/vnd.kubernetes.protobuf";

    public static (ApiRequest? Request, ApiResponse? Fault) Read(HttpApiRequest http)
    {
        var query = ReadQuery(http.Query);
        if (ReadPath(http) is not { } request)
        {
            var target = http.Query.Length == 0 ? http.Path : $"{http.Path}?{http.Query}";
            return (new ApiRequest(ApiVerb.Get, default) { NonResourcePath = target, Accept = http.Accept }, null);
        }

        if (ReadVerb(http.Method, request.Name.Length > 0, query) is not { } verb)
        {
            return (null, ApiStatus.MethodNotAllowed());
        }

        request = request with
        {
            Verb = verb,
            Accept = http.Accept,
            Patch = verb == ApiVerb.Patch ? PatchKindOf(http.ContentType) : PatchKind.None,
            Options = ReadOptions(query, http.Accept),
            Parameters = [.. query],
        };
        if (http.Body.IsEmpty)
        {
            return (request, null);
        }

        var (body, fault) = ReadBody(http);
        if (fault is not null)
        {
            return (null, fault);
        }

        return verb is ApiVerb.Delete or ApiVerb.DeleteCollection
            ? (request with { Options = WithDeleteOptions(request.Options, body!) }, null)
            : (request with { Body = body }, null);
    }

    private static ApiRequest? ReadPath(HttpApiRequest http)
    {
        var parts = http.Path.Trim('/').Split('/');
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var tail] => ("", v, tail),
            ["apis", var g, var v, .. var tail] => (g, v, tail),
            _ => ("", "", Array.Empty<string>()),
        };
        if (rest.Length == 0)
        {
            return null;
        }

        // The old form /api/v1/watch/… of a watch.
        rest = rest is ["watch", _, ..] ? rest[1..] : rest;
        var ns = "";
        if (rest is ["namespaces", var name, var next, ..] && next is not ("status" or "finalize"))
        {
            (ns, rest) = (name, rest[2..]);
        }

        return new ApiRequest(ApiVerb.Get, new ResourcePath(group, version, rest[0]))
        {
            Namespace = ns,
            Name = rest.Length > 1 ? rest[1] : "",
            Subresource = rest.Length > 2 ? rest[2] : "",
        };
    }

    private static ApiVerb? ReadVerb(string method, bool hasName, List<(string Name, string Value)> query)
    {
        var watches = query.Any(each => each is { Name: "watch", Value: "true" or "1" or "" });
        return method switch
        {
            "GET" or "HEAD" when watches => ApiVerb.Watch,
            "GET" or "HEAD" => hasName ? ApiVerb.Get : ApiVerb.List,
            "POST" => ApiVerb.Create,
            "PUT" => ApiVerb.Update,
            "PATCH" => ApiVerb.Patch,
            "DELETE" => hasName ? ApiVerb.Delete : ApiVerb.DeleteCollection,
            _ => null,
        };
    }

    private static PatchKind PatchKindOf(string contentType) => MediaType(contentType) switch
    {
        "application/json-patch+json" => PatchKind.Json,
        "application/merge-patch+json" => PatchKind.Merge,
        "application/strategic-merge-patch+json" => PatchKind.StrategicMerge,
        "application/apply-patch+yaml" or "application/apply-patch+cbor" => PatchKind.Apply,
        _ => PatchKind.None,
    };

    private static string MediaType(string contentType) => contentType.Split(';')[0].Trim().ToLowerInvariant();

    private static ApiOptions ReadOptions(List<(string Name, string Value)> query, string accept)
    {
        var options = new ApiOptions { AsTable = accept.Contains("as=Table", StringComparison.Ordinal) };
        foreach (var (name, value) in query)
        {
            options = name switch
            {
                "labelSelector" => options with { LabelSelector = value },
                "fieldSelector" => options with { FieldSelector = value },
                "resourceVersion" => options with { ResourceVersion = value },
                "resourceVersionMatch" => options with { ResourceVersionMatch = value },
                "limit" => options with { Limit = Number(value) },
                "continue" => options with { Continue = value },
                "sendInitialEvents" => options with { SendInitialEvents = IsTrue(value) },
                "allowWatchBookmarks" => options with { AllowWatchBookmarks = IsTrue(value) },
                "fieldManager" => options with { FieldManager = value },
                "fieldValidation" => options with { FieldValidation = value },
                "force" => options with { Force = IsTrue(value) },
                "dryRun" => options with { DryRun = value == "All" },
                "gracePeriodSeconds" => options with { GracePeriodSeconds = Number(value) },
                "propagationPolicy" => options with { PropagationPolicy = value },
                "orphanDependents" => options with { PropagationPolicy = IsTrue(value) ? "Orphan" : "Background" },
                "includeObject" => options with { IncludeObject = value },
                _ => options,
            };
        }

        return options;
    }

    private static ApiOptions WithDeleteOptions(ApiOptions options, Doc body) => options with
    {
        GracePeriodSeconds = body.Int("gracePeriodSeconds") ?? options.GracePeriodSeconds,
        PropagationPolicy = body.Text("propagationPolicy")
            ?? body.Flag("orphanDependents") switch { true => "Orphan", false => "Background", null => options.PropagationPolicy },
        PreconditionUid = body.Text("preconditions", "uid") ?? options.PreconditionUid,
        PreconditionResourceVersion = body.Text("preconditions", "resourceVersion") ?? options.PreconditionResourceVersion,
        DryRun = options.DryRun || body.List("dryRun").Any(each => each.AsText == "All"),
    };

    private static (Doc? Body, ApiResponse? Fault) ReadBody(HttpApiRequest http)
    {
        var type = MediaType(http.ContentType);
        if (type is "application/yaml" or "application/apply-patch+yaml")
        {
            return DocYaml.TryParse(System.Text.Encoding.UTF8.GetString(http.Body.Span), out var document, out var wrong)
                ? (document, null)
                : (null, ApiStatus.BadRequest($"error decoding: {wrong}"));
        }

        if (type is not ("" or "application/json") && !type.EndsWith("+json", StringComparison.Ordinal))
        {
            return (null, ApiStatus.Failure(415, "UnsupportedMediaType", UnknownFormat));
        }

        return DocJson.TryParse(http.Body.Span, out var body, out var fault)
            ? (body, null)
            : (null, ApiStatus.BadRequest($"couldn't get version/kind; json parse error: {fault}"));
    }

    private static List<(string Name, string Value)> ReadQuery(string query)
    {
        var pairs = new List<(string, string)>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(at < 0 ? (Decode(part), "") : (Decode(part[..at]), Decode(part[(at + 1)..])));
        }

        return pairs;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool IsTrue(string value) => value is "true" or "1";

    private static long? Number(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
