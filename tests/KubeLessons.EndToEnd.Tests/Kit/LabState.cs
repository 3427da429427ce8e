namespace KubeLessons.EndToEnd.Tests.Kit;

/// <summary>All that a lesson could leave behind in the lab, as one text to compare.</summary>
internal static class LabState
{
    private const string OfNode =
        """
        systemctl list-units --all --type=service --plain --no-legend | awk '$1 ~ /^(kube|etcd|containerd|ssh)/ {print $1, $3}' | sort
        systemctl is-enabled kubelet kube-proxy containerd
        sysctl net.ipv4.ip_forward net.bridge 2>/dev/null
        cut -d' ' -f1 /proc/modules 2>/dev/null | sort
        iptables-save | grep -v -e '^#' -e KUBE- -e CNI- -e '^COMMIT' | sed 's/ \[[0-9:]*\]$//'
        find /etc/kubernetes -type f | sort | xargs md5sum
        ls -d /tmp/kubelessons-* 2>/dev/null
        true
        """;

    /// <summary>The nodes, and the objects by kind, namespace, name and uid.</summary>
    public static string Of(RealKit kit, bool withVersions = false)
    {
        var nodes = kit.KubectlPrints("get", "nodes", "-o", "name").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => name["node/".Length..]);
        var version = withVersions ? ",V:.metadata.resourceVersion" : "";
        return string.Concat(nodes.Select(node => $"== {node}\n{kit.On(node, OfNode)}"))
            + kit.KubectlPrints(
                "get", "pods,deployments,replicasets,services,configmaps,secrets,namespaces,serviceaccounts,daemonsets,jobs,roles,clusterroles", "-A",
                "--no-headers", "-o", $"custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid{version}")
            + kit.KubectlPrints("get", "nodes", "-o", "jsonpath={range .items[*]}{.metadata.name} {.metadata.labels} {.spec.taints} {.spec.unschedulable}{\"\\n\"}{end}");
    }

    /// <summary>Waits until the lab is as it was: nodes become Ready, and pods go away, at the pace of Kubernetes.</summary>
    public static async Task<string> SettledAsync(RealKit kit, string before, TimeSpan atMost, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + atMost;
        var now = Of(kit);
        while (now != before && DateTime.UtcNow < deadline)
        {
            await Task.Delay(1000, cancellation);
            now = Of(kit);
        }

        return now;
    }
}
