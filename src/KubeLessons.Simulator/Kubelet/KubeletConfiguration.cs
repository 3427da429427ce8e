using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>
/// Reads a kubelet's settings from its command line and from the file that <c>--config</c> names (KubeletConfiguration v1beta1).
/// What neither says has its default.
/// </summary>
internal static class KubeletConfiguration
{
    /// <summary>The settings, or why the kubelet cannot start, in its own words.</summary>
    public static (KubeletSettings? Settings, string? Error) Read(Process self, KubeletSettings defaults)
    {
        var settings = defaults;
        var path = Flag(self, "--config");
        if (path is not null)
        {
            if (self.Files.Read(path) is not { } text)
            {
                return (null, $"failed to load kubelet config file, path: {path}, error: failed to read kubelet config file \"{path}\", error: open {path}: no such file or directory");
            }

            if (!DocYaml.TryParse(text, out var file, out var error) || file is not DocObject)
            {
                return (null, $"failed to load kubelet config file, path: {path}, error: failed to decode, error: {error ?? "no object"}");
            }

            settings = WithFile(settings, file);
        }

        return (WithFlags(self, settings), null);
    }

    private static KubeletSettings WithFile(KubeletSettings settings, Doc file) => settings with
    {
        StaticPodPath = file.Text("staticPodPath") ?? settings.StaticPodPath,
        ClusterDomain = file.Text("clusterDomain") ?? settings.ClusterDomain,
        ClusterDns = file["clusterDNS"] is { } servers ? [.. servers.Items.Select(server => server.AsText ?? "")] : settings.ClusterDns,
        MaxPods = (int)(file.Int("maxPods") is > 0 and var pods ? pods : settings.MaxPods),
        EvictionHard = file["evictionHard"] is { } hard
            ? hard.Fields.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.AsText ?? entry.Value.ToString(), StringComparer.Ordinal)
            : settings.EvictionHard,
        PressureTransitionPeriod = GoDuration.Parse(file.Text("evictionPressureTransitionPeriod")) is { Ticks: > 0 } period ? period : settings.PressureTransitionPeriod,
        ImageGcHighPercent = (int)(file.Int("imageGCHighThresholdPercent") ?? settings.ImageGcHighPercent),
        ImageGcLowPercent = (int)(file.Int("imageGCLowThresholdPercent") ?? settings.ImageGcLowPercent),
        ContainerLogMaxSize = file["containerLogMaxSize"] is { } size && Quantity.TryParse(size.AsText ?? size.ToString()) is { } bytes ? bytes.Value : settings.ContainerLogMaxSize,
        ContainerLogMaxFiles = (int)(file.Int("containerLogMaxFiles") is > 1 and var kept ? kept : settings.ContainerLogMaxFiles),
        RegisterWithTaints = file["registerWithTaints"] is { } taints
            ? [.. taints.Items.Select(taint => $"{taint.Text("key")}={taint.Text("value")}:{taint.Text("effect")}")]
            : settings.RegisterWithTaints,
    };

    private static KubeletSettings WithFlags(Process self, KubeletSettings settings)
    {
        var labels = settings.NodeLabels;
        foreach (var label in List(Flag(self, "--node-labels")))
        {
            var equals = label.IndexOf('=');
            labels = labels.SetItem(equals < 0 ? label : label[..equals], equals < 0 ? "" : label[(equals + 1)..]);
        }

        var taints = List(Flag(self, "--register-with-taints"));
        return settings with
        {
            KubeconfigPath = Flag(self, "--kubeconfig") ?? settings.KubeconfigPath,
            StaticPodPath = Flag(self, "--pod-manifest-path") ?? settings.StaticPodPath,
            NodeLabels = labels,
            RegisterWithTaints = taints.IsEmpty ? settings.RegisterWithTaints : taints,
            MaxPods = int.TryParse(Flag(self, "--max-pods"), out var pods) ? pods : settings.MaxPods,
        };
    }

    private static ImmutableArray<string> List(string? text) => text is null ? [] : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    // Both --name=value and --name value; the last one counts.
    private static string? Flag(Process self, string name)
    {
        string? value = null;
        var arguments = self.Arguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == name && i + 1 < arguments.Length)
            {
                value = arguments[i + 1];
            }
            else if (arguments[i].StartsWith(name + "=", StringComparison.Ordinal))
            {
                value = arguments[i][(name.Length + 1)..];
            }
        }

        return value;
    }
}
