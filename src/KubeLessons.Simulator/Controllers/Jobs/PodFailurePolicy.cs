using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>What a Job does about a failed pod, by its exit code or its conditions (Job.spec.podFailurePolicy, on since 1.26).</summary>
internal static class PodFailurePolicy
{
    /// <summary>The first rule that takes the pod: FailJob, Ignore or Count, with the words for a FailJob; null when none does.</summary>
    public static (string Action, string Message)? Match(Doc job, Doc pod, KubernetesVersion version)
    {
        var rules = job.List("spec", "podFailurePolicy", "rules");
        if (version.Minor < 26 || pod.Phase() != "Failed")
        {
            return null;
        }

        for (var i = 0; i < rules.Length; i++)
        {
            var action = rules[i].Text("action") ?? "Count";
            if (rules[i]["onExitCodes"] is { } codes && MatchExit(codes, pod) is { } exit)
            {
                return (action, $"Container {exit.Container} for pod {pod.Key()} failed with exit code {exit.ExitCode} matching {action} rule at index {i}");
            }

            if (MatchCondition(rules[i].List("onPodConditions"), pod) is { } condition)
            {
                return (action, $"Pod {pod.Key()} has condition {condition} matching {action} rule at index {i}");
            }
        }

        return null;
    }

    private static (string Container, long ExitCode)? MatchExit(Doc requirement, Doc pod)
    {
        foreach (var (container, code) in JobPods.ExitCodes(pod))
        {
            if (code == 0 || (requirement.Text("containerName") is { Length: > 0 } only && only != container))
            {
                continue;
            }

            var isListed = requirement.List("values").Any(value => value.AsInt == code);
            if (isListed == (requirement.Text("operator") != "NotIn"))
            {
                return (container, code);
            }
        }

        return null;
    }

    private static string? MatchCondition(IEnumerable<Doc> patterns, Doc pod)
    {
        foreach (var pattern in patterns)
        {
            var type = pattern.Text("type") ?? "";
            if (Conditions.Find(pod, type)?.Text("status") == (pattern.Text("status") ?? "True"))
            {
                return type;
            }
        }

        return null;
    }
}
