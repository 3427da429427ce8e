using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>A resource that the server told of in its discovery: one kind in one version.</summary>
internal sealed record KubeResource(ResourcePath Path, string Kind, bool IsNamespaced)
{
    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    public ImmutableArray<string> Verbs { get; init; } = [];

    public string ApiVersion => Path.ApiVersion;

    /// <summary>As outcomes name it: <c>pod</c>, <c>deployment.apps</c>.</summary>
    public string QualifiedName => Path.Group.Length == 0 ? Kind.ToLowerInvariant() : $"{Kind.ToLowerInvariant()}.{Path.Group}";

    /// <summary>As outcomes name an object of it: <c>pod/web</c>, <c>deployment.apps/web</c>.</summary>
    public string NameOf(string name) => $"{QualifiedName}/{name}";

    public string NameOf(Doc value) => NameOf(value.Text("metadata", "name") ?? "<unknown>");

    public bool Has(string verb) => Verbs.Contains(verb);
}
