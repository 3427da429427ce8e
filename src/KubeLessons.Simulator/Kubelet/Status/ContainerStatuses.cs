using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>What a container's status says about readiness, which the probes decide.</summary>
internal interface IContainerReadiness
{
    /// <summary>The startup probe has succeeded, or there is none and the container runs.</summary>
    bool HasStarted(PodObject pod, ContainerSpec container, Container running);

    /// <summary>The readiness probe succeeds, or there is none.</summary>
    bool IsReady(PodObject pod, ContainerSpec container, Container running);
}

/// <summary>Turns what the runtime has of a pod's containers into <c>containerStatuses</c> (pkg/kubelet: convertToAPIContainerStatuses).</summary>
internal sealed class ContainerStatuses(KubernetesVersion version, WaitingReasons reasons, IContainerReadiness readiness)
{
    private const string NeverStarted = "1970-01-01T00:00:00Z";

    public ImmutableArray<Doc> Of(PodObject pod, PodSeen seen, Doc? oldStatus, bool isInit) => isInit
        ? Of(pod, seen, oldStatus, pod.InitContainers, "initContainerStatuses", isInit)
        : Of(pod, seen, oldStatus, pod.Containers, "containerStatuses", isInit);

    public ImmutableArray<Doc> OfEphemeral(PodObject pod, PodSeen seen, Doc? oldStatus) =>
        Of(pod, seen, oldStatus, pod.EphemeralContainers, "ephemeralContainerStatuses", isInit: false);

    private ImmutableArray<Doc> Of(PodObject pod, PodSeen seen, Doc? oldStatus, ImmutableArray<ContainerSpec> specs, string field, bool isInit)
    {
        var old = oldStatus?.List(field) ?? [];
        var statuses = ImmutableArray.CreateBuilder<Doc>(specs.Length);
        foreach (var spec in isInit ? specs.AsEnumerable() : specs.OrderBy(each => each.Name, StringComparer.Ordinal))
        {
            statuses.Add(Of(pod, spec, seen, Find(old, spec.Name)));
        }

        return statuses.MoveToImmutable();
    }

    /// <summary>Whether the next sync would start it (pkg/kubelet/container: ShouldContainerBeRestarted).</summary>
    public static bool ShouldBeRestarted(ContainerSpec container, PodSeen seen) => seen.Newest(container.Name) switch
    {
        null => true,
        { State: ContainerState.Running } => false,
        { State: ContainerState.Created } => true,
        var ended => container.RestartPolicy switch
        {
            "Never" => false,
            "OnFailure" => ended.Container.ExitCode != 0,
            _ => true,
        },
    };

    private Doc Of(PodObject pod, ContainerSpec spec, PodSeen seen, Doc? old)
    {
        var newest = seen.Newest(spec.Name);
        var previous = seen.Previous(spec.Name);
        var state = newest is null ? Missing(pod, spec, old) : State(pod, spec, newest);
        var last = LastState(spec, state, newest, previous, old);
        if (ShouldBeRestarted(spec, seen) && !pod.IsBeingDeleted && reasons.Get(pod.Uid, spec.Name) is { } why)
        {
            last = state["terminated"] is { } ended ? Doc.Obj(("terminated", ended)) : last;
            state = Doc.Obj(("waiting", Waiting(why)));
        }

        var running = newest is { State: ContainerState.Running } ? newest.Container : null;
        var hasStarted = running is not null && readiness.HasStarted(pod, spec, running);
        var isReady = hasStarted && readiness.IsReady(pod, spec, running!);
        if (spec.IsEphemeral)
        {
            (isReady, hasStarted) = (false, false);
        }

        if (spec is { IsInit: true, IsSidecar: false })
        {
            isReady = newest is { State: ContainerState.Exited, Container.ExitCode: 0 };
            hasStarted = false;
        }

        var image = newest?.Container.Image;
        return Doc.Obj(
            ("name", spec.Name),
            ("state", state),
            ("lastState", last),
            ("ready", isReady),
            ("restartCount", newest?.Container.Config.Attempt ?? (int)(old?.Int("restartCount") ?? 0)),
            ("image", image?.Reference.ToString() ?? spec.Image),
            ("imageID", image?.RepoDigest ?? ""),
            ("containerID", newest is null ? null : "containerd://" + newest.Container.Id),
            ("started", spec.IsEphemeral ? null : hasStarted),
            ("resources", version.Minor >= 33 && !spec.IsEphemeral ? spec.Doc["resources"] ?? Doc.Empty : null),
            ("volumeMounts", version.Minor >= 31 ? Mounts(spec) : null));
    }

