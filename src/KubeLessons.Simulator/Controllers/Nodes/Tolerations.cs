using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>Which taints a pod puts up with, and for how long (k8s.io/component-helpers/scheduling/corev1).</summary>
internal static class Tolerations
{
    public static bool Tolerates(Doc toleration, Doc taint)
    {
        var effect = toleration.Text("effect");
        if (!string.IsNullOrEmpty(effect) && effect != taint.Text("effect"))
        {
            return false;
        }

        var key = toleration.Text("key");
        if (!string.IsNullOrEmpty(key) && key != taint.Text("key"))
        {
            return false;
        }

        return toleration.Text("operator") switch
        {
            "Exists" => true,
            _ => (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""),
        };
    }

    public static bool ToleratesAny(IEnumerable<Doc> tolerations, Doc taint)
    {
        foreach (var toleration in tolerations)
        {
            if (Tolerates(toleration, taint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// How long the tolerations bear all of these taints: null when one is not tolerated at all, MaxValue for ever, else the
    /// shortest of the tolerations that are used (pkg/controller/tainteviction: getMinTolerationTime).
    /// </summary>
    public static TimeSpan? Patience(IReadOnlyList<Doc> tolerations, IEnumerable<Doc> taints)
    {
        var shortest = TimeSpan.MaxValue;
        foreach (var taint in taints)
        {
            Doc? used = null;
            foreach (var toleration in tolerations)
            {
                if (Tolerates(toleration, taint))
                {
                    used = toleration;
                    break;
                }
            }

            if (used is null)
            {
                return null;
            }

            if (used.Int("tolerationSeconds") is { } seconds)
            {
                var patience = TimeSpan.FromSeconds(Math.Max(0, seconds));
                shortest = patience < shortest ? patience : shortest;
            }
        }

        return shortest;
    }
}
