using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.Provisioning;

/// <summary>What lies on a lab machine's disk before it is switched on for the first time.</summary>
internal static class NodeDisk
{
    /// <summary>A machine of the lab, whatever it is for.</summary>
    public static void WriteBase(Host host, ClusterSpec spec)
    {
        var files = host.Files;
        foreach (var directory in (ReadOnlySpan<string>)["/bin", "/boot", "/dev", "/home", "/mnt", "/opt", "/proc", "/root", "/run", "/srv", "/sys", "/tmp", "/usr/bin", "/usr/local/bin", "/var/log", "/var/tmp"])
        {
            files.MakeDirectories(directory);
        }

        files.SetMode("/tmp", 0b1_111_111_111);
        files.SetMode("/root", 0b111_000_000);
        files.Write("/etc/hostname", host.Name + "\n");
        files.Write("/etc/machine-id", host.Machine.MachineId + "\n");
        files.Write("/etc/hosts", Hosts(spec));
        files.Write("/etc/resolv.conf", $"nameserver {host.Lan.Gateway}\n");
        files.Write("/etc/os-release", OsRelease);
        files.Write("/etc/debian_version", "12.11\n");
        files.Write("/etc/passwd", Passwd);
        files.Write("/etc/group", "root:x:0:\ndaemon:x:1:\nsys:x:3:\nnogroup:x:65534:\n");
        files.Write("/etc/shells", "/bin/sh\n/bin/bash\n");
        files.Write("/etc/fstab", "UUID=3f1a6c52-8d0e-4b7d-9a51-0c0f5c1d2b6e / ext4 errors=remount-ro 0 1\n");
        files.Write("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n\nPort 22\nPermitRootLogin yes\nUsePAM yes\nX11Forwarding yes\nSubsystem sftp /usr/lib/openssh/sftp-server\n");
        files.Write("/etc/network/interfaces", Interfaces(host));
        files.Write("/etc/sysctl.conf", "# /etc/sysctl.conf - Configuration file for setting system variables\n");
        files.Write("/root/.bashrc", "# ~/.bashrc: executed by bash(1) for non-login shells.\n");
        files.Write("/root/.profile", "# ~/.profile: executed by Bourne-compatible login shells.\n");
        SystemUnits.InstallBase(files);
        foreach (var path in (ReadOnlySpan<string>)["/usr/sbin/sshd", "/usr/sbin/chronyd", "/usr/sbin/crond", "/usr/sbin/firewalld", "/sbin/ifup", "/sbin/ifdown",
            "/lib/systemd/systemd-journald", "/lib/systemd/systemd-modules-load", "/lib/systemd/systemd-sysctl", "/usr/bin/kubectl"])
        {
            WriteBinary(files, path);
        }
    }

    /// <summary>What the textbook's preparation, containerd and kubeadm add on a node of the cluster.</summary>
    public static void WriteNode(Host host, ClusterSpec spec)
    {
        var files = host.Files;
        files.Write("/etc/modules-load.d/k8s.conf", "overlay\nbr_netfilter\n");
        files.Write("/etc/sysctl.d/k8s.conf", "net.bridge.bridge-nf-call-iptables  = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\nnet.ipv4.ip_forward                 = 1\n");
        files.Write("/etc/containerd/config.toml", ContainerdConfig(spec.Version));
        files.Write("/etc/crictl.yaml", "runtime-endpoint: unix:///run/containerd/containerd.sock\nimage-endpoint: unix:///run/containerd/containerd.sock\ntimeout: 10\ndebug: false\n");
        files.Write("/etc/default/kubelet", "KUBELET_EXTRA_ARGS=\n");
        files.Write("/var/lib/kubelet/config.yaml", KubeletConfig(spec.Version));
        files.Write("/var/lib/kubelet/kubeadm-flags.env",
            $"KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint=unix:///run/containerd/containerd.sock --node-ip={host.Address} --pod-infra-container-image={new ComponentImages(spec.Version).Pause}\"\n");
        files.MakeDirectories("/etc/cni/net.d");
        files.MakeDirectories("/etc/kubernetes/manifests");
        SystemUnits.InstallNode(files);
        foreach (var path in (ReadOnlySpan<string>)["/usr/bin/kubelet", "/usr/bin/kubeadm", "/usr/bin/containerd", "/usr/bin/crictl", "/usr/bin/ctr", "/opt/cni/bin/bridge", "/opt/cni/bin/host-local", "/opt/cni/bin/loopback", "/opt/cni/bin/portmap"])
        {
            WriteBinary(files, path);
        }
    }

