using System.Collections.Immutable;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>A container in the state that it was in when the kubelet last looked.</summary>
internal sealed record ContainerSeen(Container Container, ContainerState State)
{
    public string Name => Container.Config.Name;
}

/// <summary>A sandbox in the state that it was in when the kubelet last looked.</summary>
internal sealed record SandboxSeen(PodSandbox Sandbox, SandboxState State);

/// <summary>What the runtime had of a pod when the kubelet last looked; the newest first.</summary>
internal sealed record PodSeen(ImmutableArray<SandboxSeen> Sandboxes, ImmutableArray<ContainerSeen> Containers)
{
    public static PodSeen Nothing { get; } = new([], []);

    public bool IsEmpty => Sandboxes.IsEmpty && Containers.IsEmpty;

    /// <summary>The sandbox that is in use: the newest, when it is ready.</summary>
    public PodSandbox? ReadySandbox => Sandboxes is [{ State: SandboxState.Ready } newest, ..] ? newest.Sandbox : null;

    public bool HasRunningContainers
    {
        get
        {
            foreach (var container in Containers)
            {
                if (container.State == ContainerState.Running)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The newest container of a name; null when there was none yet.</summary>
    public ContainerSeen? Newest(string name)
    {
        foreach (var container in Containers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }

        return null;
    }

    /// <summary>The container of a name before the newest.</summary>
    public ContainerSeen? Previous(string name)
    {
        var isFirst = true;
        foreach (var container in Containers)
        {
            if (container.Name == name)
            {
                if (!isFirst)
                {
                    return container;
                }

                isFirst = false;
            }
        }

        return null;
    }

    public bool Equals(PodSeen? other) =>
        other is not null && Sandboxes.AsSpan().SequenceEqual(other.Sandboxes.AsSpan()) && Containers.AsSpan().SequenceEqual(other.Containers.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Sandboxes.Length, Containers.Length);
}
