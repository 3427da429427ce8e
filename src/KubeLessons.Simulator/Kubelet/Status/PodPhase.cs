using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>A pod's phase from its containers' statuses (pkg/kubelet: getPhase).</summary>
internal static class PodPhase
{
    /// <param name="pod">The pod.</param>
    /// <param name="inits">Its init containers' statuses.</param>
    /// <param name="mains">Its containers' statuses.</param>
    /// <param name="isTerminal">It has been stopped for good: no container will be started again.</param>
    public static string Of(PodObject pod, ImmutableArray<Doc> inits, ImmutableArray<Doc> mains, bool isTerminal)
    {
        var (pendingInit, failedInit) = CountInits(pod, inits);
        var counts = CountMains(mains);
        foreach (var sidecar in Sidecars(pod, inits))
        {
            counts = Count(counts, sidecar);
        }

        if (failedInit && pod.RestartPolicy == "Never")
        {
            return "Failed";
        }

        if (pendingInit && !isTerminal)
        {
            return "Pending";
        }

        if (counts.Waiting > 0 && !isTerminal)
        {
            return "Pending";
        }

        // Sidecars alone do not keep a pod going: what counts are the containers proper.
        var main = CountMains(mains);
        if (main.Running > 0)
        {
            return "Running";
        }

        if (isTerminal)
        {
            return main.Stopped == main.Succeeded && main.Waiting == 0 && !pendingInit ? "Succeeded" : "Failed";
        }

        if (main.Stopped == 0 || pod.RestartPolicy == "Always")
        {
            return main.Stopped == 0 ? "Pending" : "Running";
        }

        return counts.Running > 0 && Sidecars(pod, inits).Any() ? "Running"
            : main.Stopped == main.Succeeded ? "Succeeded"
            : pod.RestartPolicy == "Never" ? "Failed" : "Running";
    }

    private static (bool Pending, bool Failed) CountInits(PodObject pod, ImmutableArray<Doc> inits)
    {
        var (pending, failed) = (false, false);
        for (var i = 0; i < inits.Length && i < pod.InitContainers.Length; i++)
        {
            var (state, last) = (inits[i]["state"], inits[i]["lastState"]);
            if (pod.InitContainers[i].IsSidecar)
            {
                pending |= inits[i].Flag("started") != true && state?["terminated"] is null && last?["terminated"] is null;
                continue;
            }

            var ended = state?["terminated"] ?? (state?["waiting"] is not null ? last?["terminated"] : null);
            pending |= ended is null || ended.Int("exitCode") != 0;
            failed |= ended is not null && ended.Int("exitCode") != 0;
        }

        return (pending, failed);
    }

    private static IEnumerable<Doc> Sidecars(PodObject pod, ImmutableArray<Doc> inits)
    {
        for (var i = 0; i < inits.Length && i < pod.InitContainers.Length; i++)
        {
            if (pod.InitContainers[i].IsSidecar)
            {
                yield return inits[i];
            }
        }
    }

    private static Counts CountMains(ImmutableArray<Doc> statuses)
    {
        var counts = default(Counts);
        foreach (var status in statuses)
        {
            counts = Count(counts, status);
        }

        return counts;
    }

    private static Counts Count(Counts counts, Doc status)
    {
        var state = status["state"];
        if (state?["running"] is not null)
        {
            return counts with { Running = counts.Running + 1 };
        }

        var ended = state?["terminated"] ?? status.At("lastState", "terminated");
        return ended is null
            ? counts with { Waiting = counts.Waiting + 1 }
            : counts with { Stopped = counts.Stopped + 1, Succeeded = counts.Succeeded + (ended.Int("exitCode") == 0 && state?["terminated"] is not null ? 1 : 0) };
    }

    private readonly record struct Counts(int Running, int Waiting, int Stopped, int Succeeded);
}
