using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>All that a scheduler writes: bindings, why a pod has no node, the end of victims, and its events.</summary>
internal sealed class SchedulerWrites(ControllerContext context)
{
    private readonly ComponentEvents _events = context.EventsOf(Scheduler.Name);

    public ApiReply Bind(PodInfo pod, string node)
    {
        var reply = context.Client.Send(new ApiRequest(ApiVerb.Create, Resources.Pods)
        {
            Namespace = pod.Key.Namespace,
            Name = pod.Key.Name,
            Subresource = "binding",
            Body = Doc.Obj(
                ("apiVersion", "v1"),
                ("kind", "Binding"),
                ("metadata", Doc.Obj(("name", pod.Key.Name), ("namespace", pod.Key.Namespace), ("uid", pod.Pod.Uid()))),
                ("target", Doc.Obj(("kind", "Node"), ("name", node)))),
        });
        if (reply.IsSuccess)
        {
            Say(pod.Pod, "Normal", "Scheduled", $"Successfully assigned {pod.Key} to {node}");
        }

        return reply;
    }

    /// <summary>An event, and the condition PodScheduled when it does not say so already.</summary>
    public void TellFailure(PodInfo pod, string reason, string message, string? nominatedNode)
    {
        Say(pod.Pod, "Warning", "FailedScheduling", message);
        var current = Conditions.Find(pod.Pod, "PodScheduled");
        var isSame = current is not null
            && current.Text("status") == "False"
            && current.Text("reason") == reason
            && current.Text("message") == message;
        if (isSame && nominatedNode is null)
        {
            return;
        }

        var since = current?.Text("status") == "False" ? current["lastTransitionTime"] : null;
        var condition = Doc.Obj(
            ("type", "PodScheduled"),
            ("status", "False"),
            ("lastProbeTime", Doc.Null),
            ("lastTransitionTime", since ?? context.Timestamp),
            ("reason", reason),
            ("message", message));
        PatchStatus(pod.Key, Doc.Obj(
            ("conditions", Doc.Arr(condition)),
            ("nominatedNodeName", nominatedNode is null ? null : (Doc)nominatedNode)));
    }

    /// <summary>Deletes a pod to make room for a more important one; since 1.26 it says why it goes.</summary>
    public void Evict(PodInfo victim, PodInfo preemptor, string node)
    {
        if (context.Version.HasDisruptionConditions)
        {
            PatchStatus(victim.Key, Doc.Obj(("conditions", Doc.Arr(Doc.Obj(
                ("type", "DisruptionTarget"),
                ("status", "True"),
                ("lastProbeTime", Doc.Null),
                ("lastTransitionTime", context.Timestamp),
                ("reason", "PreemptionByScheduler"),
                ("message", $"{Scheduler.Name}: preempting to accommodate a higher priority pod"))))));
        }

        context.Client.Send(ApiRequest.Delete(Resources.Pods, victim.Key.Namespace, victim.Key.Name));
        var by = context.Version.Minor >= 27 ? $"pod {preemptor.Pod.Uid()}" : preemptor.Key.ToString();
        Say(victim.Pod, "Normal", "Preempted", $"Preempted by {by} on node {node}");
    }

    /// <summary>A pod lost its claim on a node.</summary>
    public void ClearNomination(ObjectName pod) => PatchStatus(pod, Doc.Obj(("nominatedNodeName", Doc.Null)));

    public void Say(Doc pod, string type, string reason, string message) => _events.Record(pod, "Pod", "v1", type, reason, message);

    private void PatchStatus(ObjectName pod, Doc status) => context.Client.Send(new ApiRequest(ApiVerb.Patch, Resources.Pods)
    {
        Namespace = pod.Namespace,
        Name = pod.Name,
        Subresource = "status",
        Patch = PatchKind.StrategicMerge,
        Body = Doc.Obj(("status", status)),
    });
}
