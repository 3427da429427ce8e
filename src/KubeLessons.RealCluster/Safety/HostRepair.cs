using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Safety;

/// <summary>
/// Says what puts a node back: pure, from what it was like, what it is like, and the commands that ran there. Only what those commands
/// speak of is touched; everything else that changed in the meantime is somebody else's.
/// </summary>
internal static class HostRepair
{
    // In the order in which they need each other. They are put back also where no command names them: a killed process names no unit.
    private static readonly string[] Components =
        ["containerd", "crio", "docker", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

    /// <summary>The commands of the shell that undo, in order; none where nothing is left to undo.</summary>
    public static IReadOnlyList<string> Between(HostState before, HostState now, string commands)
    {
        var words = new SpokenOf(commands);
        return
        [
            .. Modules(before, now, words),
            .. Sysctls(before, now, words),
            .. words.Has("ip") || words.Has("ifconfig") || words.Has("route") || words.Has("nmcli") ? Network(before, now) : [],
            .. words.Has("iptables") || words.Has("nft") || words.Has("iptables-restore") ? IptablesRepair.Between(before.Iptables, now.Iptables) : [],
            .. UnitFiles(before, now, words),
            .. Units(before, now, words),
        ];
    }

    private static IEnumerable<string> Modules(HostState before, HostState now, SpokenOf words) =>
        before.Modules.Except(now.Modules).Where(words.HasModule).Select(module => $"modprobe {module}")
            .Concat(now.Modules.Except(before.Modules).Where(words.HasModule).Select(module => $"modprobe -r {module}"));

    private static IEnumerable<string> Sysctls(HostState before, HostState now, SpokenOf words) =>
        before.Sysctls
            .Where(setting => now.Sysctls.TryGetValue(setting.Key, out var value) && value != setting.Value && words.HasSysctl(setting.Key))
            .Select(setting => $"sysctl -w {SshAccess.Quote($"{setting.Key}={setting.Value}")}");

    private static IEnumerable<string> Network(HostState before, HostState now) =>
        before.Links.Except(now.Links).Where(link => !IsOfPods(link)).Select(link => $"ip link set {link} up")
            .Concat(before.Routes.Except(now.Routes).Where(route => !route.Contains("cni", StringComparison.Ordinal)).Select(route => $"ip route replace {route}"));

    private static bool IsOfPods(string link) =>
        link.StartsWith("veth", StringComparison.Ordinal) || link.StartsWith("cali", StringComparison.Ordinal) || link.StartsWith("lxc", StringComparison.Ordinal);

    private static IEnumerable<string> UnitFiles(HostState before, HostState now, SpokenOf words)
    {
        foreach (var (unit, state) in before.UnitFiles)
        {
            var current = now.UnitFiles.GetValueOrDefault(unit, state);
            if (current == state || !IsOurs(unit, words))
            {
                continue;
            }

            if (current.StartsWith("masked", StringComparison.Ordinal))
            {
                yield return $"systemctl unmask {unit}";
            }

            yield return state switch
            {
                "enabled" => $"systemctl enable {unit}",
                "disabled" => $"systemctl disable {unit}",
                "masked" => $"systemctl mask {unit}",
                _ => "systemctl daemon-reload",
            };
        }
    }

    private static IEnumerable<string> Units(HostState before, HostState now, SpokenOf words)
    {
        var changed = before.Units.Where(unit => now.Units.GetValueOrDefault(unit.Key, "inactive") != unit.Value && IsOurs(unit.Key, words))
            .OrderBy(unit => Array.IndexOf(Components, Bare(unit.Key)) is >= 0 and var order ? order : Components.Length)
            .ToList();
        foreach (var (unit, state) in changed)
        {
            if (state is "active" or "activating" or "reloading")
            {
                // A unit that failed too often is not started again before its counter is reset.
                yield return $"systemctl reset-failed {unit} 2>/dev/null; systemctl start {unit}";
            }
            else if (now.Units.GetValueOrDefault(unit) is "active" or "activating")
            {
                yield return $"systemctl stop {unit}";
            }
        }
    }

    private static bool IsOurs(string unit, SpokenOf words) => Components.Contains(Bare(unit)) || words.Has(Bare(unit));

    private static string Bare(string unit) => unit.LastIndexOf('.') is > 0 and var dot ? unit[..dot] : unit;
}
