using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api;

/// <summary>Answers that are a <c>Status</c>, worded as kube-apiserver words them (k8s.io/apimachinery/pkg/api/errors).</summary>
public static class ApiStatus
{
    public static ApiResponse NotFound(ResourcePath resource, string name) => Failure(
        404, "NotFound", $"{resource.GroupResource} \"{name}\" not found", Details(resource, name));

    public static ApiResponse AlreadyExists(ResourcePath resource, string name) => Failure(
        409, "AlreadyExists", $"{resource.GroupResource} \"{name}\" already exists", Details(resource, name));

    public static ApiResponse Conflict(ResourcePath resource, string name, string why) => Failure(
        409, "Conflict", $"Operation cannot be fulfilled on {resource.GroupResource} \"{name}\": {why}", Details(resource, name));

    public static ApiResponse Forbidden(ResourcePath resource, string name, string why) => Failure(
        403, "Forbidden", $"{resource.GroupResource}{(name.Length > 0 ? $" \"{name}\"" : "")} is forbidden: {why}", Details(resource, name));

    public static ApiResponse BadRequest(string message) => Failure(400, "BadRequest", message);

    public static ApiResponse MethodNotAllowed(string message = "the server does not allow this method on the requested resource") =>
        Failure(405, "MethodNotAllowed", message);

    /// <summary>The whole path is unknown: kubectl says "the server could not find the requested resource".</summary>
    public static ApiResponse NoSuchResource() =>
        Failure(404, "NotFound", "the server could not find the requested resource", Doc.Empty);

    /// <summary>A watch or list from a revision whose history is gone (410).</summary>
    public static ApiResponse Expired(long asked, long oldest) =>
        Failure(410, "Expired", $"too old resource version: {asked} ({oldest})");

    /// <summary>A revision that is still to come (504).</summary>
    public static ApiResponse ResourceVersionTooLarge(long asked, long newest) =>
        Failure(504, "Timeout", $"Too large resource version: {asked}, current: {newest}", Doc.Obj(
            ("causes", Doc.Arr(Doc.Obj(("reason", "ResourceVersionTooLarge"), ("message", "Too large resource version")))),
            ("retryAfterSeconds", 1)));

    public static ApiResponse InvalidResourceVersion(string text) =>
        Failure(400, "BadRequest", $"invalid resource version \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    /// <summary>An eviction that a PodDisruptionBudget forbids (429).</summary>
    public static ApiResponse TooManyDisruptions(string why, int retryAfterSeconds = 0) => Failure(
        429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", Doc.Obj(
            ("causes", Doc.Arr(Doc.Obj(("reason", "DisruptionBudget"), ("message", why)))),
            ("retryAfterSeconds", retryAfterSeconds > 0 ? retryAfterSeconds : null)));

    public static ApiResponse Success(DocObject? details = null) => new(200, Doc.Obj(
        ("kind", "Status"), ("apiVersion", "v1"), ("metadata", Doc.Empty), ("status", "Success"), ("details", details)));

    public static ApiResponse Failure(int code, string reason, string message, DocObject? details = null) => new(code, Doc.Obj(
        ("kind", "Status"),
        ("apiVersion", "v1"),
        ("metadata", Doc.Empty),
        ("status", "Failure"),
        ("message", message),
        ("reason", reason.Length > 0 ? reason : null),
        ("details", details),
        ("code", code)));

    private static DocObject Details(ResourcePath resource, string name) => Doc.Obj(
        ("name", name.Length > 0 ? name : null),
        ("group", resource.Group.Length > 0 ? resource.Group : null),
        ("kind", resource.Plural));
}
