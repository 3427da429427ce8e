using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>What <c>kubectl version</c> says of itself. The words that kubectl uses are those of 1.33, whatever it calls itself.</summary>
internal sealed record KubectlVersion(KubernetesVersion Kubernetes)
{
    /// <summary>The kustomize that each kubectl has built in.</summary>
    public string Kustomize => Kubernetes.Minor switch
    {
        <= 26 => "v4.5.7",
        27 => "v5.0.1",
        <= 30 => "v5.0.4-0.20230601165947-6ce0bf390ce3",
        31 => "v5.4.2",
        32 => "v5.5.0",
        33 => "v5.6.0",
        _ => "v5.7.1",
    };
}
