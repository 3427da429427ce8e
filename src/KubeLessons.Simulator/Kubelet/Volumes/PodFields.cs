using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>What the downward API tells a pod about itself (pkg/fieldpath, pkg/api/v1/resource).</summary>
internal sealed class PodFields(Host host, Func<PodObject, Doc?> status)
{
    /// <summary>A field by its path, such as <c>metadata.labels['app']</c>; or why it cannot be given.</summary>
    public (string? Value, string? Error) Field(PodObject pod, string path)
    {
        if (Subscript(path) is { } entry)
        {
            return (pod.Doc.Text("metadata", entry.Map, entry.Key) ?? "", null);
        }

        return path switch
        {
            "metadata.name" => (pod.Name, null),
            "metadata.namespace" => (pod.Namespace, null),
            "metadata.uid" => (pod.Uid, null),
            "metadata.labels" => (Map(pod.Doc.At("metadata", "labels")), null),
            "metadata.annotations" => (Map(pod.Doc.At("metadata", "annotations")), null),
            "spec.nodeName" => (host.Name, null),
            "spec.serviceAccountName" => (pod.Doc.Text("spec", "serviceAccountName") ?? "", null),
            "status.hostIP" or "status.hostIPs" => (host.Address, null),
            "status.podIP" or "status.podIPs" => (PodAddress(pod), null),
            _ => (null, $"unsupported fieldPath: {path}"),
        };
    }

    /// <summary>A container's request or limit in units of the divisor; without a limit, the node's allocatable.</summary>
    public (string? Value, string? Error) Resource(PodObject pod, ContainerSpec? self, Doc reference)
    {
        var container = reference.Text("containerName") is { Length: > 0 } name ? pod.Container(name) : self;
        var path = (reference.Text("resource") ?? "").Split('.');
        if (container is null || path is not [("requests" or "limits") and var kind, .. { Length: > 0 } rest])
        {
            return (null, $"unsupported container resource: {reference.Text("resource")}");
        }

        var resource = string.Join('.', rest);
        var amount = Read(container.Doc.At("resources", kind, resource)) ?? Fallback(kind, resource, container);
        var divisor = Read(reference["divisor"]) is { IsZero: false } set ? set : Quantity.FromWhole(1);
        var value = resource == "cpu"
            ? Math.Ceiling(amount.MilliValue / (decimal)divisor.MilliValue)
            : Math.Ceiling(amount.Value / (decimal)Math.Max(1, divisor.Value));
        return (((long)value).ToString(CultureInfo.InvariantCulture), null);
    }

    private Quantity Fallback(string kind, string resource, ContainerSpec container) => (kind, resource) switch
    {
        ("requests", _) => Read(container.Doc.At("resources", "limits", resource)) ?? Quantity.FromWhole(0),
        (_, "cpu") => Quantity.FromWhole(host.Machine.Cpus),
        (_, "memory") => Quantity.FromBytes((host.Machine.MemoryKiB - Node.NodeDescription.ReservedMemoryKiB) * 1024),
        _ => Quantity.FromWhole(0),
    };

    private static Quantity? Read(Doc? value) => value is null ? null : Quantity.TryParse(value.AsText ?? value.ToString());

    private string PodAddress(PodObject pod) => pod.IsHostNetwork ? host.Address : status(pod)?.Text("podIP") ?? "";

    private static (string Map, string Key)? Subscript(string path)
    {
        foreach (var map in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            var prefix = $"metadata.{map}['";
            if (path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal))
            {
                return (map, path[prefix.Length..^2]);
            }
        }

        return null;
    }

    // One line an entry, quoted as Go's %q does it.
    private static string Map(Doc? map) => string.Join('\n', (map?.Fields ?? [])
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}={Doc.Arr(entry.Value).ToString()[1..^1]}"));
}
