using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Describing;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary>Finds the pods behind an object: a pod itself, or what a workload or service selects, the best one first.</summary>
internal sealed class PodOfObject(Invocation call, FoundObject found)
{
    /// <summary>The pods; none when the call has failed.</summary>
    public List<Doc> Pods { get; } = [];

    /// <param name="purpose">What the pods are wanted for: <c>get the logs from</c>, <c>attach to</c>.</param>
    /// <param name="newestFirst">The order in which kubectl takes pods for exec; for logs it is the other way round.</param>
    public IEnumerable<Wait> Find(string purpose, bool newestFirst)
    {
        if (found.Resource.Kind == "Pod")
        {
            Pods.Add(found.Value);
            yield break;
        }

        var selector = found.Resource.Kind switch
        {
            "Service" or "ReplicationController" => LabelText.Of(found.Value.At("spec", "selector")),
            "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" or "Job" => SelectorText.Of(found.Value.At("spec", "selector")),
            _ => null,
        };
        if (selector is null)
        {
            call.Fail($"cannot {purpose} *v1.{found.Resource.Kind}: selector for *v1.{found.Resource.Kind} not implemented");
            yield break;
        }

        var reply = call.Send(ApiRequest.List(ResourcePath.Core("pods"), found.Namespace) with { Options = new ApiOptions { LabelSelector = selector } });
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            call.Fail(reply);
            yield break;
        }

        // Scheduled before unscheduled, running before pending, ready before not ready, then by age.
        Pods.AddRange(reply.Response!.Body.List("items")
            .OrderBy(pod => pod.Text("spec", "nodeName") is { Length: > 0 } ? 0 : 1)
            .ThenBy(pod => pod.Text("status", "phase") switch { "Running" => 0, "Pending" => 2, _ => 1 })
            .ThenBy(pod => IsReady(pod) ? 0 : 1)
            .ThenBy(pod => newestFirst ? -AgeKey(pod) : AgeKey(pod)));
    }

    public static bool IsReady(Doc pod) => pod.List("status", "conditions").Any(each => each.Text("type") == "Ready" && each.Text("status") == "True");

    private static long AgeKey(Doc pod) => HumanDuration.Parse(pod.Text("metadata", "creationTimestamp"))?.UtcTicks ?? 0;
}
