using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>What the words for kinds on a command line stand for: plurals, singulars, kinds, short names, categories, <c>name.group</c>.</summary>
internal sealed class ResourceMapper(ImmutableArray<KubeResource> resources)
{
    /// <summary>In the server's order; of a kind in several versions, the preferred one comes first.</summary>
    public ImmutableArray<KubeResource> All => resources;

    /// <summary>The resource that a word names: <c>po</c>, <c>Pod</c>, <c>deployments.apps</c>, <c>deployments.v1.apps</c>; null when there is none.</summary>
    public KubeResource? Find(string word)
    {
        if (word.Length == 0)
        {
            return null;
        }

        var name = word.ToLowerInvariant();
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var bare = dot < 0 ? name : name[..dot];
        var rest = dot < 0 ? "" : name[(dot + 1)..];
        return Match(resource => Names(resource, bare), rest) ?? Match(resource => resource.ShortNames.Contains(bare), rest);
    }

    /// <summary>The resource of a manifest's apiVersion and kind; null when the server has none.</summary>
    public KubeResource? Find(string apiVersion, string kind) =>
        resources.FirstOrDefault(resource => resource.Kind == kind && resource.ApiVersion == apiVersion);

    /// <summary>The resources of a category such as <c>all</c>, one version of each; none when there is no such category.</summary>
    public ImmutableArray<KubeResource> Category(string word) =>
        [.. resources.Where(resource => resource.Categories.Contains(word)).DistinctBy(resource => resource.Path.GroupResource)];

    /// <summary>The resources that a comma-separated list of words names; the first word that names none is the fault.</summary>
    public ImmutableArray<KubeResource> FindAll(string words, out string? unknown)
    {
        unknown = null;
        var found = ImmutableArray.CreateBuilder<KubeResource>();
        foreach (var word in words.Split(','))
        {
            if (Category(word) is { IsEmpty: false } category)
            {
                found.AddRange(category);
            }
            else if (Find(word) is { } resource)
            {
                found.Add(resource);
            }
            else
            {
                unknown = word;
                return [];
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>From the answers to <c>/api</c> and <c>/apis</c>: aggregated discovery, apidiscovery.k8s.io/v2.</summary>
    public static ResourceMapper FromDiscovery(IEnumerable<Doc> answers)
    {
        var resources = ImmutableArray.CreateBuilder<KubeResource>();
        foreach (var group in answers.SelectMany(answer => answer.List("items")))
        {
            foreach (var version in group.List("versions"))
            {
                foreach (var row in version.List("resources"))
                {
                    var path = new ResourcePath(group.Text("metadata", "name") ?? "", version.Text("version") ?? "", row.Text("resource") ?? "");
                    resources.Add(new KubeResource(path, row.Text("responseKind", "kind") ?? "", row.Text("scope") == "Namespaced")
                    {
                        Singular = row.Text("singularResource") ?? "",
                        ShortNames = Texts(row, "shortNames"),
                        Categories = Texts(row, "categories"),
                        Verbs = Texts(row, "verbs"),
                    });
                }
            }
        }

        return new ResourceMapper(resources.DrainToImmutable());
    }

    private static ImmutableArray<string> Texts(Doc row, string field) => [.. row.List(field).Select(item => item.AsText ?? "")];

    private KubeResource? Match(Func<KubeResource, bool> isNamed, string rest)
    {
        foreach (var resource in resources)
        {
            if (isNamed(resource) && (rest.Length == 0 || rest == resource.Path.Group || rest == VersionAndGroup(resource)))
            {
                return resource;
            }
        }

        // "deployments.ap" is enough: kubectl takes the beginning of a group.
        return rest.Length == 0 ? null : resources.FirstOrDefault(resource =>
            isNamed(resource) && resource.Path.Group.StartsWith(rest, StringComparison.Ordinal));
    }

    private static string VersionAndGroup(KubeResource resource) =>
        resource.Path.Group.Length == 0 ? resource.Path.Version : $"{resource.Path.Version}.{resource.Path.Group}";

    private static bool Names(KubeResource resource, string name) => resource.Path.Plural == name || resource.Singular == name;
}
