using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Store;

/// <summary>Where an object is kept: its resource with its group (<c>pods</c>, <c>deployments.apps</c>), its namespace ("" for none) and its name.</summary>
public readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? $"{Resource}/{Name}" : $"{Resource}/{Namespace}/{Name}";
}

/// <summary>One state of an object: what it was at a revision, until the next. A null object means that it was deleted then.</summary>
public sealed record ObjectVersion(ObjectKey Key, long Revision, Doc? Object, ObjectVersion? Previous);

public enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One commit. A deletion keeps the last state as <see cref="Before"/>.</summary>
public sealed record StoreChange(long Revision, ObjectVersion? Before, ObjectVersion After)
{
    public ObjectKey Key => After.Key;

    public ChangeKind Kind => After.Object is null ? ChangeKind.Deleted
        : Before?.Object is null ? ChangeKind.Added
        : ChangeKind.Modified;
}

/// <summary>A store's content at one revision, to restore it from. Cheap: it shares every document.</summary>
public sealed record StoreSnapshot(long Revision, IReadOnlyList<ObjectVersion> Objects);
