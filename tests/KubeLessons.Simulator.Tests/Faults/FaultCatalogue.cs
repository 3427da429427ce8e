namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>What can break on a node, in the very words that a learner would type.</summary>
internal static class FaultCatalogue
{
    private const string Kept = "/root/away";
    private const string Manifests = "/etc/kubernetes/manifests";

    private static readonly string[] Signals = ["", "-9 "];

    public static Fault Draw(SeededRandom random, string controlPlane, IReadOnlyList<string> nodes, int etcdMembers)
    {
        var node = nodes[random.Next(nodes.Count)];
        return random.Next(17) switch
        {
            0 or 1 => Unit(random, node),
            2 => Restart(random, node),
            3 or 4 => Kill(random, node, node == controlPlane),
            5 => new Fault.Typed(node, $"kill -9 $(ps -eo pid= | sed -n '{2 + random.Next(30)}p')", null),
            6 or 7 => etcdMembers > 1 && random.Next(2) == 0
                ? Away(nodes[random.Next(etcdMembers)], "etcd.yaml")
                : Manifest(random, controlPlane),
            8 => new Fault.PowerCut(node),
            9 => Power(random, node),
            10 => new Fault.PulledCable(node),
            11 => new Fault.Partition(node, nodes[(nodes.IndexOf(node) + 1 + random.Next(nodes.Count - 1)) % nodes.Count]),
            12 => Link(random, node),
            13 => Kernel(random, node),
            14 => Rule(random, node, nodes),
            15 => Maintenance(random, controlPlane, node),
            _ => Files(random, node),
        };
    }

    private static int IndexOf(this IReadOnlyList<string> nodes, string node)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i] == node)
            {
                return i;
            }
        }

        return -1;
    }

    private static Fault.Typed Unit(SeededRandom random, string node)
    {
        var unit = Pick(random, "kubelet", "kubelet", "containerd", "containerd", "ssh", "network", "NetworkManager", "kubelet containerd");
        return new Fault.Typed(node, $"systemctl stop {unit}", $"systemctl reset-failed; systemctl start {unit}");
    }

    private static Fault.Typed Restart(SeededRandom random, string node) =>
        new(node, $"systemctl restart {Pick(random, "kubelet", "containerd", "network", "ssh", "kubelet containerd")}", null);

    private static Fault.Typed Kill(SeededRandom random, string node, bool isControlPlane)
    {
        var program = isControlPlane && random.Next(2) == 0
            ? Pick(random, "kube-apiserver", "etcd", "kube-scheduler", "kube-controller", "kube-apiserver|etcd|kube-scheduler|kube-controller")
            : Pick(random, "kubelet", "containerd", "coredns", "kube-proxy", "flanneld", "nginx", "httpd", "sleep", "pause", "sshd", "containerd-shim");
        return new Fault.Typed(node, $"pkill {Signals[random.Next(Signals.Length)]}'{program}'", null);
    }

    private static Fault.Typed Manifest(SeededRandom random, string node)
    {
        var name = Pick(random, "etcd.yaml", "kube-apiserver.yaml", "kube-controller-manager.yaml", "kube-scheduler.yaml", "*.yaml");
        return random.Next(4) == 0
            ? new Fault.Typed(node, $"sed -i 's/^status: .*/status: {{}} # {random.Next(1000)}/; s/cpu: [0-9]*m/cpu: {100 + random.Next(50)}m/' {Manifests}/{name}", null)
            : Away(node, name);
    }

    private static Fault.Typed Away(string node, string name) =>
        new(node, $"mkdir -p {Kept}/manifests; mv {Manifests}/{name} {Kept}/manifests/", $"mv {Kept}/manifests/*.yaml {Manifests}/");

    private static Fault.Typed Power(SeededRandom random, string node) => random.Next(3) switch
    {
        0 => new Fault.Typed(node, "reboot", null),
        1 => new Fault.Typed(node, "shutdown -r now", null),
        _ => new Fault.Typed(node, "reboot -f", null),
    };

    private static Fault.Typed Link(SeededRandom random, string node) => random.Next(4) switch
    {
        0 => new Fault.Typed(node, "ip link set eth0 down", "systemctl restart network"),
        1 => new Fault.Typed(node, "ip link set cni0 down", "ip link set cni0 up"),
        2 => new Fault.Typed(node, "ip route del default", "systemctl restart network"),
        _ => new Fault.Typed(node, $"ip route del 172.16.{random.Next(4)}.0/24", "ip link set cni0 down; ip link set cni0 up"),
    };

    private static Fault.Typed Kernel(SeededRandom random, string node) => random.Next(3) switch
    {
        0 => new Fault.Typed(node, "modprobe -r br_netfilter", "modprobe br_netfilter; sysctl --system"),
        1 => new Fault.Typed(node, "sysctl -w net.bridge.bridge-nf-call-iptables=0", "modprobe br_netfilter; sysctl --system"),
        _ => new Fault.Typed(node, "sysctl -w net.ipv4.ip_forward=0", "modprobe br_netfilter; sysctl --system"),
    };

    private static Fault.Typed Rule(SeededRandom random, string node, IReadOnlyList<string> nodes)
    {
        var target = Pick(random, "DROP", "REJECT", "REJECT --reject-with tcp-reset");
        var chain = Pick(random, "INPUT", "FORWARD", "OUTPUT");
        var other = nodes[random.Next(nodes.Count)];
        var rule = random.Next(7) switch
        {
            0 => $"{chain} -p tcp --dport {Pick(random, "6443", "2379", "10250", "80", "53", "22")} -j {target}",
            1 => $"{chain} -p udp --dport 53 -j {target.Split(' ')[0]}",
            2 => $"{chain} -s $(getent hosts {other} | cut -d' ' -f1) -j {target.Split(' ')[0]}",
            3 => $"{chain} -d 172.16.0.0/16 -j {target.Split(' ')[0]}",
            4 => $"{chain} -p tcp --sport 6443 -j {target}",
            5 => "",
            _ => $"{chain} -j DROP",
        };
        return rule.Length > 0
            ? new Fault.Typed(node, $"iptables -I {rule}", $"iptables -D {rule}")
            : Pick(random, "nat", "filter") is "nat"
                ? new Fault.Typed(node, "iptables -t nat -F", "pkill kube-proxy; pkill flanneld")
                : new Fault.Typed(node, "iptables -P FORWARD DROP", "iptables -P FORWARD ACCEPT");
    }

    private static Fault.Typed Maintenance(SeededRandom random, string controlPlane, string node) => new(
        controlPlane,
        $"kubectl {Pick(random, "cordon", "drain --ignore-daemonsets --force --timeout=60s")} {node}",
        $"until kubectl uncordon {node}; do sleep 5; done");

    private static Fault.Typed Files(SeededRandom random, string node)
    {
        var file = Pick(random, "/etc/cni/net.d/10-flannel.conflist", "/run/flannel/subnet.env", "/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf");
        var kept = Kept + "/" + file.Replace('/', '_');

        // containerd does not heed a file of the CNI that is moved in, only one that is written.
        return new Fault.Typed(node, $"mkdir -p {Kept}; mv {file} {kept}", $"[ ! -e {kept} ] || {{ cp {kept} {file} && rm {kept}; }}");
    }

    private static string Pick(SeededRandom random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
