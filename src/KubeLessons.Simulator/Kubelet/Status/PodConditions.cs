using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>The conditions of a pod that its kubelet owns (pkg/kubelet/status/generate.go).</summary>
internal static class PodConditions
{
    private static readonly string[] _owned = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

    /// <summary>Why a pod is about to end that others wanted to go on; whoever ends it writes it.</summary>
    public const string DisruptionTarget = "DisruptionTarget";

    /// <summary>True for the conditions that kubelet writes; all others are somebody else's and stay.</summary>
    public static bool IsOwned(string? type) => Array.IndexOf(_owned, type) >= 0;

    public static DocArray Of(
        PodObject pod, KubernetesVersion version, string phase, bool hasSandbox,
        ImmutableArray<Doc> inits, ImmutableArray<Doc> mains, Doc? oldStatus, DateTimeOffset now)
    {
        var old = oldStatus?.List("conditions") ?? [];
        var conditions = ImmutableArray.CreateBuilder<Doc>();
        if (version.Minor >= 29)
        {
            conditions.Add(Condition("PodReadyToStartContainers", hasSandbox, null, null));
        }

        var containers = ContainersReady(pod, inits, mains, phase);
        var (initialized, notYet) = Initialized(pod, inits, mains, phase);
        conditions.Add(Condition("Initialized", initialized, notYet.Reason, notYet.Message));
        var (gates, unmet) = ReadinessGates(pod, old);
        conditions.Add(containers.IsReady && !gates
            ? Condition("Ready", false, "ReadinessGatesNotReady", unmet)
            : Condition("Ready", containers.IsReady, containers.Reason, containers.Message));
        conditions.Add(Condition("ContainersReady", containers.IsReady, containers.Reason, containers.Message));
        conditions.Add(Condition("PodScheduled", true, null, null));
        foreach (var other in old)
        {
            if (!IsOwned(other.Text("type")))
            {
                conditions.Add(other);
            }
        }

        return Doc.Arr(conditions);

        Doc Condition(string type, bool isTrue, string? reason, string? message)
        {
            var status = isTrue ? "True" : "False";
            var before = Find(old, type);
            var since = before?.Text("status") == status ? before.Text("lastTransitionTime") : null;
            return Doc.Obj(
                ("type", type),
                ("status", status),
                ("lastProbeTime", Doc.Null),
                ("lastTransitionTime", since ?? ObjectMeta.Time(now)),
                ("reason", reason is null ? null : (Doc)reason),
                ("message", message is null ? null : (Doc)message));
        }
    }

    private static (bool IsReady, string? Reason, string? Message) ContainersReady(
        PodObject pod, ImmutableArray<Doc> inits, ImmutableArray<Doc> mains, string phase)
    {
        if (phase is "Succeeded" or "Failed")
        {
            return (false, phase == "Succeeded" ? "PodCompleted" : "PodFailed", null);
        }

        var (unknown, unready) = (new List<string>(), new List<string>());
        for (var i = 0; i < pod.InitContainers.Length && i < inits.Length; i++)
        {
            if (pod.InitContainers[i].IsSidecar && inits[i].Flag("ready") != true)
            {
                unready.Add(pod.InitContainers[i].Name);
            }
        }

        foreach (var container in pod.Containers)
        {
            if (Status(mains, container.Name) is not { } status)
            {
                unknown.Add(container.Name);
            }
            else if (status.Flag("ready") != true)
            {
                unready.Add(container.Name);
            }
        }

        if (unknown.Count == 0 && unready.Count == 0)
        {
            return (true, null, null);
        }

        var parts = new List<string>();
        AddPart(parts, "containers with unknown status", unknown);
        AddPart(parts, "containers with unready status", unready);
        return (false, "ContainersNotReady", string.Join(", ", parts));
    }

    private static (bool, (string? Reason, string? Message)) Initialized(
        PodObject pod, ImmutableArray<Doc> inits, ImmutableArray<Doc> mains, string phase)
    {
        var incomplete = new List<string>();
        for (var i = 0; i < pod.InitContainers.Length && i < inits.Length; i++)
        {
            var isDone = pod.InitContainers[i].IsSidecar ? inits[i].Flag("started") == true : inits[i].Flag("ready") == true;
            if (!isDone)
            {
                incomplete.Add(pod.InitContainers[i].Name);
            }
        }

        // A pod that ended well was initialized, and one whose containers have begun was, even if a sidecar restarts since.
        if (phase == "Succeeded")
        {
            return (true, ("PodCompleted", null));
        }

        if (incomplete.Count == 0 || mains.Any(status => status.At("state", "running") is not null || status.At("state", "terminated") is not null))
        {
            return (true, (null, null));
        }

        return (false, ("ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]"));
    }

    private static (bool AreMet, string? Unmet) ReadinessGates(PodObject pod, ImmutableArray<Doc> conditions)
    {
        var unmet = new List<string>();
        foreach (var gate in pod.Doc.List("spec", "readinessGates"))
        {
            var type = gate.Text("conditionType");
            var condition = conditions.FirstOrDefault(each => each.Text("type") == type);
            if (condition is null)
            {
                unmet.Add($"corresponding condition of pod readiness gate \"{type}\" does not exist.");
            }
            else if (condition.Text("status") != "True")
            {
                unmet.Add($"the status of pod readiness gate \"{type}\" is not \"True\", but {condition.Text("status")}");
            }
        }

        return (unmet.Count == 0, unmet.Count == 0 ? null : string.Join(", ", unmet));
    }

    private static void AddPart(List<string> parts, string what, List<string> names)
    {
        if (names.Count > 0)
        {
            parts.Add($"{what}: [{string.Join(' ', names)}]");
        }
    }

    private static Doc? Status(ImmutableArray<Doc> statuses, string name)
    {
        foreach (var status in statuses)
        {
            if (status.Text("name") == name)
            {
                return status;
            }
        }

        return null;
    }

    private static Doc? Find(ImmutableArray<Doc> conditions, string type)
    {
        foreach (var condition in conditions)
        {
            if (condition.Text("type") == type)
            {
                return condition;
            }
        }

        return null;
    }
}
