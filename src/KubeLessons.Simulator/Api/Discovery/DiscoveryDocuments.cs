using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Discovery;

/// <summary>
/// What the server says about its kinds: <c>/api</c>, <c>/apis</c>, <c>/apis/G</c>, <c>/apis/G/V</c>, and all of it at once for
/// clients that ask for aggregated discovery.
/// </summary>
internal sealed class DiscoveryDocuments(KindTable kinds, string serverAddress)
{
    /// <summary>The order of the groups is that of their APIServices' priorities (pkg/controlplane/apiserver: apiVersionPriorities).</summary>
    private static readonly string[] GroupOrder =
    [
        "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
        "certificates.k8s.io", "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io",
        "admissionregistration.k8s.io", "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
        "discovery.k8s.io", "resource.k8s.io", "flowcontrol.apiserver.k8s.io",
    ];

    private readonly List<string> _groups =
    [
        .. kinds.All.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct()
            .OrderBy(group => Array.IndexOf(GroupOrder, group) is >= 0 and var at ? at : int.MaxValue).ThenBy(group => group, StringComparer.Ordinal),
    ];

    /// <summary>The answer for a path such as <c>/apis/apps/v1</c>; null when it is none of discovery's.</summary>
    /// <param name="path">Without query.</param>
    /// <param name="accept">The Accept header: aggregated discovery is asked for with <c>as=APIGroupDiscoveryList</c>.</param>
    public ApiResponse? Find(string path, string accept)
    {
        var parts = path.Trim('/').Split('/');
        var aggregated = accept.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal);
        return parts switch
        {
            ["api"] => aggregated ? Aggregated([""], accept) : Ok(CoreVersions()),
            ["apis"] => aggregated ? Aggregated(_groups, accept) : Ok(Groups()),
            ["api", "v1"] => Ok(Resources("", "v1")),
            ["apis", var group] when _groups.Contains(group) => Ok(Group(group).With("v1", "apiVersion").With("APIGroup", "kind")),
            ["apis", var group, var version] when VersionsOf(group).Contains(version) => Ok(Resources(group, version)),
            _ => null,
        };
    }

    private static ApiResponse Ok(Doc body) => new(200, body);

    private DocObject CoreVersions() => Doc.Obj(
        ("kind", "APIVersions"),
        ("versions", Doc.Arr("v1")),
        ("serverAddressByClientCIDRs", Doc.Arr(Doc.Obj(("clientCIDR", "0.0.0.0/0"), ("serverAddress", serverAddress)))));

    private DocObject Groups() => Doc.Obj(
        ("kind", "APIGroupList"), ("apiVersion", "v1"), ("groups", Doc.Arr(_groups.Select(Group))));

    private Doc Group(string group)
    {
        var versions = VersionsOf(group).Select(version => (Doc)Doc.Obj(("groupVersion", $"{group}/{version}"), ("version", version))).ToList();
        return Doc.Obj(("name", group), ("versions", Doc.Arr(versions)), ("preferredVersion", versions[0]));
    }

    // Stable versions first, newer before older.
    private List<string> VersionsOf(string group) =>
    [
        .. kinds.All.Where(kind => kind.Group == group).SelectMany(kind => kind.Versions).Distinct()
            .OrderBy(version => version.Contains("alpha", StringComparison.Ordinal) ? 2 : version.Contains("beta", StringComparison.Ordinal) ? 1 : 0)
            .ThenByDescending(version => version, StringComparer.Ordinal),
    ];

    private IEnumerable<ResourceKind> KindsOf(string group, string version) =>
        kinds.All.Where(kind => kind.Group == group && kind.Versions.Contains(version)).OrderBy(kind => kind.Plural, StringComparer.Ordinal);

    private DocObject Resources(string group, string version)
    {
        var rows = ImmutableArray.CreateBuilder<Doc>();
        foreach (var kind in KindsOf(group, version))
        {
            rows.Add(Doc.Obj(
                ("name", kind.Plural),
                ("singularName", kind.Singular),
                ("namespaced", kind.IsNamespaced),
                ("kind", kind.Name),
                ("verbs", Texts(kind.Verbs)),
                ("shortNames", kind.ShortNames.IsEmpty ? null : Texts(kind.ShortNames)),
                ("categories", kind.Categories.IsEmpty ? null : Texts(kind.Categories))));
            foreach (var subresource in kind.Subresources)
            {
                var foreign = subresource.Kind is not null && (subresource.Group != group || subresource.Version != version);
                rows.Add(Doc.Obj(
                    ("name", $"{kind.Plural}/{subresource.Name}"),
                    ("singularName", ""),
                    ("namespaced", kind.IsNamespaced),
                    ("group", foreign ? (Doc)subresource.Group : null),
                    ("version", foreign ? (Doc)subresource.Version : null),
                    ("kind", subresource.Kind ?? kind.Name),
                    ("verbs", Texts(subresource.Verbs))));
            }
        }

        return Doc.Obj(
            ("kind", "APIResourceList"),
            ("apiVersion", group.Length == 0 ? null : (Doc)"v1"),
            ("groupVersion", group.Length == 0 ? version : $"{group}/{version}"),
            ("resources", new DocArray(rows.ToImmutable())));
    }

    private ApiResponse Aggregated(IReadOnlyList<string> groups, string accept)
    {
        // A client of 1.26 to 1.29 knows v2beta1 only; newer ones name v2 first.
        var version = accept.Contains("v=v2;", StringComparison.Ordinal) || accept.Contains("v=v2,", StringComparison.Ordinal) ? "v2" : "v2beta1";
        var items = groups.Select(group => (Doc)Doc.Obj(
            ("metadata", group.Length == 0 ? Doc.Obj(("creationTimestamp", Doc.Null)) : Doc.Obj(("name", group), ("creationTimestamp", Doc.Null))),
            ("versions", Doc.Arr(VersionsOf(group).Select(each => AggregatedVersion(group, each))))));
        var body = Doc.Obj(
            ("kind", "APIGroupDiscoveryList"),
            ("apiVersion", "apidiscovery.k8s.io/" + version),
            ("metadata", Doc.Empty),
            ("items", Doc.Arr(items)));
        return new ApiResponse(200, body)
        {
            ContentType = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList",
        };
    }

    private Doc AggregatedVersion(string group, string version) => Doc.Obj(
        ("version", version),
        ("resources", Doc.Arr(KindsOf(group, version).Select(kind => (Doc)Doc.Obj(
            ("resource", kind.Plural),
            ("responseKind", KindDoc(group, version, kind.Name)),
            ("scope", kind.IsNamespaced ? "Namespaced" : "Cluster"),
            ("singularResource", kind.Singular),
            ("verbs", Texts(kind.Verbs)),
            ("shortNames", kind.ShortNames.IsEmpty ? null : Texts(kind.ShortNames)),
            ("categories", kind.Categories.IsEmpty ? null : Texts(kind.Categories)),
            ("subresources", kind.Subresources.IsEmpty ? null : Doc.Arr(kind.Subresources.Select(each => (Doc)Doc.Obj(
                ("subresource", each.Name),
                ("responseKind", each.Kind is null ? KindDoc(group, version, kind.Name) : KindDoc(each.Group, each.Version, each.Kind)),
                ("verbs", Texts(each.Verbs)))))))))),
        ("freshness", "Current"));

    private static DocObject KindDoc(string group, string version, string kind) =>
        Doc.Obj(("group", group), ("version", version), ("kind", kind));

    private static DocArray Texts(ImmutableArray<string> texts) => Doc.Arr(texts.Select(text => (Doc)text));
}
