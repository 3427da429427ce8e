using System.Collections.Immutable;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>
/// A kind of object that the API serves: its names, scope and verbs (one row of <c>kinds.tsv</c>), and the rules that it opted
/// in to. It is the same for all of the kind's served versions.
/// </summary>
public sealed record ResourceKind
{
    /// <summary>"" for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The served versions, the preferred one first; objects are kept in that one.</summary>
    public required ImmutableArray<string> Versions { get; init; }

    /// <summary>Such as <c>pods</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>Such as <c>Pod</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Such as <c>pod</c>: the name in lower case for every kind of Kubernetes' own.</summary>
    public string Singular => Name.ToLowerInvariant();

    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>The names of groups of kinds for <c>kubectl get</c>: <c>all</c>, <c>api-extensions</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    public bool IsNamespaced { get; init; }

    /// <summary>In the order of discovery: create, delete, deletecollection, get, list, patch, update, watch.</summary>
    public ImmutableArray<string> Verbs { get; init; } = [];

    public ImmutableArray<Subresource> Subresources { get; init; } = [];

    /// <summary>The strategy counts changes of the spec in <c>metadata.generation</c>.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>A creator may give the status too, as a kubelet does when it registers its node.</summary>
    public bool KeepsStatusOnCreate { get; init; }

    /// <summary>Deletion answers with the last object instead of a Status (registry store: ReturnDeletedObject).</summary>
    public bool ReturnsDeletedObject { get; init; }

    /// <summary>Deletion gives the object time to end (pods).</summary>
    public bool DeletesGracefully { get; init; }

    /// <summary>A deletion without a propagation policy orphans the dependants (RC and Job, for old clients' sake).</summary>
    public bool OrphansByDefault { get; init; }

    /// <summary>An update of an object that is not there creates it (strategy: AllowCreateOnUpdate).</summary>
    public bool CreatesOnUpdate { get; init; }

    /// <summary>An update must name the resourceVersion that it changes (strategy: not AllowUnconditionalUpdate).</summary>
    public bool NeedsResourceVersion { get; init; }

    /// <summary>The group whose storage this kind shares: <c>events.k8s.io</c> events are kept as core events.</summary>
    public string StorageGroup { get; init; } = "";

    internal KindRules Rules { get; init; } = KindRules.None;

    /// <summary>The name under which the store keeps it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string StorageName => StorageGroup.Length == 0 ? Plural : $"{Plural}.{StorageGroup}";

    /// <summary>As errors name it: <c>Pod</c>, <c>Deployment.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Name : $"{Name}.{Group}";

    /// <summary>In its preferred version.</summary>
    public ResourcePath Resource => new(Group, Versions[0], Plural);

    /// <summary>Such as <c>apps/v1</c>, of the preferred version.</summary>
    public string ApiVersion => Resource.ApiVersion;

    public bool Has(string verb) => Verbs.Contains(verb);

    public Subresource? Find(string subresource) => Subresources.FirstOrDefault(each => each.Name == subresource);

    public override string ToString() => QualifiedName;
}

/// <summary>A part or an action of an object with a path of its own: <c>pods/web/log</c>.</summary>
/// <param name="Name">Such as <c>status</c>.</param>
/// <param name="Verbs">In discovery's order.</param>
/// <param name="Kind">What its bodies are; null: the same kind as the object.</param>
/// <param name="Group">That kind's group.</param>
/// <param name="Version">That kind's version.</param>
public sealed record Subresource(string Name, ImmutableArray<string> Verbs, string? Kind = null, string Group = "", string Version = "v1");
