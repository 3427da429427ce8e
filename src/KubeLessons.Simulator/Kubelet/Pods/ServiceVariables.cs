using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>The environment variables that tell a pod of the Services in its namespace (pkg/kubelet/envvars).</summary>
internal static class ServiceVariables
{
    /// <summary>
    /// The variables of the Services that a pod is told of: all of its namespace (<paramref name="links"/>), and always
    /// <c>kubernetes</c> in <c>default</c>, over which one of that name in the pod's own namespace wins.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<Doc> services, string ns, bool links)
    {
        var chosen = new SortedDictionary<string, Doc>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            var (name, where) = (service.Text("metadata", "name") ?? "", service.Text("metadata", "namespace"));
            if (service.Text("spec", "clusterIP") is null or "" or "None")
            {
                continue;
            }

            var isMaster = where == "default" && name == "kubernetes";
            if ((where == ns && links) || (isMaster && !chosen.ContainsKey(name)))
            {
                chosen[name] = service;
            }
        }

        return chosen.Values.SelectMany(Variables);
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(Doc service)
    {
        var prefix = (service.Text("metadata", "name") ?? "").ToUpperInvariant().Replace('-', '_');
        var address = service.Text("spec", "clusterIP")!;
        var ports = service.List("spec", "ports");
        if (ports.IsEmpty)
        {
            yield break;
        }

        yield return KeyValuePair.Create(prefix + "_SERVICE_HOST", address);
        yield return KeyValuePair.Create(prefix + "_SERVICE_PORT", Number(ports[0]));
        foreach (var port in ports)
        {
            if (port.Text("name") is { Length: > 0 } name)
            {
                yield return KeyValuePair.Create($"{prefix}_SERVICE_PORT_{name.ToUpperInvariant().Replace('-', '_')}", Number(port));
            }
        }

        var isFirst = true;
        foreach (var port in ports)
        {
            var protocol = port.Text("protocol") ?? "TCP";
            var url = $"{protocol.ToLowerInvariant()}://{address}:{Number(port)}";
            if (isFirst)
            {
                yield return KeyValuePair.Create(prefix + "_PORT", url);
                isFirst = false;
            }

            var link = $"{prefix}_PORT_{Number(port)}_{protocol}";
            yield return KeyValuePair.Create(link, url);
            yield return KeyValuePair.Create(link + "_PROTO", protocol.ToLowerInvariant());
            yield return KeyValuePair.Create(link + "_PORT", Number(port));
            yield return KeyValuePair.Create(link + "_ADDR", address);
        }
    }

    private static string Number(Doc port) => port["port"]?.ToString() ?? "";
}
