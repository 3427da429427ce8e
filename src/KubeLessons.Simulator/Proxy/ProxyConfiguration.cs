using System.Globalization;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// What kube-proxy takes from the file that <c>--config</c> names (KubeProxyConfiguration v1alpha1) and from its command line.
/// What neither says, or sets to zero, has its default.
/// </summary>
internal sealed record ProxyConfiguration
{
    public string Kubeconfig { get; init; } = "";

    /// <summary>The node's name (--hostname-override), by which it knows endpoints of its own node.</summary>
    public string NodeName { get; init; } = "";

    public Ipv4Prefix? ClusterCidr { get; init; }

    public bool MasqueradeAll { get; init; }

    /// <summary>iptables.masqueradeBit, default 14: the mark 0x4000.</summary>
    public int MasqueradeBit { get; init; } = 14;

    /// <summary>iptables.localhostNodePorts, default true.</summary>
    public bool LocalhostNodePorts { get; init; } = true;

    /// <summary>At least this long between two writes (iptables.minSyncPeriod, default 1 s).</summary>
    public TimeSpan MinSyncPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it looks whether somebody flushed the tables, and when it tries again after a failure (iptables.syncPeriod, default 30 s).</summary>
    public TimeSpan SyncPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>healthzBindAddress' port, default 10256.</summary>
    public int HealthzPort { get; init; } = 10256;

    /// <summary>metricsBindAddress, default 127.0.0.1:10249.</summary>
    public (string Address, int Port) Metrics { get; init; } = ("127.0.0.1", 10249);

    /// <summary>The configuration, or why kube-proxy cannot start, in its own words.</summary>
    public static (ProxyConfiguration? Configuration, string? Error) Read(Process self)
    {
        Doc file = Doc.Empty;
        if (Flags.Value(self, "--config") is { } path)
        {
            if (self.Files.Read(path) is not { } text)
            {
                return (null, $"failed complete: open {path}: no such file or directory");
            }

            if (!DocYaml.TryParse(text, out var read, out var error) || read is not DocObject)
            {
                return (null, $"failed complete: {error ?? "no object"}");
            }

            file = read;
        }

        var mode = file.Text("mode") ?? "";
        return mode is "" or "iptables"
            ? (Of(self, file), null)
            : (null, $"failed validate: KubeProxyConfiguration.Mode: Invalid value: \"{mode}\": must be iptables or blank (blank means the best-available proxy [currently iptables])");
    }

    private static ProxyConfiguration Of(Process self, Doc file)
    {
        var defaults = new ProxyConfiguration();
        return new ProxyConfiguration
        {
            Kubeconfig = Flags.Value(self, "--kubeconfig") ?? file.Text("clientConnection", "kubeconfig") ?? "",
            NodeName = Flags.Value(self, "--hostname-override") ?? (file.Text("hostnameOverride") is { Length: > 0 } name ? name : self.Host.Name),
            ClusterCidr = Ipv4Prefix.TryParse((Flags.Value(self, "--cluster-cidr") ?? file.Text("clusterCIDR") ?? "").Split(',')[0], out var cidr) ? cidr : null,
            MasqueradeAll = file.Flag("iptables", "masqueradeAll") ?? false,
            MasqueradeBit = (int)(file.Int("iptables", "masqueradeBit") ?? defaults.MasqueradeBit),
            LocalhostNodePorts = file.Flag("iptables", "localhostNodePorts") ?? true,
            MinSyncPeriod = Duration(file.Text("iptables", "minSyncPeriod")) ?? defaults.MinSyncPeriod,
            SyncPeriod = Duration(file.Text("iptables", "syncPeriod")) ?? defaults.SyncPeriod,
            HealthzPort = Address(file.Text("healthzBindAddress"))?.Port ?? defaults.HealthzPort,
            Metrics = Address(file.Text("metricsBindAddress")) ?? defaults.Metrics,
        };
    }

    // metav1.Duration's usual forms; zero stands for the default.
    private static TimeSpan? Duration(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var (unit, number) = text switch
        {
            [.., 'm', 's'] => (TimeSpan.FromMilliseconds(1), text[..^2]),
            [.., 's'] => (TimeSpan.FromSeconds(1), text[..^1]),
            [.., 'm'] => (TimeSpan.FromMinutes(1), text[..^1]),
            [.., 'h'] => (TimeSpan.FromHours(1), text[..^1]),
            _ => (TimeSpan.Zero, text),
        };
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && unit * count is var duration && duration > TimeSpan.Zero
            ? duration
            : null;
    }

    private static (string Address, int Port)? Address(string? text) =>
        text?.LastIndexOf(':') is >= 0 and var colon && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port)
            : null;
}
