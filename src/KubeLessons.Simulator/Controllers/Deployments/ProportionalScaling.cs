using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>
/// How a change of size in the middle of a rollout is shared out: each ReplicaSet takes its part, the largest takes what is
/// left by rounding (pkg/controller/deployment/util: GetReplicaSetProportion).
/// </summary>
internal static class ProportionalScaling
{
    /// <param name="deployment">The Deployment.</param>
    /// <param name="active">Its ReplicaSets that have replicas.</param>
    /// <param name="maxSurge">In pods.</param>
    public static List<(Doc Set, long Size)> Share(Doc deployment, IEnumerable<Doc> active, long maxSurge)
    {
        var replicas = deployment.Int("spec", "replicas") ?? 1;
        var sets = active.ToList();
        var allowed = replicas > 0 ? replicas + maxSurge : 0;
        var toAdd = allowed - sets.Sum(Size);

        // Growing: the larger, then the newer first. Shrinking: the larger, then the older first.
        sets.Sort((a, b) =>
        {
            var order = Size(b).CompareTo(Size(a));
            return order != 0 ? order : toAdd > 0 ? ByAge(b, a) : ByAge(a, b);
        });
        var added = 0L;
        var shares = new List<(Doc Set, long Size)>();
        foreach (var set in sets)
        {
            var part = toAdd == 0 ? 0 : Proportion(set, deployment, replicas, maxSurge, toAdd, added);
            added += part;
            shares.Add((set, Size(set) + part));
        }

        if (toAdd != 0 && shares.Count > 0)
        {
            shares[0] = (shares[0].Set, Math.Max(0, shares[0].Size + toAdd - added));
        }

        return shares;
    }

    public static long Size(Doc set) => set.Int("spec", "replicas") ?? 0;

    /// <summary>Older before newer; by name when they are of one age.</summary>
    public static int ByAge(Doc a, Doc b)
    {
        var order = a.CreatedAt().CompareTo(b.CreatedAt());
        return order != 0 ? order : string.CompareOrdinal(a.Name(), b.Name());
    }

    private static long Proportion(Doc set, Doc deployment, long replicas, long maxSurge, long toAdd, long added)
    {
        if (Size(set) == 0 || toAdd == added)
        {
            return 0;
        }

        var fraction = Fraction(set, deployment, replicas, maxSurge);
        return toAdd > 0 ? Math.Min(fraction, toAdd - added) : Math.Max(fraction, toAdd - added);
    }

    private static long Fraction(Doc set, Doc deployment, long replicas, long maxSurge)
    {
        if (replicas == 0)
        {
            return -Size(set);
        }

        var before = DeploymentAnnotations.Number(set, DeploymentAnnotations.MaxReplicas)
            ?? deployment.Int("status", "replicas")
            ?? 0;
        return before == 0
            ? 0
            : (long)Math.Round(Size(set) * (double)(replicas + maxSurge) / before, MidpointRounding.AwayFromZero) - Size(set);
    }
}
