using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>The programs that images contain but that other parts of the simulator write.</summary>
public sealed record ImagePrograms
{
    /// <summary>Installs a shell and the everyday commands.</summary>
    public Action<ProgramTable> Shell { get; init; } = static _ => { };

    /// <summary>The cluster's own components by the name of their command: kube-apiserver, etcd, coredns, kube-proxy, flanneld…</summary>
    public ImmutableDictionary<string, ProgramMain> Components { get; init; } = ImmutableDictionary<string, ProgramMain>.Empty;
}
