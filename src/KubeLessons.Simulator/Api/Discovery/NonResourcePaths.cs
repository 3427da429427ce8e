using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Discovery;

/// <summary>Answers the paths that name no object: discovery, <c>/version</c> and the health checks.</summary>
internal sealed class NonResourcePaths(KindTable kinds, KubernetesVersion version, string serverAddress)
{
    private static readonly string[] HealthChecks =
    [
        "ping", "log", "etcd", "poststarthook/start-apiextensions-informers", "poststarthook/start-apiextensions-controllers",
        "poststarthook/crd-informer-synced", "poststarthook/bootstrap-controller", "poststarthook/rbac/bootstrap-roles",
        "poststarthook/scheduling/bootstrap-system-priority-classes", "poststarthook/start-kube-apiserver-admission-initializer",
        "poststarthook/start-kube-aggregator-informers", "poststarthook/apiservice-registration-controller",
        "poststarthook/apiservice-openapi-controller", "autoregister-completion",
    ];

    private readonly DiscoveryDocuments _discovery = new(kinds, serverAddress);

    public ApiResponse Answer(ApiRequest request)
    {
        var target = request.NonResourcePath!;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        if (_discovery.Find(path, request.Accept) is { } found)
        {
            return found;
        }

        var parts = path.Trim('/').Split('/');
        return parts switch
        {
            ["version"] => new ApiResponse(200, Version()),
            ["healthz" or "livez" or "readyz"] => Health(parts[0], target.Contains("verbose", StringComparison.Ordinal)),
            ["healthz" or "livez" or "readyz", .. var check] when HealthChecks.Contains(string.Join('/', check)) => Text(200, "ok"),
            [""] => new ApiResponse(200, Doc.Obj(("paths", Doc.Arr(Paths().Select(each => (Doc)each))))),
            _ => Text(404, "404 page not found\n"),
        };
    }

    private static ApiResponse Text(int code, string text) => new(code, text) { ContentType = "text/plain; charset=utf-8" };

    private static ApiResponse Health(string name, bool verbose)
    {
        if (!verbose)
        {
            return Text(200, "ok");
        }

        // /readyz also waits for the informers and for shutdown.
        IEnumerable<string> checks = name == "readyz"
            ? ["ping", "log", "etcd", "etcd-readiness", "informer-sync", .. HealthChecks[3..], "shutdown"]
            : HealthChecks;
        return Text(200, string.Concat(checks.Select(check => $"[+]{check} ok\n")) + $"{name} check passed\n");
    }

    private DocObject Version() => Doc.Obj(
        ("major", "1"),
        ("minor", version.Minor.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("gitVersion", version.GitVersion),
        ("gitCommit", version.GitCommit),
        ("gitTreeState", "clean"),
        ("buildDate", version.BuildDate),
        ("goVersion", version.GoVersion),
        ("compiler", "gc"),
        ("platform", "linux/amd64"));

    private IEnumerable<string> Paths()
    {
        IEnumerable<string> groups = kinds.All.Where(kind => kind.Group.Length > 0)
            .SelectMany(kind => kind.Versions.Select(each => $"/apis/{kind.Group}/{each}").Append($"/apis/{kind.Group}"));
        return groups.Concat(["/.well-known/openid-configuration", "/api", "/api/v1", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/readyz", "/version"])
            .Distinct().Order(StringComparer.Ordinal);
    }
}
