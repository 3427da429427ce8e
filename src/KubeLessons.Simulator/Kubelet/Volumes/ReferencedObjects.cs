using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>What became of a look at an object that a pod refers to.</summary>
/// <param name="Object">The object; null with the reason in <paramref name="Error"/>.</param>
/// <param name="Error">Such as <c>configmap "settings" not found</c>.</param>
/// <param name="IsMissing">The API said that there is no such object, so that an optional reference is empty.</param>
internal sealed record ReferencedObject(Doc? Object, string? Error, bool IsMissing = false);

/// <summary>
/// The ConfigMaps and Secrets that the pods of a node refer to, each kept up to date by a watch of its own
/// (pkg/kubelet/util/manager: watch-based).
/// </summary>
internal sealed class ReferencedObjects(Process self, ApiClient client)
{
    private readonly Dictionary<(string Plural, string Namespace, string Name), Informer> _watched = [];

    /// <summary>Called with (plural, namespace, name) when an object that is watched changed.</summary>
    public event Action<string, string, string>? Changed;

    /// <summary>Begins to watch an object, if that has not begun. True when there is an answer about it now.</summary>
    public bool Watch(string plural, string ns, string name)
    {
        if (_watched.TryGetValue((plural, ns, name), out var known))
        {
            return known.HasSynced;
        }

        var informer = new Informer(self, client, ResourcePath.Core(plural), $"metadata.name={name},metadata.namespace={ns}");
        informer.Changed += (before, after) =>
        {
            if (before is not null || informer.HasSynced)
            {
                Changed?.Invoke(plural, ns, name);
            }
        };
        _watched.Add((plural, ns, name), informer);
        informer.Start();
        return false;
    }

    public ReferencedObject Get(string plural, string ns, string name)
    {
        var singular = plural[..^1];
        if (!Watch(plural, ns, name))
        {
            return new ReferencedObject(null, $"failed to sync {singular} cache: timed out waiting for the condition");
        }

        return _watched[(plural, ns, name)].Get(ns, name) is { } found
            ? new ReferencedObject(found, null)
            : new ReferencedObject(null, $"{singular} \"{name}\" not found", IsMissing: true);
    }
}
