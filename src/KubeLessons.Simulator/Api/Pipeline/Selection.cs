using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Which objects of a kind a list, a watch or a deletion of a collection means.</summary>
internal sealed class Selection
{
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    private Selection(ResourceKind kind, string ns, string name, LabelSelector labels, FieldSelector fields) =>
        (Kind, Namespace, Name, _labels, _fields) = (kind, ns, name, labels, fields);

    public ResourceKind Kind { get; }

    /// <summary>"" for all.</summary>
    public string Namespace { get; }

    /// <summary>"" for all.</summary>
    public string Name { get; }

    /// <summary>The node whose pods are asked for; null when it is not that question.</summary>
    public string? NodeName => Kind.StorageName == "pods" ? _fields.Exactly("spec.nodeName") : null;

    public bool HasSelectors => !_labels.IsEverything || !_fields.IsEverything;

    /// <summary>Reads a request's namespace, name and selectors. Exactly one of the two is not null.</summary>
    public static (Selection? Selection, ApiResponse? Fault) Of(ResourceKind kind, ApiRequest request)
    {
        if (LabelSelector.Parse(request.Options.LabelSelector, out var fault) is not { } labels)
        {
            return (null, ApiStatus.BadRequest(fault!));
        }

        if (FieldSelector.Parse(request.Options.FieldSelector, kind, out fault) is not { } fields)
        {
            return (null, ApiStatus.BadRequest(fault!));
        }

        var name = request.Name.Length > 0 ? request.Name : fields.Exactly("metadata.name") ?? "";
        var ns = request.Namespace.Length > 0 ? request.Namespace : fields.Exactly("metadata.namespace") ?? "";
        return (new Selection(kind, ns, name, labels, fields), null);
    }

    /// <summary>The selected objects as they are now, ordered by namespace and name.</summary>
    public IEnumerable<ObjectVersion> List(ObjectStore store)
    {
        var ns = Namespace.Length > 0 ? Namespace : null;
        if (Name.Length > 0 && (ns is not null || !Kind.IsNamespaced))
        {
            return store.Get(new ObjectKey(Kind.StorageName, Namespace, Name)) is { } one && Matches(one) ? [one] : [];
        }

        var candidates = NodeName is { } node
            ? store.ListIndexed("pods", "spec.nodeName", node)
            : store.List(Kind.StorageName, ns);
        return HasSelectors || Name.Length > 0 || NodeName is not null ? candidates.Where(Matches) : candidates;
    }

    /// <summary>The selected objects as they were at a revision.</summary>
    public IEnumerable<ObjectVersion> ListAt(ObjectStore store, long revision) =>
        revision >= store.Revision
            ? List(store)
            : store.ListAt(Kind.StorageName, revision, Namespace.Length > 0 ? Namespace : null).Where(Matches);

    /// <summary>The shortest log that holds all changes of the selected objects.</summary>
    public ChangeLog Log(ObjectStore store) =>
        NodeName is { } node ? store.LogOf("pods", "spec.nodeName", node) : store.LogOf(Kind.StorageName);

    public bool Matches(ObjectVersion version) =>
        version.Object is { } value
        && (Namespace.Length == 0 || version.Key.Namespace == Namespace)
        && (Name.Length == 0 || version.Key.Name == Name)
        && Matches(value);

    private bool Matches(Doc value) =>
        (_labels.IsEverything || _labels.Matches(value.At("metadata", "labels"))) && (_fields.IsEverything || _fields.Matches(value));
}
