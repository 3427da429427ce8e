using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>How far a rolling update may stray from the declared number of pods.</summary>
internal readonly record struct RolloutLimits(long MaxSurge, long MaxUnavailable)
{
    /// <summary>
    /// A percentage is of the declared number; surge is rounded up, unavailability down, and when both come out as 0 one pod
    /// may be unavailable (pkg/controller/deployment/util: ResolveFenceposts).
    /// </summary>
    public static RolloutLimits Of(Doc deployment)
    {
        var replicas = deployment.Int("spec", "replicas") ?? 1;
        if (deployment.Text("spec", "strategy", "type") == "Recreate" || replicas == 0)
        {
            return new RolloutLimits(0, 0);
        }

        var rolling = deployment.At("spec", "strategy", "rollingUpdate");
        var surge = Scaled(rolling?["maxSurge"], replicas, roundUp: true);
        var unavailable = Scaled(rolling?["maxUnavailable"], replicas, roundUp: false);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        return new RolloutLimits(surge, Math.Min(unavailable, replicas));
    }

    /// <summary>A number, or a percentage of a number; 25% when nothing is given (apps/v1 defaults).</summary>
    public static long Scaled(Doc? value, long total, bool roundUp)
    {
        if (value?.AsInt is { } number)
        {
            return number;
        }

        var percent = (value?.AsText ?? "25%").TrimEnd('%');
        if (!long.TryParse(percent, NumberStyles.None, CultureInfo.InvariantCulture, out var share))
        {
            return 0;
        }

        var product = share * total;
        return roundUp ? (product + 99) / 100 : product / 100;
    }
}