    // What an executable looks like to someone who prints it: the beginning of an ELF file.
    private static void WriteBinary(FileSystem files, string path) => files.Write(path, "\u007fELF\u0002\u0001\u0001\0", 0b111_101_101);

    private static string Hosts(ClusterSpec spec)
    {
        var text = new System.Text.StringBuilder("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
        foreach (var node in spec.Nodes)
        {
            text.Append($"{spec.AddressOf(node)} {node}\n");
        }

        return text.ToString();
    }

    private static string Interfaces(Host host) => $"""
        source /etc/network/interfaces.d/*

        auto lo
        iface lo inet loopback

        auto eth0
        iface eth0 inet static
            address {host.Address}/24
            gateway {host.Lan.Gateway}

        """;

    private const string OsRelease = """
        PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
        NAME="Debian GNU/Linux"
        VERSION_ID="12"
        VERSION="12 (bookworm)"
        VERSION_CODENAME=bookworm
        ID=debian
        HOME_URL="https://www.debian.org/"
        SUPPORT_URL="https://www.debian.org/support"
        BUG_REPORT_URL="https://bugs.debian.org/"

        """;

    private const string Passwd = """
        root:x:0:0:root:/root:/bin/bash
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        sshd:x:102:65534::/run/sshd:/usr/sbin/nologin
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

        """;

    private static string ContainerdConfig(KubernetesVersion version) => $"""
        version = 2
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "{new ComponentImages(version).Pause}"
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/opt/cni/bin"
            conf_dir = "/etc/cni/net.d"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
              SystemdCgroup = true

        """;

    private static string KubeletConfig(KubernetesVersion version) => $"""
        apiVersion: kubelet.config.k8s.io/v1beta1
        authentication:
          anonymous:
            enabled: false
          webhook:
            cacheTTL: 0s
            enabled: true
          x509:
            clientCAFile: /etc/kubernetes/pki/ca.crt
        authorization:
          mode: Webhook
          webhook:
            cacheAuthorizedTTL: 0s
            cacheUnauthorizedTTL: 0s
        cgroupDriver: systemd
        clusterDNS:
        - 10.96.0.10
        clusterDomain: cluster.local
        {(version.Minor >= 28 ? "containerRuntimeEndpoint: \"\"\n" : "")}cpuManagerReconcilePeriod: 0s
        evictionPressureTransitionPeriod: 0s
        fileCheckFrequency: 0s
        healthzBindAddress: 127.0.0.1
        healthzPort: 10248
        httpCheckFrequency: 0s
        imageMinimumGCAge: 0s
        kind: KubeletConfiguration
        logging:
          flushFrequency: 0
          options:
            json:
              infoBufferSize: "0"
          verbosity: 0
        memorySwap: {"{}"}
        nodeStatusReportFrequency: 0s
        nodeStatusUpdateFrequency: 0s
        rotateCertificates: true
        runtimeRequestTimeout: 0s
        shutdownGracePeriod: 0s
        shutdownGracePeriodCriticalPods: 0s
        staticPodPath: /etc/kubernetes/manifests
        streamingConnectionIdleTimeout: 0s
        syncFrequency: 0s
        volumeStatsAggPeriod: 0s

        """;
}
