using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>Whether a resource of the node is scarce.</summary>
internal sealed record NodePressure(bool Memory, bool Disk, bool Pids);

/// <summary>The conditions of a node that its kubelet owns, with the words of pkg/kubelet/nodestatus.</summary>
internal static class NodeConditions
{
    /// <summary>
    /// The conditions anew. <paramref name="changed"/> is told the reason of an event for each whose status is another than before
    /// (a condition that was not there counts as changed, but for Ready).
    /// </summary>
    public static DocArray Of(
        ImmutableArray<Doc> before, IReadOnlyList<string> errors, NodePressure pressure, DateTimeOffset now, Action<string> changed)
    {
        var conditions = before.ToBuilder();
        Set("MemoryPressure", pressure.Memory, pressure.Memory
            ? ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available", "NodeHasInsufficientMemory")
            : ("KubeletHasSufficientMemory", "kubelet has sufficient memory available", "NodeHasSufficientMemory"));
        Set("DiskPressure", pressure.Disk, pressure.Disk
            ? ("KubeletHasDiskPressure", "kubelet has disk pressure", "NodeHasDiskPressure")
            : ("KubeletHasNoDiskPressure", "kubelet has no disk pressure", "NodeHasNoDiskPressure"));
        Set("PIDPressure", pressure.Pids, pressure.Pids
            ? ("KubeletHasInsufficientPID", "kubelet has insufficient PID available", "NodeHasInsufficientPID")
            : ("KubeletHasSufficientPID", "kubelet has sufficient PID available", "NodeHasSufficientPID"));
        Set("Ready", errors.Count == 0, errors.Count == 0
            ? ("KubeletReady", "kubelet is posting ready status", "NodeReady")
            : ("KubeletNotReady", errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]", "NodeNotReady"));
        return Doc.Arr(conditions);

        void Set(string type, bool isTrue, (string Reason, string Message, string Event) words)
        {
            var status = isTrue ? "True" : "False";
            var at = -1;
            for (var i = 0; i < conditions.Count && at < 0; i++)
            {
                at = conditions[i].Text("type") == type ? i : -1;
            }

            var old = at < 0 ? null : conditions[at];
            var isSame = old?.Text("status") == status;
            var condition = Doc.Obj(
                ("type", type),
                ("status", status),
                ("lastHeartbeatTime", ObjectMeta.Time(now)),
                ("lastTransitionTime", isSame ? old!["lastTransitionTime"] : ObjectMeta.Time(now)),
                ("reason", words.Reason),
                ("message", words.Message));
            if (!isSame && (old is not null || type != "Ready" || isTrue))
            {
                changed(words.Event);
            }

            if (at < 0)
            {
                conditions.Add(condition);
            }
            else
            {
                conditions[at] = condition;
            }
        }
    }
}
