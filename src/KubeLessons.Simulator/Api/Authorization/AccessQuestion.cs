namespace KubeLessons.Simulator.Api.Authorization;

/// <summary>May somebody do this? A verb on a resource, or on a path that is none.</summary>
/// <param name="Verb">As RBAC names it; for paths get, post…</param>
/// <param name="Group">The API group; "" for core.</param>
/// <param name="Resource">With its subresource: <c>pods</c>, <c>pods/log</c>.</param>
/// <param name="Namespace">"" for the whole cluster.</param>
/// <param name="Name">"" for collections.</param>
internal readonly record struct AccessQuestion(string Verb, string Group, string Resource, string Namespace, string Name)
{
    /// <summary>A path that names no resource, such as <c>/metrics</c>; null for resources.</summary>
    public string? Path { get; init; }

    public static AccessQuestion OfPath(string path) => new("get", "", "", "", "") { Path = path };
}