    private static Doc LastState(ContainerSpec spec, Doc state, ContainerSeen? newest, ContainerSeen? previous, Doc? old)
    {
        if (previous is { State: ContainerState.Exited })
        {
            return Terminated(spec, previous.Container);
        }

        if (newest is not null)
        {
            return newest.Container.Config.Attempt > 0 ? old?["lastState"] ?? Doc.Empty : Doc.Empty;
        }

        return old?.At("state", "terminated") is { } ended && state["waiting"] is not null
            ? Doc.Obj(("terminated", ended))
            : old?["lastState"] ?? Doc.Empty;
    }

    // A container that the runtime does not have: not made yet, or (after it was cleaned away) ended without a trace.
    private static Doc Missing(PodObject pod, ContainerSpec spec, Doc? old)
    {
        if (old?.At("state", "terminated") is { } ended && !WouldRestart(spec, ended))
        {
            return Doc.Obj(("terminated", ended));
        }

        if (old?.At("state", "running") is not null)
        {
            return Doc.Obj(("terminated", Doc.Obj(
                ("exitCode", 137),
                ("reason", "ContainerStatusUnknown"),
                ("message", "The container could not be located when the pod was terminated"),
                ("startedAt", Doc.Null),
                ("finishedAt", Doc.Null))));
        }

        return Doc.Obj(("waiting", Doc.Obj(
            ("reason", !pod.InitContainers.IsEmpty && !(spec.IsInit && spec == pod.InitContainers[0]) ? "PodInitializing" : "ContainerCreating"))));
    }

    private static bool WouldRestart(ContainerSpec spec, Doc ended) => spec.RestartPolicy switch
    {
        "Never" => false,
        "OnFailure" => ended.Int("exitCode") != 0,
        _ => true,
    };

    private static DocObject State(PodObject pod, ContainerSpec spec, ContainerSeen seen) => seen.State switch
    {
        ContainerState.Running => Doc.Obj(("running", Doc.Obj(("startedAt", ObjectMeta.Time(seen.Container.StartedAt!.Value))))),
        ContainerState.Exited => Terminated(spec, seen.Container),
        _ => Doc.Obj(("waiting", Doc.Obj(("reason", pod.InitContainers.IsEmpty || spec.IsInit ? "ContainerCreating" : "PodInitializing")))),
    };

    private static DocObject Terminated(ContainerSpec spec, Container container) => Doc.Obj(("terminated", Doc.Obj(
        ("exitCode", container.ExitCode),
        ("reason", container.Reason),
        ("message", Message(spec, container) is { Length: > 0 } message ? message : null),
        ("startedAt", container.StartedAt is { } started ? ObjectMeta.Time(started) : NeverStarted),
        ("finishedAt", ObjectMeta.Time(container.FinishedAt!.Value)),
        ("containerID", "containerd://" + container.Id))));

    // The termination message: what the container left in its file, or, when it is told to, the end of the log of a failure.
    private static string Message(ContainerSpec spec, Container container)
    {
        const int MaxBytes = 4096;
        const int MaxLogLines = 80;
        const int MaxLogBytes = 2048;
        var path = spec.Doc.Text("terminationMessagePath") is { Length: > 0 } set ? set : "/dev/termination-log";
        var text = container.Files.Read(path) ?? "";
        if (text.Length == 0 && container.ExitCode != 0 && spec.Doc.Text("terminationMessagePolicy") == "FallbackToLogsOnError")
        {
            var lines = container.Log.Lines;
            text = string.Concat(lines[Math.Max(0, lines.Length - MaxLogLines)..].ToArray().Select(line => line.Text + "\n"));
            text = text.Length > MaxLogBytes ? text[^MaxLogBytes..] : text;
        }

        return text.Length == 0 ? container.Message : text.Length > MaxBytes ? text[..MaxBytes] : text;
    }

    private static DocObject Waiting(WaitingReason why) =>
        Doc.Obj(("reason", why.Reason), ("message", why.Message.Length > 0 ? why.Message : null));

    private static DocArray? Mounts(ContainerSpec spec)
    {
        var mounts = spec.Doc.List("volumeMounts");
        return mounts.IsEmpty ? null : Doc.Arr(mounts.Select(mount => (Doc)Doc.Obj(
            ("name", mount["name"]),
            ("mountPath", mount["mountPath"]),
            ("readOnly", mount.Flag("readOnly") == true ? true : null),
            ("recursiveReadOnly", mount.Flag("readOnly") == true ? "Disabled" : null))));
    }

    private static Doc? Find(ImmutableArray<Doc> statuses, string name)
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
}
