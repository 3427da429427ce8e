using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Safety;

/// <summary>An object of the cluster, as far as it has to be known to be removed.</summary>
internal sealed record LedgerObject(ServedResource Resource, string Namespace, string Name, string Uid, bool HasOwner, DateTimeOffset Created)
{
    public override string ToString() => $"{Resource.Id}/{(Namespace.Length > 0 ? Namespace + "/" : "")}{Name}";
}

/// <summary>Keeps account of the cluster's objects: which were there before the run, and which the run made.</summary>
internal sealed class ObjectLedger(ApiConnection api, IReadOnlyDictionary<string, ServedResource> resources)
{
    // They follow other objects by themselves, or are Kubernetes' own book-keeping.
    private static readonly string[] Followers =
    [
        "events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io", "leases.coordination.k8s.io", "controllerrevisions.apps",
        "nodes", "componentstatuses", "csinodes.storage.k8s.io", "certificatesigningrequests.certificates.k8s.io", "apiservices.apiregistration.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
    ];

    // What kubectl makes without being told the kind's name.
    private static readonly string[] Usual = ["pods", "deployments.apps", "services", "configmaps", "secrets", "namespaces", "jobs.batch"];

    private const int AtOnce = 8;

    /// <summary>
    /// All objects that can be deleted, of all kinds; or, when there is no time, of the usual kinds and of those that these words speak of. Fails
    /// with <see cref="ApiFault"/>.
    /// </summary>
    public async Task<IReadOnlyList<LedgerObject>> ListAsync(SpokenOf? words, CancellationToken cancellation)
    {
        using var gate = new SemaphoreSlim(AtOnce);
        var kinds = resources.Values.Where(resource => resource.CanDelete && !Followers.Contains(resource.Id)
            && (words is null || Usual.Contains(resource.Id) || words.Has(resource.Kind) || words.Has(resource.Plural) || words.Has(resource.Kind.ToLowerInvariant())));
        var lists = await Task.WhenAll(kinds.Select(async resource =>
        {
            await gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await ListAsync(resource, cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
        return [.. lists.SelectMany(list => list)];
    }

    /// <summary>
    /// Those that the run made: not there before, made since it began, by nobody else's controller, and named by its commands, their
    /// output or their files.
    /// </summary>
    public static IReadOnlyList<LedgerObject> Made(IEnumerable<LedgerObject> now, IReadOnlySet<string> before, DateTimeOffset since, SpokenOf words) =>
    [
        .. now.Where(each => !before.Contains(each.Uid) && !each.HasOwner && each.Created >= since - TimeSpan.FromSeconds(2) && words.HasObject(each.Name)),
    ];

    /// <summary>Orders the deletion; what hangs on an object is collected by Kubernetes.</summary>
    public async Task DeleteAsync(LedgerObject each, CancellationToken cancellation)
    {
        var options = new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject { ["uid"] = each.Uid },
        };
        using var body = new StringContent(options.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await api.SendAsync(HttpMethod.Delete, each.Resource.PathOf(each.Namespace, each.Name), body, cancellation).ConfigureAwait(false);
    }

    /// <summary>Those of the objects, or of what was made for them, that are still there.</summary>
    public async Task<IReadOnlyList<LedgerObject>> LeftAsync(
        IReadOnlyList<LedgerObject> deleted, IReadOnlySet<string> before, CancellationToken cancellation)
    {
        var kinds = deleted.Select(each => each.Resource).Concat(
            new[] { "pods", "replicasets.apps" }.Select(id => resources.GetValueOrDefault(id)).OfType<ServedResource>()).Distinct();
        var left = new List<LedgerObject>();
        foreach (var resource in kinds)
        {
            left.AddRange((await ListAsync(resource, cancellation).ConfigureAwait(false)).Where(each =>
                deleted.Any(gone => gone.Uid == each.Uid)
                || (each.HasOwner && !before.Contains(each.Uid) && deleted.Any(gone =>
                    gone.Namespace == each.Namespace && each.Name.StartsWith(gone.Name + "-", StringComparison.Ordinal)))));
        }

        return left;
    }

    private async Task<IReadOnlyList<LedgerObject>> ListAsync(ServedResource resource, CancellationToken cancellation)
    {
        JsonDocument? list;
        try
        {
            list = await api.GetAsync(resource.Path, cancellation, ApiConnection.Patient).ConfigureAwait(false);
        }
        catch (ApiFault fault) when (fault.Code is 403 or 404 or 405)
        {
            return [];
        }

        using (list)
        {
            return list is null ? [] : [.. list.RootElement.GetProperty("items").EnumerateArray().Where(item => !IsToken(item)).Select(item => Read(resource, item))];
        }
    }

    private static bool IsToken(JsonElement item) =>
        item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "kubernetes.io/service-account-token";

    private static LedgerObject Read(ServedResource resource, JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        return new LedgerObject(
            resource,
            metadata.TryGetProperty("namespace", out var ns) ? ns.GetString()! : "",
            metadata.GetProperty("name").GetString()!,
            metadata.TryGetProperty("uid", out var uid) ? uid.GetString()! : "",
            metadata.TryGetProperty("ownerReferences", out var owners) && owners.GetArrayLength() > 0,
            metadata.TryGetProperty("creationTimestamp", out var created) && created.ValueKind == JsonValueKind.String ? created.GetDateTimeOffset() : DateTimeOffset.MinValue);
    }
}
