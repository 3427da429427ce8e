using System.Collections.Immutable;
using System.Text.Json;

namespace KubeLessons.Clusters;

/// <summary>Changes in their order, up to a position, and the cluster's time at which they were read.</summary>
public sealed record ClusterChanges(ImmutableArray<ClusterChange> Items, long Position, DateTimeOffset Now);

/// <summary>One thing that changed in the cluster, with its cluster time. The hierarchy is closed.</summary>
public abstract record ClusterChange(DateTimeOffset At);

/// <summary>An object came into being, changed or went.</summary>
/// <param name="At">When.</param>
/// <param name="Id">Which object.</param>
/// <param name="Object">Its new state; null when it is gone.</param>
/// <param name="By">The component that asked for the change, where known: <c>kubelet</c>, <c>kube-scheduler</c>… or "".</param>
public sealed record ObjectChange(DateTimeOffset At, ObjectId Id, ObservedObject? Object, string By) : ClusterChange(At);

/// <summary>A fact of a node took a new value; null: it is gone. Nouns: unit, module, sysctl, iptables, container, file, power.</summary>
public sealed record FactChange(DateTimeOffset At, FactId Id, string? Value) : ClusterChange(At);

/// <summary>A component did something that leaves no object behind, such as a call to the container runtime: for the timeline.</summary>
public sealed record ActionChange(DateTimeOffset At, string Node, string Component, string Action) : ClusterChange(At);

/// <summary>The name of an object: its resource with its group (<c>pods</c>, <c>deployments.apps</c>), namespace ("" for none) and name.</summary>
public readonly record struct ObjectId(string Resource, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? $"{Resource}/{Name}" : $"{Resource}/{Namespace}/{Name}";
}

/// <summary>The name of a fact: <c>unit</c> <c>kubelet</c> of <c>w1-k8s</c>.</summary>
public readonly record struct FactId(string Node, string Noun, string Name);

/// <summary>An object's state at a time. Its JSON is made when it is first asked for: most objects are never looked at.</summary>
public sealed class ObservedObject(ObjectId id, DateTimeOffset since, Func<ReadOnlyMemory<byte>> json)
{
    private JsonElement? _root;

    public ObjectId Id => id;

    /// <summary>When it came to be in this state.</summary>
    public DateTimeOffset Since => since;

    public JsonElement Root
    {
        get
        {
            if (_root is null)
            {
                using var document = JsonDocument.Parse(json());
                _root = document.RootElement.Clone();
            }

            return _root.Value;
        }
    }
}
