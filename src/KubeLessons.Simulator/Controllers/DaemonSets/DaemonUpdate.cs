using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.DaemonSets;

/// <summary>What one look at a DaemonSet found to do.</summary>
internal sealed class DaemonWork
{
    /// <summary>The nodes that get a pod.</summary>
    public List<string> Create { get; } = [];

    public List<Doc> Delete { get; } = [];

    public TimeSpan? Again { get; private set; }

    public void LookAgainIn(TimeSpan wait) => Again = Again is { } sooner && sooner < wait ? sooner : wait;
}

/// <summary>Replaces pods of old templates, a few at a time (pkg/controller/daemon: rollingUpdate).</summary>
internal static class DaemonUpdate
{
    public static void Plan(Doc set, IEnumerable<Doc> eligible, ILookup<string, Doc> byNode, string hash, DaemonWork work, DateTimeOffset now)
    {
        if (set.Text("spec", "updateStrategy", "type") == "OnDelete")
        {
            return;
        }

        var nodes = eligible.ToList();
        var minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
        var rolling = set.At("spec", "updateStrategy", "rollingUpdate");
        var surge = MaxSurge(set, nodes.Count);
        var allowed = surge > 0 ? 0 : Math.Max(1, RolloutLimits.Scaled(rolling?["maxUnavailable"] ?? 1, nodes.Count, roundUp: true));
        var unavailable = 0L;
        var (idleOld, liveOld) = (new List<Doc>(), new List<Doc>());
        foreach (var node in nodes)
        {
            var pods = byNode[node.Name()].Where(static pod => pod.IsActive()).ToList();
            var old = pods.Find(pod => pod.Label(Revisions.HashLabel) != hash);
            var current = pods.Find(pod => pod.Label(Revisions.HashLabel) == hash);
            var isAvailable = pods.Exists(pod => pod.IsAvailable(minReadySeconds, now));

            // An old pod that is not available is replaced anyway and counts for nothing.
            unavailable += isAvailable || (old is not null && current is null) ? 0 : 1;
            if (surge > 0)
            {
                surge -= PlanSurge(node.Name(), old, current, surge, work, minReadySeconds, now);
            }
            else if (old is not null && current is null)
            {
                (isAvailable ? liveOld : idleOld).Add(old);
            }
        }

        if (MaxSurge(set, nodes.Count) == 0)
        {
            // Pods that serve nobody are replaced at once; of the others as many as may be missing.
            work.Delete.AddRange(idleOld);
            work.Delete.AddRange(liveOld.Take((int)Math.Max(0, allowed - unavailable)));
        }
    }

    /// <summary>How many nodes may have two pods during an update.</summary>
    public static long MaxSurge(Doc set, int nodes) =>
        set.At("spec", "updateStrategy", "rollingUpdate", "maxSurge") is { IsNull: false } surge ? RolloutLimits.Scaled(surge, nodes, roundUp: true) : 0;

    private static int PlanSurge(string node, Doc? old, Doc? current, long left, DaemonWork work, long minReadySeconds, DateTimeOffset now)
    {
        if (old is null)
        {
            return 0;
        }

        if (current is not null)
        {
            if (current.IsAvailable(minReadySeconds, now))
            {
                work.Delete.Add(old);
            }

            return 1;
        }

        if (left > 0)
        {
            work.Create.Add(node);
            return 1;
        }

        return 0;
    }
}
