using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.DaemonSets;

/// <summary>A DaemonSet's status: how many nodes should have a pod, have one, and how it stands with those.</summary>
internal static class DaemonSetStatus
{
    public static Doc Of(Doc set, IReadOnlyList<Doc> nodes, Func<Doc, (bool Run, bool Keep)> eligibility, ILookup<string, Doc> podsByNode, string hash, DateTimeOffset now)
    {
        var minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
        var (desired, current, misscheduled, ready, available, updated) = (0, 0, 0, 0, 0, 0);
        foreach (var node in nodes)
        {
            var pods = podsByNode[node.Name()].OrderBy(static pod => pod.CreatedAt()).ThenBy(static pod => pod.Name(), StringComparer.Ordinal).ToList();
            if (!eligibility(node).Run)
            {
                misscheduled += pods.Count > 0 ? 1 : 0;
                continue;
            }

            desired++;
            if (pods.Count == 0)
            {
                continue;
            }

            current++;
            var shown = pods.Find(static pod => pod.IsReady()) ?? pods[0];
            ready += shown.IsReady() ? 1 : 0;
            available += shown.IsAvailable(minReadySeconds, now) ? 1 : 0;
            updated += pods.Exists(pod => pod.Label(Revisions.HashLabel) == hash) ? 1 : 0;
        }

        return Doc.Obj(
            ("currentNumberScheduled", current),
            ("numberMisscheduled", misscheduled),
            ("desiredNumberScheduled", desired),
            ("numberReady", ready),
            ("observedGeneration", set.Generation()),
            ("updatedNumberScheduled", NonZero(updated)),
            ("numberAvailable", NonZero(available)),
            ("numberUnavailable", NonZero(desired - available)),
            ("collisionCount", set.At("status", "collisionCount")),
            ("conditions", set.At("status", "conditions")));
    }

    private static Doc? NonZero(int count) => count == 0 ? null : count;
}
