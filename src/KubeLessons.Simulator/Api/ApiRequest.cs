using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api;

/// <summary>The verbs of the API, as RBAC names them.</summary>
public enum ApiVerb
{
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
    DeleteCollection,
}

/// <summary>How a patch body is to be read (its media type).</summary>
public enum PatchKind
{
    None,
    Json,
    Merge,
    StrategicMerge,
    Apply,
}

/// <summary>A resource as a path names it: <c>/apis/apps/v1/…/deployments</c> is ("apps", "v1", "deployments"); the core group is "".</summary>
public readonly record struct ResourcePath(string Group, string Version, string Plural)
{
    /// <summary>Such as <c>pods</c> and <c>deployments.apps</c>: the name under which the store keeps it.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Such as <c>v1</c> and <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourcePath Core(string plural) => new("", "v1", plural);

    public override string ToString() => $"{ApiVersion}/{Plural}";
}

/// <summary>Media types that clients ask for.</summary>
public static class ApiMediaTypes
{
    /// <summary>All of discovery in two answers, as kubectl asks for it since 1.27.</summary>
    public const string AggregatedDiscovery =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
}

/// <summary>Who asks.</summary>
public sealed record ApiUser(string Name, ImmutableArray<string> Groups)
{
    /// <summary>What kubeadm's admin.conf holds (system:masters until 1.28, kubeadm:cluster-admins since; both may do all).</summary>
    public static ApiUser Admin { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    public static ApiUser Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);
}

/// <summary>What a request asks for besides its object: the query parameters (and DeleteOptions) of the Kubernetes API.</summary>
public sealed record ApiOptions
{
    public static ApiOptions None { get; } = new();

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>"" or null: newest; "0": any; else a revision (see resourceVersionMatch).</summary>
    public string? ResourceVersion { get; init; }

    public string? ResourceVersionMatch { get; init; }

    public long? Limit { get; init; }

    public string? Continue { get; init; }

    public bool SendInitialEvents { get; init; }

    public bool AllowWatchBookmarks { get; init; }

    /// <summary>Such as <c>kubectl-create</c>; the owner of the fields that this request sets.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Strict, Warn or Ignore; null: Warn.</summary>
    public string? FieldValidation { get; init; }

    public bool Force { get; init; }

    public bool DryRun { get; init; }

    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan; null: the resource's default.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Preconditions of a deletion.</summary>
    public string? PreconditionUid { get; init; }

    public string? PreconditionResourceVersion { get; init; }

    /// <summary>Ask for a server-side table (<c>as=Table</c>), as kubectl get does.</summary>
    public bool AsTable { get; init; }

    /// <summary>What a table's rows carry: Metadata (default), Object or None.</summary>
    public string? IncludeObject { get; init; }
}

/// <summary>
/// One request to the API server, whoever sends it and however it came: the HTTP face, the embedded kubectl, a controller and
/// a kubelet all make these.
/// </summary>
public sealed record ApiRequest(ApiVerb Verb, ResourcePath Resource)
{
    /// <summary>"" for a cluster-scoped object, and for lists and watches of all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>"" for collections.</summary>
    public string Name { get; init; } = "";

    /// <summary>Such as <c>status</c>, <c>scale</c>, <c>binding</c>, <c>eviction</c>; "" for the object itself.</summary>
    public string Subresource { get; init; } = "";

    public Doc? Body { get; init; }

    public PatchKind Patch { get; init; }

    public ApiOptions Options { get; init; } = ApiOptions.None;

    public ApiUser User { get; init; } = ApiUser.Admin;

    /// <summary>The component that asks (<c>kubectl</c>, <c>kubelet</c>, <c>kube-scheduler</c>…): named in the trace.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>The host that the request came from; "" when unknown.</summary>
    public string From { get; init; } = "";

    /// <summary>The Accept header, where an answer's form depends on more than the options: aggregated discovery.</summary>
    public string Accept { get; init; } = "";

    /// <summary>All query parameters as they came over HTTP, for subresources that have their own (log, exec).</summary>
    public ImmutableArray<(string Name, string Value)> Parameters { get; init; } = [];

    /// <summary>A path that is no object's, such as <c>/version</c>, <c>/healthz</c> or <c>/apis</c>; null for resource requests.</summary>
    public string? NonResourcePath { get; init; }

    /// <summary>
    /// Reads an HTTP request: path, query, media types and body. A path that names no resource becomes a
    /// <see cref="NonResourcePath"/>. Exactly one of the two is not null; the fault is an answer (400, 405, 415).
    /// </summary>
    public static (ApiRequest? Request, ApiResponse? Fault) FromHttp(HttpApiRequest http) => HttpRequestReader.Read(http);

    public static ApiRequest Get(ResourcePath resource, string ns, string name) =>
        new(ApiVerb.Get, resource) { Namespace = ns, Name = name };

    public static ApiRequest List(ResourcePath resource, string ns = "") => new(ApiVerb.List, resource) { Namespace = ns };

    public static ApiRequest Create(ResourcePath resource, string ns, Doc body) =>
        new(ApiVerb.Create, resource) { Namespace = ns, Body = body };

    public static ApiRequest Update(ResourcePath resource, Doc body, string subresource = "") =>
        new(ApiVerb.Update, resource)
        {
            Namespace = body.Text("metadata", "namespace") ?? "",
            Name = body.Text("metadata", "name") ?? "",
            Body = body,
            Subresource = subresource,
        };

    public static ApiRequest Delete(ResourcePath resource, string ns, string name) =>
        new(ApiVerb.Delete, resource) { Namespace = ns, Name = name };

    /// <summary>A merge patch (RFC 7386).</summary>
    public static ApiRequest MergePatch(ResourcePath resource, string ns, string name, Doc patch, string subresource = "") =>
        new(ApiVerb.Patch, resource) { Namespace = ns, Name = name, Body = patch, Patch = PatchKind.Merge, Subresource = subresource };
}

/// <summary>An answer: an HTTP status code and an object, a list, a table or a <c>Status</c>; warnings as the Warning header carries them.</summary>
public sealed record ApiResponse(int Code, Doc Body)
{
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Usually JSON; the body of a text is a string (<c>/healthz</c>: ok).</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The body as it goes over the wire: JSON, or the plain text that it is.</summary>
    public string Text => Body.AsText ?? Body.ToString();

    public bool IsSuccess => Code is >= 200 and < 300;

    /// <summary>A Status' machine-readable reason, such as NotFound, Conflict or AlreadyExists; null for a success.</summary>
    public string? Reason => IsSuccess ? null : Body.Text("reason");

    /// <summary>A Status' message; null for a success.</summary>
    public string? Message => IsSuccess ? null : Body.Text("message");
}

/// <summary>One event of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR (whose object is a Status).</summary>
public sealed record WatchEvent(string Type, Doc Object);
