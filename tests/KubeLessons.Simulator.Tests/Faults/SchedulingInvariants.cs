using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>
/// Looks at every binding at its moment: a pod is bound once, to a node that is there, that takes it, and that has room for it
/// beside all others that are bound to it.
/// </summary>
internal sealed class SchedulingInvariants
{
    /// <summary>
    /// A scheduler that was cut off from the API server and is back binds by what it last saw of a node, until it has listed the
    /// nodes anew: at most the reflector's longest back-off later.
    /// </summary>
    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(40);

    private readonly World _world;
    private readonly ObjectStore _store;
    private readonly List<string> _broken;
    private readonly Dictionary<string, Queue<(TimeSpan Until, Doc Node)>> _recent = new(StringComparer.Ordinal);

    public SchedulingInvariants(World world, ObjectStore store, List<string> broken)
    {
        (_world, _store, _broken) = (world, store, broken);
        store.Committed += Look;
    }

    public int Bindings { get; private set; }

    private void Look(StoreChange change)
    {
        if (change.Key.Resource == "nodes" && change.Before?.Object is { } old)
        {
            Recent(change.Key.Name).Enqueue((_world.Now, old));
        }

        if (change.Key.Resource != "pods" || change is not { Before.Object: { } before, After.Object: { } after })
        {
            return;
        }

        var (was, now) = (before.Text("spec", "nodeName") ?? "", after.Text("spec", "nodeName") ?? "");
        if (was.Length > 0 && was != now)
        {
            _broken.Add($"scheduler: {change.Key} was bound to {was} and then to {now} (revision {change.Revision})");
        }

        if (was.Length == 0 && now.Length > 0)
        {
            Bindings++;
            CheckBinding(change, after, now);
        }
    }

    private void CheckBinding(StoreChange change, Doc pod, string name)
    {
        var node = _store.Get(new ObjectKey("nodes", "", name))?.Object;
        var seen = Recent(name);
        while (seen.TryPeek(out var oldest) && oldest.Until + Staleness < _world.Now)
        {
            seen.Dequeue();
        }

        if (!(node is not null && Takes(node, pod)) && !seen.Any(state => Takes(state.Node, pod)))
        {
            _broken.Add($"scheduler: {change.Key} was bound to {name}, which does not take it: {node?.At("spec", "taints")} (revision {change.Revision})");
        }

        if (node is not null && Overcommitted(node, name) is { } resource)
        {
            _broken.Add($"scheduler: with {change.Key}, {name} is short of {resource} (revision {change.Revision})");
        }
    }

    private static bool Takes(Doc node, Doc pod) =>
        (node.Flag("spec", "unschedulable") != true || Tolerates(pod, Doc.Obj(("key", "node.kubernetes.io/unschedulable"), ("effect", "NoSchedule"))))
        && node.List("spec", "taints").All(taint => taint.Text("effect") == "PreferNoSchedule" || Tolerates(pod, taint));

    private static bool Tolerates(Doc pod, Doc taint) => pod.List("spec", "tolerations").Any(toleration =>
        (toleration.Text("effect") is not { Length: > 0 } effect || effect == taint.Text("effect"))
        && (toleration.Text("key") is not { Length: > 0 } key
            || (key == taint.Text("key") && (toleration.Text("operator") == "Exists" || (toleration.Text("value") ?? "") == (taint.Text("value") ?? "")))));

    private string? Overcommitted(Doc node, string name)
    {
        var pods = _store.List("pods").Select(version => version.Object!)
            .Where(pod => pod.Text("spec", "nodeName") == name && pod.Text("status", "phase") is not ("Succeeded" or "Failed"))
            .ToList();
        foreach (var resource in (ReadOnlySpan<string>)["cpu", "memory"])
        {
            if (pods.Sum(pod => Requested(pod, resource)) > Milli(node.Text("status", "allocatable", resource)))
            {
                return resource;
            }
        }

        return pods.Count > node.Int("status", "allocatable", "pods") || pods.Count > 110 ? "pods" : null;
    }

    private static long Requested(Doc pod, string resource) =>
        pod.List("spec", "containers").Sum(container => Milli(container.Text("resources", "requests", resource)));

    private static long Milli(string? quantity) => Quantity.TryParse(quantity)?.MilliValue ?? 0;

    private Queue<(TimeSpan Until, Doc Node)> Recent(string node)
    {
        if (!_recent.TryGetValue(node, out var states))
        {
            _recent.Add(node, states = new Queue<(TimeSpan, Doc)>());
        }

        return states;
    }
}
