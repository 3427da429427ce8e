using System.Text.Json;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Observation;

/// <summary>
/// The cluster's own durations by Kubernetes' names: what its version ships, replaced by the flags of the running control plane (read from
/// the processes of its node) and by the kubelet's configuration (its configz endpoint, through the API server).
/// </summary>
internal static class ClusterDurations
{
    private static readonly (string Flag, string Symbol)[] Flags =
    [
        ("node-monitor-grace-period", "nodeMonitorGracePeriod"),
        ("node-monitor-period", "nodeMonitorPeriod"),
        ("node-startup-grace-period", "nodeStartupGracePeriod"),
        ("pod-eviction-timeout", "podEvictionTimeout"),
        ("default-not-ready-toleration-seconds", "defaultTolerationSeconds"),
        ("default-unreachable-toleration-seconds", "defaultTolerationSeconds"),
        ("endpointslice-updates-batch-period", "endpointUpdatesBatchPeriod"),
        ("horizontal-pod-autoscaler-sync-period", "hpaSyncPeriod"),
        ("event-ttl", "eventTTL"),
    ];

    private static readonly (string Field, string Symbol)[] KubeletFields =
    [
        ("nodeStatusUpdateFrequency", "nodeStatusUpdateFrequency"),
        ("nodeStatusReportFrequency", "nodeStatusReportFrequency"),
        ("syncFrequency", "syncFrequency"),
        ("fileCheckFrequency", "fileCheckFrequency"),
    ];

    public static async Task<IReadOnlyDictionary<string, TimeSpan>> ReadAsync(Reached reached, CancellationToken cancellation)
    {
        var durations = DurationSymbols.Upstream(reached.Version);
        var controlPlane = reached.Nodes.FirstOrDefault(node => node.Role == NodeRole.ControlPlane);
        if (controlPlane is not null && await reached.Shell.LookAsync(
                controlPlane.Address, "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep '^--[a-z-]*=' | sort -u", cancellation).ConfigureAwait(false) is { } flags)
        {
            foreach (var (flag, value) in flags.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0][2..], parts[1])))
            {
                foreach (var known in Flags.Where(known => known.Flag == flag))
                {
                    durations = Read(value) is { } span ? durations.SetItem(known.Symbol, span) : durations;
                }
            }
        }

        foreach (var worker in reached.Nodes.Where(node => node.Role == NodeRole.Worker).Take(1))
        {
            using var configuration = await ConfigzAsync(reached.Api, worker.ClusterName, cancellation).ConfigureAwait(false);
            if (configuration?.RootElement.TryGetProperty("kubeletconfig", out var kubelet) != true)
            {
                continue;
            }

            foreach (var (field, symbol) in KubeletFields)
            {
                durations = kubelet.TryGetProperty(field, out var value) && Read(value.ToString()) is { } span ? durations.SetItem(symbol, span) : durations;
            }

            if (kubelet.TryGetProperty("nodeLeaseDurationSeconds", out var lease) && lease.TryGetInt32(out var seconds))
            {
                // The kubelet renews after a quarter of the lease's duration (pkg/kubelet nodeLeaseRenewIntervalFraction).
                durations = durations.SetItem("nodeLeaseDuration", TimeSpan.FromSeconds(seconds)).SetItem("leaseRenewInterval", TimeSpan.FromSeconds(seconds / 4.0));
            }
        }

        return durations;
    }

    private static async Task<JsonDocument?> ConfigzAsync(ApiConnection api, string node, CancellationToken cancellation)
    {
        try
        {
            return await api.GetAsync($"/api/v1/nodes/{node}/proxy/configz", cancellation).ConfigureAwait(false);
        }
        catch (ApiFault)
        {
            return null;
        }
    }

    private static TimeSpan? Read(string text) =>
        int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : GoDuration.TryParse(text, out var span) && span > TimeSpan.Zero ? span
        : null;
}
