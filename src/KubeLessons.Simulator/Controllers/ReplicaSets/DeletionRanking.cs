using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.ReplicaSets;

/// <summary>
/// Which pods go first when there are too many (pkg/controller: ActivePodsWithRanks): unassigned, Pending, not ready, cheaper to
/// delete, doubled up on a node, ready for a shorter time, restarted more often, younger.
/// </summary>
internal sealed class DeletionRanking(KubernetesVersion version, DateTimeOffset now, Func<Doc, int> relatedOnSameNode)
{
    /// <summary>The annotation that makes a pod cheaper or dearer to delete (beta since 1.22).</summary>
    public const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>The first <paramref name="count"/> pods to delete.</summary>
    public IReadOnlyList<Doc> Choose(IReadOnlyList<Doc> pods, int count)
    {
        // Ages are compared in powers of two and then by UID, so the relation is not transitive; an insertion sort does not mind.
        var order = new List<Doc>(pods.Count);
        foreach (var pod in pods)
        {
            var at = order.Count;
            while (at > 0 && GoesBefore(pod, order[at - 1]))
            {
                at--;
            }

            order.Insert(at, pod);
        }

        return order.GetRange(0, Math.Min(count, order.Count));
    }

    private static int PhaseRank(Doc pod) => pod.Phase() switch
    {
        "Pending" => 0,
        "Unknown" => 1,
        "Running" => 2,
        _ => 3,
    };

    private static long MostRestarts(Doc pod)
    {
        var most = 0L;
        foreach (var container in pod.List("status", "containerStatuses"))
        {
            most = Math.Max(most, container.Int("restartCount") ?? 0);
        }

        return most;
    }

    private static int CostOf(Doc pod) => int.TryParse(pod.Annotation(DeletionCost), out var cost) ? cost : 0;

    private bool GoesBefore(Doc a, Doc b)
    {
        if (a.NodeName() is null != b.NodeName() is null)
        {
            return a.NodeName() is null;
        }

        if (PhaseRank(a) != PhaseRank(b))
        {
            return PhaseRank(a) < PhaseRank(b);
        }

        if (a.IsReady() != b.IsReady())
        {
            return !a.IsReady();
        }

        if (version.Minor >= 22 && CostOf(a) != CostOf(b))
        {
            return CostOf(a) < CostOf(b);
        }

        var (relatedToA, relatedToB) = (relatedOnSameNode(a), relatedOnSameNode(b));
        if (relatedToA != relatedToB)
        {
            return relatedToA > relatedToB;
        }

        if (a.IsReady() && a.ReadySince() != b.ReadySince())
        {
            return IsYounger(a, a.ReadySince(), b, b.ReadySince());
        }

        if (MostRestarts(a) != MostRestarts(b))
        {
            return MostRestarts(a) > MostRestarts(b);
        }

        return a.CreatedAt() != b.CreatedAt() && IsYounger(a, a.CreatedAt(), b, b.CreatedAt());
    }

    // Until 1.21 the younger goes first. Since 1.22 (LogarithmicScaleDown) ages of one power of two are equal and the UID decides.
    private bool IsYounger(Doc a, DateTimeOffset sinceA, Doc b, DateTimeOffset sinceB)
    {
        if (version.Minor < 22)
        {
            return sinceA > sinceB;
        }

        var (ageA, ageB) = (Magnitude(sinceA), Magnitude(sinceB));
        return ageA == ageB ? string.CompareOrdinal(a.Uid(), b.Uid()) < 0 : ageA < ageB;
    }

    private int Magnitude(DateTimeOffset since)
    {
        var nanoseconds = (now - since).Ticks * 100.0;
        return nanoseconds <= 0 ? -1 : (int)Math.Log2(nanoseconds);
    }
}
