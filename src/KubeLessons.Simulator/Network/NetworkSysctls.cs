using System.Globalization;

namespace KubeLessons.Simulator.Network;

/// <summary>
/// The net.* part of /proc/sys of one namespace, with Linux' defaults. The net.bridge.* keys exist only while br_netfilter
/// is loaded, and the conntrack keys are always there. Values are kept as text, as `sysctl` prints them.
/// </summary>
public sealed class NetworkSysctls
{
    public const string IpForward = "net.ipv4.ip_forward";
    public const string BridgeCallsIptables = "net.bridge.bridge-nf-call-iptables";

    private const string BridgePrefix = "net.bridge.";
    private const string InterfacePrefix = "net.ipv4.conf.";

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Func<string, bool> isModuleLoaded;

    internal NetworkSysctls(Func<string, bool> isModuleLoaded)
    {
        this.isModuleLoaded = isModuleLoaded;
        Reset();
    }

    internal Action Touched { get; init; } = static () => { };

    /// <summary>The keys that exist now, sorted as `sysctl -a` sorts them.</summary>
    public IEnumerable<string> Names => values.Keys.Where(Exists).Order(StringComparer.Ordinal);

    /// <summary>The value, or null when there is no such key ("No such file or directory").</summary>
    public string? Get(string name) => Exists(name) && values.TryGetValue(name, out var value) ? value : null;

    /// <summary>False when there is no such key, or when the text is no number for it ("Invalid argument").</summary>
    public bool TrySet(string name, string value)
    {
        value = value.Trim();
        if (!Takes(name, value))
            return false;
        if (name is IpForward or InterfacePrefix + "all.forwarding")
            SetForwarding(value);
        else
            values[name] = value;
        Touched();
        return true;
    }

    /// <summary>Whether there is such a key and this text is a value for it.</summary>
    public bool Takes(string name, string value) => Get(name) is { } now && (!IsNumber(now) || IsNumber(value.Trim()));

    /// <summary>Puts every key back to its default: what a boot does.</summary>
    public void Reset()
    {
        values.Clear();
        values[IpForward] = "0";
        values["net.ipv4.ip_local_port_range"] = "32768\t60999";
        values["net.ipv4.ip_default_ttl"] = "64";
        values["net.ipv4.tcp_syn_retries"] = "6";
        values["net.ipv4.icmp_echo_ignore_all"] = "0";
        ResetBridge();
        foreach (var (name, seconds) in ConntrackTimeouts)
            values[name] = seconds;
        values["net.netfilter.nf_conntrack_max"] = "262144";
        values["net.netfilter.nf_conntrack_tcp_loose"] = "1";
        values["net.netfilter.nf_conntrack_tcp_be_liberal"] = "0";
        AddInterface("all");
        AddInterface("default");
    }

    /// <summary>Unloading br_netfilter forgets its settings: they are 1 again when it comes back.</summary>
    public void ResetBridge()
    {
        values["net.bridge.bridge-nf-call-arptables"] = "1";
        values["net.bridge.bridge-nf-call-ip6tables"] = "1";
        values[BridgeCallsIptables] = "1";
        values["net.bridge.bridge-nf-filter-pppoe-tagged"] = "0";
        values["net.bridge.bridge-nf-filter-vlan-tagged"] = "0";
        values["net.bridge.bridge-nf-pass-vlan-input-dev"] = "0";
        Touched?.Invoke();
    }

    internal bool Flag(string name) => Get(name) is { } value && value != "0";

    internal int Number(string name, int otherwise) =>
        int.TryParse(Get(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>The larger of the setting for all interfaces and that for one, which is how most of them combine.</summary>
    internal int ForInterface(NetworkInterface device, string setting) => Math.Max(
        Number(InterfacePrefix + "all." + setting, 0), Number(InterfacePrefix + device.Name + "." + setting, 0));

    internal void AddInterface(string name)
    {
        foreach (var setting in InterfaceSettings)
        {
            var value = name is "all" or "default" ? setting is "send_redirects" or "accept_redirects" ? "1" : "0"
                : values[InterfacePrefix + "default." + setting];
            values[InterfacePrefix + name + "." + setting] = value;
        }
        if (values[IpForward] != "0")
            values[InterfacePrefix + name + ".forwarding"] = values[IpForward];
    }

    internal void RemoveInterface(string name)
    {
        foreach (var setting in InterfaceSettings)
            values.Remove(InterfacePrefix + name + "." + setting);
    }

    private static readonly string[] InterfaceSettings =
        ["accept_local", "accept_redirects", "arp_ignore", "forwarding", "proxy_arp", "route_localnet", "rp_filter", "send_redirects"];

    private static readonly (string Name, string Seconds)[] ConntrackTimeouts =
    [
        ("net.netfilter.nf_conntrack_generic_timeout", "600"),
        ("net.netfilter.nf_conntrack_icmp_timeout", "30"),
        ("net.netfilter.nf_conntrack_tcp_timeout_close", "10"),
        ("net.netfilter.nf_conntrack_tcp_timeout_close_wait", "60"),
        ("net.netfilter.nf_conntrack_tcp_timeout_established", "432000"),
        ("net.netfilter.nf_conntrack_tcp_timeout_fin_wait", "120"),
        ("net.netfilter.nf_conntrack_tcp_timeout_last_ack", "30"),
        ("net.netfilter.nf_conntrack_tcp_timeout_syn_recv", "60"),
        ("net.netfilter.nf_conntrack_tcp_timeout_syn_sent", "120"),
        ("net.netfilter.nf_conntrack_tcp_timeout_time_wait", "120"),
        ("net.netfilter.nf_conntrack_udp_timeout", "30"),
        ("net.netfilter.nf_conntrack_udp_timeout_stream", "120"),
    ];

    private bool Exists(string name) => !name.StartsWith(BridgePrefix, StringComparison.Ordinal) || isModuleLoaded("br_netfilter");

    private void SetForwarding(string value)
    {
        values[IpForward] = value;
        foreach (var name in values.Keys.Where(key => key.StartsWith(InterfacePrefix, StringComparison.Ordinal) &&
            key.EndsWith(".forwarding", StringComparison.Ordinal)).ToList())
            values[name] = value;
    }

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);
}
