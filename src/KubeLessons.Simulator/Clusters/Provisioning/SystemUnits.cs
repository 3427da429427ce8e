using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Clusters.Provisioning;

/// <summary>The unit files of a lab machine: what Debian's, containerd's and Kubernetes' packages install.</summary>
internal static class SystemUnits
{
    private const string Directory = "/lib/systemd/system/";

    /// <summary>Installs the units that every machine has and switches on those that are on.</summary>
    public static void InstallBase(FileSystem files)
    {
        foreach (var (name, text, isEnabled) in Base)
        {
            Install(files, name, text, isEnabled);
        }
    }

    /// <summary>Installs containerd and the kubelet.</summary>
    public static void InstallNode(FileSystem files)
    {
        Install(files, "containerd", Containerd, isEnabled: true);
        Install(files, "kubelet", Kubelet, isEnabled: true);
        files.Write("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", KubeletDropIn);
    }

    private static void Install(FileSystem files, string name, string text, bool isEnabled)
    {
        files.Write($"{Directory}{name}.service", text);
        foreach (var line in text.Split('\n'))
        {
            // Not only what wants it is a link: so is each other name of an enabled unit.
            if (isEnabled && line.StartsWith("WantedBy=", StringComparison.Ordinal))
            {
                files.Link($"/etc/systemd/system/{line["WantedBy=".Length..]}.wants/{name}.service", $"{Directory}{name}.service");
            }
            else if (isEnabled && line.StartsWith("Alias=", StringComparison.Ordinal))
            {
                foreach (var alias in line["Alias=".Length..].Split(' '))
                {
                    files.Link("/etc/systemd/system/" + alias, $"{Directory}{name}.service");
                }
            }
        }
    }

    private const string Containerd = """
        [Unit]
        Description=containerd container runtime
        Documentation=https://containerd.io
        After=network.target local-fs.target network.service

        [Service]
        ExecStart=/usr/bin/containerd
        Type=notify
        Delegate=yes
        KillMode=process
        Restart=always
        RestartSec=5

        [Install]
        WantedBy=multi-user.target
        """;

    private const string Kubelet = """
        [Unit]
        Description=kubelet: The Kubernetes Node Agent
        Documentation=https://kubernetes.io/docs/
        Wants=network-online.target
        After=network-online.target network.service containerd.service

        [Service]
        ExecStart=/usr/bin/kubelet
        Restart=always
        StartLimitInterval=0
        RestartSec=10

        [Install]
        WantedBy=multi-user.target
        """;

    private const string KubeletDropIn = """
        # Note: This dropin only works with kubeadm and kubelet v1.11+
        [Service]
        Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
        Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
        # This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
        EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
        # This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
        # the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
        EnvironmentFile=-/etc/default/kubelet
        ExecStart=
        ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
        """;

    private static readonly ImmutableArray<(string Name, string Text, bool IsEnabled)> Base =
    [
        ("systemd-modules-load", OneShot("Load Kernel Modules", "man:systemd-modules-load.service(8) man:modules-load.d(5)", "/lib/systemd/systemd-modules-load", ""), true),
        ("systemd-sysctl", OneShot("Apply Kernel Variables", "man:systemd-sysctl.service(8) man:sysctl.d(5)", "/lib/systemd/systemd-sysctl", "systemd-modules-load.service"), true),
        ("systemd-journald", Daemon("Journal Service", "man:systemd-journald.service(8) man:journald.conf(5)", "/lib/systemd/systemd-journald", "Restart=always\nRestartSec=0"), true),
        ("network", """
            [Unit]
            Description=Raise network interfaces
            Documentation=man:interfaces(5)
            After=systemd-sysctl.service

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/sbin/ifup -a --read-environment
            ExecStop=/sbin/ifdown -a --read-environment --exclude=lo
            TimeoutStopSec=5min

            [Install]
            WantedBy=multi-user.target
            Alias=networking.service NetworkManager.service
            """, true),
        ("ssh", """
            [Unit]
            Description=OpenBSD Secure Shell server
            Documentation=man:sshd(8) man:sshd_config(5)
            After=network.target network.service

            [Service]
            ExecStart=/usr/sbin/sshd -D
            KillMode=process
            Restart=on-failure
            Type=notify

            [Install]
            WantedBy=multi-user.target
            Alias=sshd.service
            """, true),
        ("chronyd", Daemon("chrony, an NTP client/server", "man:chronyd(8) man:chronyc(1) man:chrony.conf(5)", "/usr/sbin/chronyd -F 1", "Type=notify"), true),
        ("crond", Daemon("Regular background program processing daemon", "man:cron(8)", "/usr/sbin/crond -f", "KillMode=process\nRestart=on-failure"), true),
        ("firewalld", Daemon("firewalld - dynamic firewall daemon", "man:firewalld(1)", "/usr/sbin/firewalld --nofork --nopid", "KillMode=mixed"), false),
    ];

    private static string OneShot(string description, string documentation, string command, string after) =>
        $"[Unit]\nDescription={description}\nDocumentation={documentation}\nAfter={after}\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart={command}\n\n[Install]\nWantedBy=sysinit.target\n";

    private static string Daemon(string description, string documentation, string command, string more) =>
        $"[Unit]\nDescription={description}\nDocumentation={documentation}\nAfter=network.target network.service\n\n[Service]\nExecStart={command}\n{more}\n\n[Install]\nWantedBy=multi-user.target\n";
}
