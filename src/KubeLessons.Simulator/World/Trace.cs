using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator;

/// <summary>One thing that happened, with its place in the order of all things and its virtual time.</summary>
public abstract record TraceEntry(long Sequence, TimeSpan At);

/// <summary>An object was created, changed or deleted in the API. <paramref name="By"/> is the component that asked for it.</summary>
public sealed record ObjectChanged(long Sequence, TimeSpan At, StoreChange Change, string By) : TraceEntry(Sequence, At);

/// <summary>
/// A fact of a host took a new value; null means that it is gone. The nouns: <c>unit</c> (kubelet → active, inactive, failed,
/// activating, deactivating), <c>module</c> (br_netfilter → loaded), <c>sysctl</c> (net.ipv4.ip_forward → 1), <c>iptables</c>
/// (nat/KUBE-SERVICES → its rules as -S prints them), <c>container</c> (id → JSON of name, pod, namespace, labels, state, exitCode),
/// <c>file</c> (path → content), <c>power</c> (on, off), <c>process</c> (name[pid] → running).
/// </summary>
public sealed record HostFactChanged(long Sequence, TimeSpan At, string Host, string Noun, string Name, string? Value)
    : TraceEntry(Sequence, At);

/// <summary>
/// A component did something that leaves no object and no host fact behind, such as a request to the API server or a call
/// to the container runtime: what a timeline shows between the changes.
/// </summary>
public sealed record ComponentActed(long Sequence, TimeSpan At, string Host, string Component, string Action) : TraceEntry(Sequence, At);

/// <summary>The record of everything that happened in a world, in order. It only grows; a reader keeps a position in it.</summary>
public sealed class Trace
{
    private readonly World _world;
    private readonly List<TraceEntry> _entries = [];

    internal Trace(World world)
    {
        _world = world;
        Grew = new Signal(world);
    }

    public int Count => _entries.Count;

    /// <summary>Raised whenever something was recorded.</summary>
    public Signal Grew { get; }

    public TraceEntry this[int index] => _entries[index];

    /// <summary>What was recorded from a position on.</summary>
    public ReadOnlySpan<TraceEntry> From(int position) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[position..];

    public void Record(StoreChange change, string by) =>
        Add(new ObjectChanged(_entries.Count, _world.Now, change, by));

    public void RecordFact(string host, string noun, string name, string? value) =>
        Add(new HostFactChanged(_entries.Count, _world.Now, host, noun, name, value));

    public void RecordAction(string host, string component, string action) =>
        Add(new ComponentActed(_entries.Count, _world.Now, host, component, action));

    /// <summary>
    /// The whole record as JSON lines: the bytes that two runs with one seed share. An object change carries the whole object.
    /// </summary>
    public string ToJsonLines()
    {
        var lines = new System.Text.StringBuilder();
        foreach (var entry in _entries)
        {
            lines.Append(DocJson.Write(ToDoc(entry))).Append('\n');
        }

        return lines.ToString();
    }

    private static DocObject ToDoc(TraceEntry entry) => entry switch
    {
        ObjectChanged e => Doc.Obj(
            ("at", Microseconds(e.At)),
            ("by", e.By),
            ("revision", e.Change.Revision),
            ("change", e.Change.Kind.ToString()),
            ("object", e.Change.Key.ToString()),
            ("value", e.Change.After?.Object)),
        HostFactChanged e => Doc.Obj(
            ("at", Microseconds(e.At)), ("host", e.Host), ("noun", e.Noun), ("name", e.Name), ("value", e.Value ?? Doc.Null)),
        ComponentActed e => Doc.Obj(
            ("at", Microseconds(e.At)), ("host", e.Host), ("component", e.Component), ("action", e.Action)),
        _ => throw new InvalidOperationException($"A trace entry of an unknown kind: {entry.GetType().Name}."),
    };

    private static Doc Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private void Add(TraceEntry entry)
    {
        _entries.Add(entry);
        Grew.Raise();
    }
}
