using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>The programs that images contain but that other parts of the simulator write.</summary>
public sealed record ImagePrograms
{
    /// <summary>Installs the shell and the everyday commands of a Debian image.</summary>
    public Action<ProgramTable> Debian { get; init; } = CoreCommands.AddTo;

    /// <summary>Installs those of busybox.</summary>
    public Action<ProgramTable> Busybox { get; init; } = BusyboxCommands.AddTo;

    /// <summary>The cluster's own components by the name of their command: kube-apiserver, etcd, coredns, kube-proxy, flanneld…</summary>
    public ImmutableDictionary<string, ProgramMain> Components { get; init; } = ImmutableDictionary<string, ProgramMain>.Empty;
}
