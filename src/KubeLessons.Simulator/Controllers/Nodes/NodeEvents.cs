using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>What the node controller says about nodes, and what it does to the pods of a node that is not ready.</summary>
internal sealed class NodeEvents(ControllerContext context)
{
    private readonly ComponentEvents _events = context.EventsOf("node-controller");

    public void OfNode(Doc node, string reason, string message) => _events.Record(node, "Node", "v1", "Normal", reason, message);

    /// <summary>Sets the condition Ready of these pods to False. False when one could not be written.</summary>
    public bool MarkPodsNotReady(IEnumerable<Doc> pods)
    {
        var allWritten = true;
        foreach (var pod in pods.ToList())
        {
            if (Conditions.Find(pod, "Ready") is not { } ready || ready.Text("status") == "False")
            {
                continue;
            }

            var changed = ready.With("False", "status").With(context.Timestamp, "lastTransitionTime");
            var body = pod.With(Conditions.Replace(pod.At("status", "conditions"), changed), "status", "conditions");
            var reply = context.Client.Send(ApiRequest.Update(Resources.Pods, body, "status"));
            if (reply.IsSuccess)
            {
                _events.Record(pod, "Pod", "v1", "Warning", "NodeNotReady", "Node is not ready");
            }
            else
            {
                allWritten &= reply.Reason == "NotFound";
            }
        }

        return allWritten;
    }
}
