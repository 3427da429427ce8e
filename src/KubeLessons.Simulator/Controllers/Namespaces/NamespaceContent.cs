using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Namespaces;

/// <summary>What is in a namespace, on its way out: one attempt to delete it all, and what was left after it.</summary>
internal sealed class NamespaceContent(ApiClient client, ServedResources served, string ns)
{
    /// <summary>How many objects of each resource remain, such as <c>pods.</c> (with its group after the dot).</summary>
    public SortedDictionary<string, int> Remaining { get; } = new(StringComparer.Ordinal);

    /// <summary>How many objects wait for each finalizer.</summary>
    public SortedDictionary<string, int> Finalizers { get; } = new(StringComparer.Ordinal);

    public List<string> Failures { get; } = [];

    /// <summary>The longest time that a remaining pod may take.</summary>
    public long GraceSeconds { get; private set; }

    /// <summary>Deletes everything; pods first, and nothing else before they are gone (OrderedNamespaceDeletion). True when nothing is left.</summary>
    public bool Delete()
    {
        var namespaced = served.Deletable.Where(static kind => kind.IsNamespaced && kind.Has("deletecollection")).ToList();
        var pods = namespaced.First(static kind => kind.Plural == "pods");
        DeleteAll(pods);
        if (Remaining.Count == 0 && Failures.Count == 0)
        {
            foreach (var kind in namespaced)
            {
                if (kind != pods)
                {
                    DeleteAll(kind);
                }
            }
        }

        return Remaining.Count == 0 && Failures.Count == 0;
    }

    private void DeleteAll(ResourceKind kind)
    {
        var resource = ServedResources.PathOf(kind);
        if (Items(resource) is not { } before || before.Count == 0)
        {
            return;
        }

        var reply = client.Send(new ApiRequest(ApiVerb.DeleteCollection, resource)
        {
            Namespace = ns,
            Options = new ApiOptions { PropagationPolicy = "Background" },
        });
        if (!reply.IsSuccess)
        {
            Failures.Add(reply.Response?.Message ?? reply.ConnectionError ?? "");
            return;
        }

        var after = Items(resource) ?? [];
        if (after.Count == 0)
        {
            return;
        }

        Remaining[$"{kind.Plural}.{kind.Group}"] = after.Count;
        foreach (var item in after)
        {
            foreach (var finalizer in item.List("metadata", "finalizers"))
            {
                Finalizers[finalizer.AsText ?? ""] = Finalizers.GetValueOrDefault(finalizer.AsText ?? "") + 1;
            }

            if (kind.Plural == "pods" && !item.IsTerminated())
            {
                GraceSeconds = Math.Max(GraceSeconds, item.Int("spec", "terminationGracePeriodSeconds") ?? 0);
            }
        }
    }

    private List<Doc>? Items(ResourcePath resource)
    {
        var reply = client.Send(ApiRequest.List(resource, ns));
        if (reply.IsSuccess)
        {
            return [.. reply.Response!.Body.List("items")];
        }

        Failures.Add(reply.Response?.Message ?? reply.ConnectionError ?? "");
        return null;
    }
}
