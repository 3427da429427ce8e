namespace KubeLessons.Simulator.Kubelet;

/// <summary>Periods of the kubelet that are nobody's setting (pkg/kubelet/kubelet.go).</summary>
internal static class KubeletTimes
{
    /// <summary>housekeepingPeriod: pods that are not wanted any more are looked for this often.</summary>
    public static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(2);
}
