using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>One thing that a command line names: an object, a whole collection, or a manifest.</summary>
/// <param name="Resource">Its kind.</param>
/// <param name="Namespace">"" for what has none, and for all namespaces.</param>
/// <param name="Name">"" for a collection.</param>
internal sealed record Target(KubeResource Resource, string Namespace, string Name)
{
    /// <summary>The manifest, when it came from a file.</summary>
    public Doc? Manifest { get; init; }

    /// <summary>The file's name as the command line has it, or STDIN.</summary>
    public string Source { get; init; } = "";

    public string QualifiedName => Resource.NameOf(Name);
}

/// <summary>What a command line selects.</summary>
internal sealed record ObjectQuery(ImmutableArray<Target> Targets)
{
    public static readonly ObjectQuery Nothing = new([]);

    public string Selector { get; init; } = "";

    public string FieldSelector { get; init; } = "";

    /// <summary>True when objects were chosen by kind and selector, not by name.</summary>
    public bool IsCollection => Targets is [{ Name: "", Manifest: null }, ..];

    /// <summary>True when one object is meant, so that it is printed alone and not in a list.</summary>
    public bool IsSingle { get; init; }

    public ApiRequest ListRequest(Target target) => ApiRequest.List(target.Resource.Path, target.Namespace) with
    {
        Options = new ApiOptions
        {
            LabelSelector = Selector.Length > 0 ? Selector : null,
            FieldSelector = FieldSelector.Length > 0 ? FieldSelector : null,
        },
    };

    public static ApiRequest GetRequest(Target target) => ApiRequest.Get(target.Resource.Path, target.Namespace, target.Name);
}
