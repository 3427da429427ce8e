using System.Text.Json;

namespace KubeLessons.RealCluster.Api;

/// <summary>A resource as the API server offers it.</summary>
/// <param name="Id">Its plural with its group: <c>deployments.apps</c>.</param>
/// <param name="Path">Where all of its objects are listed: <c>/apis/apps/v1/deployments</c>.</param>
/// <param name="GroupPath">Its group's version: <c>/apis/apps/v1</c>.</param>
/// <param name="Plural">Its plural.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="IsNamespaced">Whether its objects live in a namespace.</param>
/// <param name="CanDelete">Whether its objects can be listed and deleted.</param>
internal sealed record ServedResource(string Id, string Path, string GroupPath, string Plural, string Kind, bool IsNamespaced, bool CanDelete)
{
    /// <summary>The path of one object.</summary>
    public string PathOf(string ns, string name) =>
        IsNamespaced ? $"{GroupPath}/namespaces/{ns}/{Plural}/{name}" : $"{GroupPath}/{Plural}/{name}";
}

/// <summary>What the API server offers, by discovery (<c>/api</c>, <c>/apis</c>): each group in the version that the server prefers.</summary>
internal static class Resources
{
    /// <summary>Everything that is served. A group whose own server does not answer (an APIService that is down) is left out.</summary>
    public static async Task<IReadOnlyDictionary<string, ServedResource>> DiscoverAsync(ApiConnection api, CancellationToken cancellation)
    {
        var groups = new List<string> { "/api/v1" };
        using (var list = await api.GetAsync("/apis", cancellation, ApiConnection.Patient).ConfigureAwait(false))
        {
            groups.AddRange(list?.RootElement.GetProperty("groups").EnumerateArray()
                .Select(group => "/apis/" + group.GetProperty("preferredVersion").GetProperty("groupVersion").GetString()) ?? []);
        }

        var read = await Task.WhenAll(groups.Select(group => ReadGroupAsync(api, group, cancellation))).ConfigureAwait(false);
        var served = new Dictionary<string, ServedResource>(StringComparer.Ordinal);
        foreach (var resource in read.SelectMany(group => group))
        {
            served.TryAdd(resource.Id, resource);
        }

        return served;
    }

    private static async Task<IReadOnlyList<ServedResource>> ReadGroupAsync(ApiConnection api, string path, CancellationToken cancellation)
    {
        try
        {
            using var list = await api.GetAsync(path, cancellation, ApiConnection.Patient).ConfigureAwait(false);
            return list is null ? [] : [.. list.RootElement.GetProperty("resources").EnumerateArray().Select(each => Read(path, each)).OfType<ServedResource>()];
        }
        catch (ApiFault fault) when (fault.Code >= 500)
        {
            return [];
        }
    }

    private static ServedResource? Read(string path, JsonElement resource)
    {
        var plural = resource.GetProperty("name").GetString()!;
        var verbs = resource.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()).ToHashSet();
        if (plural.Contains('/') || !verbs.Contains("list") || !verbs.Contains("watch"))
        {
            return null;
        }

        var group = path.StartsWith("/apis/", StringComparison.Ordinal) ? path.Split('/')[2] : "";
        return new ServedResource(
            group.Length == 0 ? plural : $"{plural}.{group}",
            $"{path}/{plural}",
            path,
            plural,
            resource.GetProperty("kind").GetString()!,
            resource.GetProperty("namespaced").GetBoolean(),
            verbs.Contains("delete"));
    }
}
