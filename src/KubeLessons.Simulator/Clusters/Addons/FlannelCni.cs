using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Clusters.Addons;

/// <summary>
/// The flannel CNI plugin of a node: it hands over to the bridge plugin with the subnet that flanneld has written into
/// <see cref="Flanneld.SubnetFile"/>. Without that file, or without a configuration in /etc/cni/net.d, there are no pod networks.
/// </summary>
internal static class FlannelCni
{
    public const string ConfigurationDirectory = "/etc/cni/net.d";

    public static CniPlugin Of(Host host)
    {
        HostLocalAddresses? addresses = null;
        var isConfigured = IsConfigured(host.Files);
        host.Files.Changed += path =>
        {
            if (path.StartsWith(ConfigurationDirectory + "/", StringComparison.Ordinal) && IsHeardOf(host, path))
            {
                isConfigured = IsConfigured(host.Files);
            }
        };
        return PortMapPlugin.Behind(new CniPlugin
        {
            Load = () => isConfigured = IsConfigured(host.Files),
            Fault = () => isConfigured ? null : "cni plugin not initialized",
            Attach = sandbox =>
            {
                if (Subnet(host.Files) is not { } subnet)
                {
                    return new CniResult(null, null,
                        $"plugin type=\"flannel\" failed (add): loadFlannelSubnetEnv failed: open {Flanneld.SubnetFile}: no such file or directory");
                }

                if (addresses?.PodCidr != subnet)
                {
                    addresses = new HostLocalAddresses(subnet);
                }

                return Bridge().Attach(sandbox);
            },
            Detach = sandbox =>
            {
                if (addresses is not null)
                {
                    Bridge().Detach(sandbox);
                }
            },
        }, host, () => ForwardingNetwork(host.Files));

        CniPlugin Bridge() => BridgePlugin.Of(host, addresses!, () => null);
    }

    // The network's name when its configuration, the first in the directory, lists the portmap plugin.
    private static string? ForwardingNetwork(FileSystem files)
    {
        foreach (var name in files.List(ConfigurationDirectory))
        {
            if (name.EndsWith(".conflist", StringComparison.Ordinal) && DocYaml.TryParse(files.Read($"{ConfigurationDirectory}/{name}") ?? "", out var list, out _))
            {
                return list!.List("plugins").Any(plugin => plugin.Text("type") == "portmap") ? list.Text("name") : null;
            }
        }

        return null;
    }

    // containerd heeds writes, removals and files that are moved away, but not the mere appearance of a file (its syncer of the CNI
    // configuration leaves out fsnotify's Create): one that is moved back counts from the next write, or containerd's next start.
    private static bool IsHeardOf(Host host, string path) => host.Files.FindNoFollow(path) is not { } file || file.Modified == host.World.UtcNow;

    private static bool IsConfigured(FileSystem files)
    {
        foreach (var name in files.List(ConfigurationDirectory))
        {
            if (name.EndsWith(".conflist", StringComparison.Ordinal) || name.EndsWith(".conf", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Ipv4Prefix? Subnet(FileSystem files)
    {
        foreach (var line in (files.Read(Flanneld.SubnetFile) ?? "").Split('\n'))
        {
            if (line.StartsWith("FLANNEL_SUBNET=", StringComparison.Ordinal)
                && Ipv4Prefix.TryParse(line.AsSpan("FLANNEL_SUBNET=".Length).Trim(), out var gateway))
            {
                return gateway.Network;
            }
        }

        return null;
    }
}
