using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>What a pod's sandbox is asked for with: host name, DNS, labels, published ports.</summary>
internal sealed class SandboxConfigs(Host host, KubeletSettings settings)
{
    /// <summary>A host name has at most this many characters (pkg/kubelet: truncatePodHostnameIfNeeded).</summary>
    private const int MaxHostname = 63;

    public SandboxConfig Make(PodObject pod, int attempt) => new(pod.Name, pod.Namespace, pod.Uid, attempt)
    {
        Hostname = Hostname(pod),
        HostNetwork = pod.IsHostNetwork,
        SharesProcesses = pod.Doc.Flag("spec", "shareProcessNamespace") == true,
        HostProcesses = pod.Doc.Flag("spec", "hostPID") == true,
        ResolvConf = ResolvConf(pod),
        LogDirectory = KubeletPaths.LogsOf(pod),
        Labels = Labels(pod),
        Annotations = Texts(pod.Doc.At("metadata", "annotations")),
        PortMappings = Ports(pod),
    };

    public string Hostname(PodObject pod)
    {
        if (pod.IsHostNetwork)
        {
            return host.Name;
        }

        var name = pod.Doc.Text("spec", "hostname") is { Length: > 0 } set ? set : pod.Name;
        return name.Length <= MaxHostname ? name : name[..MaxHostname].TrimEnd('-', '.');
    }

    /// <summary>The fully qualified name of a pod with a subdomain; "" for others.</summary>
    public string Domain(PodObject pod) =>
        pod.Doc.Text("spec", "subdomain") is { Length: > 0 } sub ? $"{sub}.{pod.Namespace}.svc.{settings.ClusterDomain}" : "";

    private string ResolvConf(PodObject pod)
    {
        var policy = pod.Doc.Text("spec", "dnsPolicy") ?? "ClusterFirst";
        var own = host.Files.Read("/etc/resolv.conf") ?? "";
        if (policy == "Default" || (policy == "ClusterFirst" && pod.IsHostNetwork))
        {
            return WithDnsConfig(pod, own);
        }

        if (policy == "None")
        {
            return WithDnsConfig(pod, "");
        }

        var search = own.Split('\n')
            .Where(line => line.StartsWith("search ", StringComparison.Ordinal))
            .SelectMany(line => line[7..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var domains = new[] { $"{pod.Namespace}.svc.{settings.ClusterDomain}", $"svc.{settings.ClusterDomain}", settings.ClusterDomain }.Concat(search);
        return WithDnsConfig(
            pod, $"search {string.Join(' ', domains)}\n{string.Concat(settings.ClusterDns.Select(server => $"nameserver {server}\n"))}options ndots:5\n");
    }

    private static string WithDnsConfig(PodObject pod, string conf)
    {
        if (pod.Doc.At("spec", "dnsConfig") is not { } config)
        {
            return conf;
        }

        var lines = conf.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        lines.AddRange(config.List("nameservers").Select(server => "nameserver " + server.AsText));
        Extend(lines, "search", [.. config.List("searches").Select(domain => domain.AsText ?? "")]);
        Extend(lines, "options", [.. config.List("options").Select(option =>
            option.Text("value") is { } value ? $"{option.Text("name")}:{value}" : option.Text("name") ?? "")]);
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static void Extend(List<string> lines, string keyword, ImmutableArray<string> words)
    {
        if (words.IsEmpty)
        {
            return;
        }

        var at = lines.FindIndex(line => line.StartsWith(keyword + " ", StringComparison.Ordinal));
        if (at < 0)
        {
            lines.Add($"{keyword} {string.Join(' ', words)}");
            return;
        }

        // An option given again replaces the one of the same name.
        var kept = lines[at].Split(' ').Skip(1).Where(word => !words.Any(other => other.Split(':')[0] == word.Split(':')[0]));
        lines[at] = $"{keyword} {string.Join(' ', kept.Concat(words))}";
    }

    private static ImmutableDictionary<string, string> Labels(PodObject pod) => Texts(pod.Doc.At("metadata", "labels"))
        .SetItem("io.kubernetes.pod.name", pod.Name)
        .SetItem("io.kubernetes.pod.namespace", pod.Namespace)
        .SetItem("io.kubernetes.pod.uid", pod.Uid);

    private static ImmutableDictionary<string, string> Texts(Doc? map)
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map?.Fields ?? [])
        {
            texts[key] = value.AsText ?? "";
        }

        return texts.ToImmutable();
    }

    private static ImmutableArray<PortMapping> Ports(PodObject pod) =>
    [
        .. pod.Containers
            .SelectMany(container => container.Doc.List("ports"))
            .Where(port => port.Int("hostPort") is > 0)
            .Select(port => new PortMapping(
                port.Text("protocol") ?? "TCP", (int)(port.Int("containerPort") ?? 0), (int)port.Int("hostPort")!, port.Text("hostIP") ?? "")),
    ];
}
