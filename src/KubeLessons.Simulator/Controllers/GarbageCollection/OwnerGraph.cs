using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.GarbageCollection;

/// <summary>
/// Who owns whom, kept from what the informers tell (pkg/controller/garbagecollector: GraphBuilder). It says which objects want
/// a look: those whose owner went, those that wait for dependents, those that are to leave orphans.
/// </summary>
internal sealed class OwnerGraph(ServedResources served, Action<string> attemptToDelete, Action<string> attemptToOrphan)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    private readonly Dictionary<string, ObjectNode> _nodes = new(StringComparer.Ordinal);

    public ObjectNode? Find(string uid) => _nodes.GetValueOrDefault(uid);

    public void Observe(ResourcePath resource, Doc? before, Doc? after)
    {
        if (before is not null && (after is null || after.Uid() != before.Uid()))
        {
            Remove(before.Uid());
            before = null;
        }

        if (after is not null)
        {
            Put(resource, before, after);
        }
    }

    /// <summary>An object that was only told of is not there.</summary>
    public void Remove(string uid)
    {
        if (!_nodes.Remove(uid, out var node))
        {
            return;
        }

        RemoveFromOwners(node, node.Owners);
        foreach (var dependent in node.Dependents.Values)
        {
            attemptToDelete(dependent.Uid);
        }

        foreach (var owner in node.Owners)
        {
            if (Find(owner.Text("uid") ?? "") is { IsDeletingDependents: true } waiting)
            {
                attemptToDelete(waiting.Uid);
            }
        }
    }

    private void Put(ResourcePath resource, Doc? before, Doc after)
    {
        var uid = after.Uid();
        if (!_nodes.TryGetValue(uid, out var node) || node.IsVirtual)
        {
            // Dependents that told of it keep pointing to the node that they made.
            var known = node;
            node = new ObjectNode(uid, resource, after.Key());
            foreach (var (key, dependent) in known?.Dependents ?? [])
            {
                node.Dependents.Add(key, dependent);
            }

            _nodes[uid] = node;
        }

        UpdateOwners(node, after.OwnerReferences());
        node.IsBeingDeleted = after.IsBeingDeleted();
        if (Starts(OrphanFinalizer))
        {
            attemptToOrphan(uid);
        }

        if (Starts(ForegroundFinalizer))
        {
            node.IsDeletingDependents = true;
            foreach (var dependent in node.Dependents.Values)
            {
                attemptToDelete(dependent.Uid);
            }

            attemptToDelete(uid);
        }

        bool Starts(string finalizer) => after.IsBeingDeleted()
            && after.HasFinalizer(finalizer)
            && !(before is not null && before.IsBeingDeleted() && before.HasFinalizer(finalizer));
    }

    private void UpdateOwners(ObjectNode node, IReadOnlyList<Doc> owners)
    {
        if (node.Owners.SequenceEqual(owners))
        {
            return;
        }

        var (old, gone) = (node.Owners, node.Owners.Where(owner => !owners.Any(other => other.Text("uid") == owner.Text("uid"))).ToList());
        node.Owners = owners;
        RemoveFromOwners(node, gone);
        foreach (var owner in owners)
        {
            AddToOwner(node, owner);
        }

        // An owner that waits for this dependent may not have to any more.
        foreach (var owner in old)
        {
            if (Find(owner.Text("uid") ?? "") is { IsDeletingDependents: true } waiting)
            {
                attemptToDelete(waiting.Uid);
            }
        }
    }

    private void AddToOwner(ObjectNode node, Doc reference)
    {
        var uid = reference.Text("uid") ?? "";
        if (!_nodes.TryGetValue(uid, out var owner))
        {
            if (served.Find(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "") is not { } kind)
            {
                return;
            }

            var ns = kind.IsNamespaced ? node.Name.Namespace : "";
            owner = new ObjectNode(uid, ServedResources.PathOf(kind), new ObjectName(ns, reference.Text("name") ?? "")) { IsVirtual = true };
            _nodes.Add(uid, owner);
            attemptToDelete(uid);
        }

        owner.Dependents[node.Uid] = node;
        if (owner.IsDeletingDependents)
        {
            attemptToDelete(node.Uid);
        }
    }

    private void RemoveFromOwners(ObjectNode node, IEnumerable<Doc> owners)
    {
        foreach (var owner in owners)
        {
            Find(owner.Text("uid") ?? "")?.Dependents.Remove(node.Uid);
        }
    }
}
