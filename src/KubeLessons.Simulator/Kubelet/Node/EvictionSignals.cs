using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>How much of a resource is free on a node, and how much is to be; in bytes.</summary>
/// <param name="Name">Such as <c>nodefs.available</c>.</param>
/// <param name="Resource">What it is called in messages: <c>memory</c> or <c>ephemeral-storage</c>.</param>
internal sealed record EvictionSignal(string Name, string Resource, long Available, long Threshold)
{
    /// <summary>Less is free than is to be.</summary>
    public bool IsMet => Available < Threshold;
}

/// <summary>Measures what evictionHard speaks of (pkg/kubelet/eviction: makeSignalObservations).</summary>
internal sealed class EvictionSignals(Host host, KubeletSettings settings)
{
    /// <summary>In the order in which they are dealt with: memory first.</summary>
    public IEnumerable<EvictionSignal> Look()
    {
        var memory = host.Machine.MemoryKiB * 1024;
        yield return Of("memory.available", "memory", memory - ProcessUsage.UsedMemory(host), memory);

        // The images lie on the same disk as all else.
        var (disk, free) = (host.Machine.DiskKiB * 1024, DiskUse.FreeKiB(host) * 1024);
        yield return Of("imagefs.available", "ephemeral-storage", free, disk);
        yield return Of("nodefs.available", "ephemeral-storage", free, disk);
    }

    private EvictionSignal Of(string name, string resource, long available, long capacity)
    {
        var least = settings.EvictionHard.GetValueOrDefault(name) ?? "0";
        var threshold = least.EndsWith('%') && double.TryParse(least.AsSpan(0, least.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
            ? (long)(capacity * (float)(percent / 100))
            : Quantity.TryParse(least)?.Value ?? 0;
        return new EvictionSignal(name, resource, available / 1024 * 1024, threshold);
    }
}
