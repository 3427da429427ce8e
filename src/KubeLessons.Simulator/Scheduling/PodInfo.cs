using System.Collections.Immutable;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>A pod with what the scheduler reads of it again and again.</summary>
internal sealed class PodInfo
{
    public PodInfo(Doc pod)
    {
        Pod = pod;
        Key = pod.Key();
        Priority = pod.Int("spec", "priority") ?? 0;
        Requests = PodRequests.Of(pod, withDefaults: false);
        ScoringRequests = PodRequests.Of(pod, withDefaults: true);
        Tolerations = pod.List("spec", "tolerations");
        HostPorts = [.. HostPort.Of(pod)];
        HasAffinity = pod.At("spec", "affinity") is not null;
    }

    public Doc Pod { get; }

    public ObjectName Key { get; }

    public long Priority { get; }

    public ResourceAmounts Requests { get; }

    /// <summary>The requests with a little for containers that ask for nothing.</summary>
    public ResourceAmounts ScoringRequests { get; }

    public ImmutableArray<Doc> Tolerations { get; }

    public ImmutableArray<HostPort> HostPorts { get; }

    /// <summary>It says something about the neighbours that it wants, or does not want.</summary>
    public bool HasAffinity { get; }
}

/// <summary>A port of the node that a pod wants for itself.</summary>
internal readonly record struct HostPort(string Address, string Protocol, long Port)
{
    public static IEnumerable<HostPort> Of(Doc pod)
    {
        foreach (var container in pod.List("spec", "containers"))
        {
            foreach (var port in container.List("ports"))
            {
                if (port.Int("hostPort") is { } number and > 0)
                {
                    var address = port.Text("hostIP") is { Length: > 0 } its ? its : "0.0.0.0";
                    yield return new HostPort(address, port.Text("protocol") ?? "TCP", number);
                }
            }
        }
    }

    /// <summary>The same port and protocol, on addresses that overlap.</summary>
    public bool ConflictsWith(HostPort other) =>
        Port == other.Port
        && Protocol == other.Protocol
        && (Address == other.Address || Address == "0.0.0.0" || other.Address == "0.0.0.0");
}
