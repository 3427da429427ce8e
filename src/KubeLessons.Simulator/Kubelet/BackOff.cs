using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>
/// Waiting times that double with every failure, per key, from 10 s to 300 s; a key that was quiet for twice the longest begins anew
/// (client-go util/flowcontrol: Backoff). Restarts count from a container's end, pulls from the last failure.
/// </summary>
internal sealed class BackOff(World world)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private static readonly TimeSpan _initial = KubernetesConstants.CrashLoopBackOffInitial;
    private static readonly TimeSpan _max = KubernetesConstants.CrashLoopBackOffMax;

    /// <summary>The waiting time that holds now; zero: none.</summary>
    public TimeSpan Get(string key) => _entries.TryGetValue(key, out var entry) ? entry.Delay : TimeSpan.Zero;

    /// <summary>True while the waiting time, counted from an event, has not passed.</summary>
    public bool IsWaitingSince(string key, TimeSpan eventAt) =>
        _entries.TryGetValue(key, out var entry) && !IsOver(entry, eventAt) && world.Now - eventAt < entry.Delay;

    /// <summary>True while the waiting time, counted from the last failure, has not passed.</summary>
    public bool IsWaiting(string key) =>
        _entries.TryGetValue(key, out var entry) && !IsOver(entry, world.Now) && world.Now - entry.UpdatedAt < entry.Delay;

    /// <summary>Notes a failure: the next waiting time is twice the last.</summary>
    public void Next(string key, TimeSpan eventAt)
    {
        var delay = !_entries.TryGetValue(key, out var entry) || IsOver(entry, eventAt) ? _initial
            : entry.Delay * 2 < _max ? entry.Delay * 2
            : _max;
        _entries[key] = new Entry(delay, world.Now);
    }

    public void Forget(string key) => _entries.Remove(key);

    private static bool IsOver(Entry entry, TimeSpan eventAt) => eventAt - entry.UpdatedAt > _max * 2;

    private readonly record struct Entry(TimeSpan Delay, TimeSpan UpdatedAt);
}
