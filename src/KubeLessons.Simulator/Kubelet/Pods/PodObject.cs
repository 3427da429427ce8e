using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Where a kubelet learned of a pod.</summary>
internal enum PodSource
{
    Api,

    /// <summary>A manifest in the static pod folder.</summary>
    File,
}

/// <summary>A container of a pod's specification, with what is asked for often.</summary>
internal sealed class ContainerSpec
{
    public ContainerSpec(Doc doc, bool isInit, string podRestartPolicy, bool isEphemeral = false)
    {
        (Doc, IsInit) = (doc, isInit);
        IsEphemeral = isEphemeral;
        Name = doc.Text("name") ?? "";
        Image = doc.Text("image") ?? "";
        IsSidecar = isInit && doc.Text("restartPolicy") == "Always";
        RestartPolicy = isEphemeral ? "Never" : IsSidecar ? "Always" : isInit && podRestartPolicy == "Always" ? "OnFailure" : podRestartPolicy;
    }

    public Doc Doc { get; }

    public string Name { get; }

    public string Image { get; }

    public bool IsInit { get; }

    /// <summary>It was added to the running pod, to look into it; it is started once.</summary>
    public bool IsEphemeral { get; }

    /// <summary>An init container that goes on running (restartPolicy Always, since 1.29).</summary>
    public bool IsSidecar { get; }

    /// <summary>Always, OnFailure or Never; an init container of a pod that always restarts is started again only after a failure.</summary>
    public string RestartPolicy { get; }

    public string? ImagePullPolicy => Doc.Text("imagePullPolicy");

    /// <summary>As an event's involvedObject names a part of a pod.</summary>
    public string FieldPath => $"spec.{(IsEphemeral ? "ephemeralContainers" : IsInit ? "initContainers" : "containers")}{{{Name}}}";
}

/// <summary>A pod as the kubelet was told of it: the document, and what is asked of it often. Immutable.</summary>
internal sealed class PodObject
{
    public PodObject(Doc doc, PodSource source)
    {
        (Doc, Source) = (doc, source);
        Uid = doc.Text("metadata", "uid") ?? "";
        Name = doc.Text("metadata", "name") ?? "";
        Namespace = doc.Text("metadata", "namespace") ?? "";
        RestartPolicy = doc.Text("spec", "restartPolicy") ?? "Always";
        IsHostNetwork = doc.Flag("spec", "hostNetwork") == true;
        InitContainers = [.. doc.List("spec", "initContainers").Select(spec => new ContainerSpec(spec, true, RestartPolicy))];
        Containers = [.. doc.List("spec", "containers").Select(spec => new ContainerSpec(spec, false, RestartPolicy))];
        EphemeralContainers = [.. doc.List("spec", "ephemeralContainers").Select(spec => new ContainerSpec(spec, false, RestartPolicy, isEphemeral: true))];
    }

    public Doc Doc { get; }

    public PodSource Source { get; }

    public string Uid { get; }

    public string Name { get; }

    public string Namespace { get; }

    public string RestartPolicy { get; }

    public bool IsHostNetwork { get; }

    public ImmutableArray<ContainerSpec> InitContainers { get; }

    public ImmutableArray<ContainerSpec> Containers { get; }

    public ImmutableArray<ContainerSpec> EphemeralContainers { get; }

    public bool IsStatic => Source == PodSource.File;

    /// <summary>It is never put out: static pods, and those from system-cluster-critical upwards (pkg/kubelet/types: IsCriticalPod).</summary>
    public bool IsCritical => IsStatic || Doc.Int("spec", "priority") >= 2_000_000_000;

    /// <summary>The API's picture of some kubelet's static pod.</summary>
    public bool IsMirror => Doc.Text("metadata", "annotations", StaticPods.MirrorAnnotation) is not null;

    public bool IsBeingDeleted => Doc.At("metadata", "deletionTimestamp") is { IsNull: false };

    /// <summary>Succeeded and Failed pods have ended for good.</summary>
    public bool HasEnded => Doc.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>Between TERM and KILL: what the deletion says, else the specification (default 30 s).</summary>
    public TimeSpan GracePeriod => TimeSpan.FromSeconds(
        Doc.Int("metadata", "deletionGracePeriodSeconds") ?? Doc.Int("spec", "terminationGracePeriodSeconds") ?? 30);

    /// <summary>As kubelet's messages name it: <c>name_namespace(uid)</c> (pkg/kubelet/util/format).</summary>
    public string LogName => $"{Name}_{Namespace}({Uid})";

    public ContainerSpec? Container(string name)
    {
        foreach (var container in Containers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }

        foreach (var container in InitContainers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }

        foreach (var container in EphemeralContainers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }

        return null;
    }
}
