using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>A pod's status as its kubelet sees it (pkg/kubelet: generateAPIPodStatus).</summary>
internal sealed class PodStatusBuilder(World world, KubernetesVersion version, string hostAddress, ContainerStatuses containers)
{
    /// <param name="pod">The pod.</param>
    /// <param name="seen">What the runtime has of it.</param>
    /// <param name="old">Its status so far; null for a new pod.</param>
    /// <param name="isTerminal">It was stopped for good.</param>
    public Doc Build(PodObject pod, PodSeen seen, Doc? old, bool isTerminal = false)
    {
        var inits = containers.Of(pod, seen, old, isInit: true);
        var mains = containers.Of(pod, seen, old, isInit: false);
        var phase = old?.Text("phase") is "Failed" or "Succeeded" ? old.Text("phase")! : PodPhase.Of(pod, inits, mains, isTerminal);
        var sandbox = seen.ReadySandbox;
        var address = sandbox is null ? old?.Text("podIP") : pod.IsHostNetwork ? hostAddress : sandbox.Address;
        var hasAddress = !string.IsNullOrEmpty(address);
        return Doc.Obj(
            ("phase", phase),
            ("conditions", PodConditions.Of(
                pod, version, phase, sandbox is not null && (pod.IsHostNetwork || sandbox.Address.Length > 0), inits, mains, old, world.UtcNow)),
            ("message", old?["message"]),
            ("reason", old?["reason"]),
            ("nominatedNodeName", old?["nominatedNodeName"]),
            ("hostIP", hostAddress),
            ("hostIPs", version.Minor >= 29 ? Addresses(hostAddress) : null),
            ("podIP", hasAddress ? address : null),
            ("podIPs", hasAddress ? Addresses(address!) : null),
            ("startTime", old?["startTime"] ?? ObjectMeta.Time(world.UtcNow)),
            ("initContainerStatuses", inits.IsEmpty ? null : Doc.Arr(inits)),
            ("containerStatuses", Doc.Arr(mains)),
            ("qosClass", old?["qosClass"] ?? QualityOfService.Of(pod)),
            ("ephemeralContainerStatuses", pod.EphemeralContainers.IsEmpty ? null : Doc.Arr(containers.OfEphemeral(pod, seen, old))));
    }

    /// <summary>The status of a pod that was turned down or put out: Failed, with the reason; what its containers were is kept.</summary>
    public Doc Fail(PodObject pod, PodSeen seen, Doc? old, string reason, string message, bool isDisruption = false)
    {
        var failed = (old ?? Doc.Empty).With("Failed", "phase").With(reason, "reason").With(message, "message");
        if (reason == "Evicted" && version.Minor >= 26 && isDisruption)
        {
            var target = Doc.Obj(
                ("type", PodConditions.DisruptionTarget), ("status", "True"), ("lastProbeTime", Doc.Null),
                ("lastTransitionTime", ObjectMeta.Time(world.UtcNow)), ("reason", "TerminationByKubelet"), ("message", message));
            failed = failed.With(Doc.Arr(failed.List("conditions").Append(target)), "conditions");
        }

        return Build(pod, seen, failed, isTerminal: true);
    }

    /// <summary>The status of a pod that never ran here (pkg/kubelet: rejectPod): nothing is said of addresses or containers.</summary>
    public Doc Reject(PodObject pod, Doc? old, string reason, string message) => Doc.Obj(
        ("phase", "Failed"),
        ("conditions", old?["conditions"]),
        ("message", message),
        ("reason", reason),
        ("startTime", old?["startTime"] ?? ObjectMeta.Time(world.UtcNow)),
        ("qosClass", old?["qosClass"] ?? QualityOfService.Of(pod)));

    /// <summary>The version that decides what a status has.</summary>
    public KubernetesVersion Version => version;

    private static DocArray Addresses(string address) => Doc.Arr(Doc.Obj(("ip", address)));
}
