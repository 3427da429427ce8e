using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.GarbageCollection;

/// <summary>
/// An object in the graph of owners. It is virtual while nobody but an owner reference has told of it
/// (pkg/controller/garbagecollector: node).
/// </summary>
internal sealed class ObjectNode(string uid, ResourcePath resource, ObjectName name)
{
    public string Uid => uid;

    public ResourcePath Resource => resource;

    public ObjectName Name => name;

    /// <summary>The objects that name this one as an owner.</summary>
    public SortedDictionary<string, ObjectNode> Dependents { get; } = new(StringComparer.Ordinal);

    /// <summary>The owner references as they were seen last.</summary>
    public IReadOnlyList<Doc> Owners { get; set; } = [];

    public bool IsBeingDeleted { get; set; }

    /// <summary>It is being deleted in the foreground: its dependents go first.</summary>
    public bool IsDeletingDependents { get; set; }

    public bool IsVirtual { get; set; }

    /// <summary>Those dependents that it has to wait for.</summary>
    public IEnumerable<ObjectNode> Blocking => Dependents.Values.Where(dependent => dependent.Owners.Any(
        owner => owner.Text("uid") == uid && owner.Flag("blockOwnerDeletion") == true));
}
