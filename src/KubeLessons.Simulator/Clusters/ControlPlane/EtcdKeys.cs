using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// Where kube-apiserver keeps an object in etcd: <c>/registry/pods/default/web</c>. Most resources stand under their plural; those
/// of the older registries have names of their own (pkg/registry: the storage prefixes), and those of the aggregator and of
/// extensions stand under their group, too.
/// </summary>
public static class EtcdKeys
{
    /// <summary>kube-apiserver --etcd-prefix.</summary>
    public const string Prefix = "/registry";

    /// <summary>The resource of what is no object of the API: keys that <c>etcdctl put</c> wrote, under their own names.</summary>
    public const string PlainResource = "#";

    public static string Of(ObjectKey key)
    {
        if (key.Resource == PlainResource)
        {
            return key.Name;
        }

        var dot = key.Resource.IndexOf('.');
        var plural = dot < 0 ? key.Resource : key.Resource[..dot];
        var group = dot < 0 ? "" : key.Resource[(dot + 1)..];
        var directory = (plural, group) switch
        {
            ("nodes", "") => "minions",
            ("services", "") => "services/specs",
            ("endpoints", "") => "services/endpoints",
            ("replicationcontrollers", "") => "controllers",
            ("ingresses", "networking.k8s.io") => "ingress",
            (_, "apiregistration.k8s.io" or "apiextensions.k8s.io") => $"{group}/{plural}",
            _ => plural,
        };
        return key.Namespace.Length == 0 ? $"{Prefix}/{directory}/{key.Name}" : $"{Prefix}/{directory}/{key.Namespace}/{key.Name}";
    }
}
