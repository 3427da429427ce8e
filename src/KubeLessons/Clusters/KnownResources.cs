using System.Collections.Frozen;

namespace KubeLessons.Clusters;

/// <summary>A resource as learners and lessons name it.</summary>
/// <param name="Id">Its plural with its group, as in <see cref="ObjectId.Resource"/>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="IsNamespaced">Whether its objects live in a namespace.</param>
public sealed record KnownResource(string Id, string Kind, bool IsNamespaced);

/// <summary>
/// The names of Kubernetes' own resources in conditions (plural, singular, kind, short name), as kubectl understands them
/// (source: kubectl api-resources of 1.33). A name with a dot that is not here is taken as plural.group.
/// </summary>
public static class KnownResources
{
    private static readonly (string Id, string Kind, bool Namespaced, string ShortNames)[] Rows =
    [
        ("pods", "Pod", true, "po"),
        ("nodes", "Node", false, "no"),
        ("namespaces", "Namespace", false, "ns"),
        ("services", "Service", true, "svc"),
        ("endpoints", "Endpoints", true, "ep"),
        ("events", "Event", true, "ev"),
        ("configmaps", "ConfigMap", true, "cm"),
        ("secrets", "Secret", true, ""),
        ("serviceaccounts", "ServiceAccount", true, "sa"),
        ("replicationcontrollers", "ReplicationController", true, "rc"),
        ("persistentvolumes", "PersistentVolume", false, "pv"),
        ("persistentvolumeclaims", "PersistentVolumeClaim", true, "pvc"),
        ("resourcequotas", "ResourceQuota", true, "quota"),
        ("limitranges", "LimitRange", true, "limits"),
        ("deployments.apps", "Deployment", true, "deploy"),
        ("replicasets.apps", "ReplicaSet", true, "rs"),
        ("daemonsets.apps", "DaemonSet", true, "ds"),
        ("statefulsets.apps", "StatefulSet", true, "sts"),
        ("controllerrevisions.apps", "ControllerRevision", true, ""),
        ("jobs.batch", "Job", true, ""),
        ("cronjobs.batch", "CronJob", true, "cj"),
        ("leases.coordination.k8s.io", "Lease", true, ""),
        ("endpointslices.discovery.k8s.io", "EndpointSlice", true, ""),
        ("ingresses.networking.k8s.io", "Ingress", true, "ing"),
        ("networkpolicies.networking.k8s.io", "NetworkPolicy", true, "netpol"),
        ("poddisruptionbudgets.policy", "PodDisruptionBudget", true, "pdb"),
        ("priorityclasses.scheduling.k8s.io", "PriorityClass", false, "pc"),
        ("storageclasses.storage.k8s.io", "StorageClass", false, "sc"),
        ("roles.rbac.authorization.k8s.io", "Role", true, ""),
        ("rolebindings.rbac.authorization.k8s.io", "RoleBinding", true, ""),
        ("clusterroles.rbac.authorization.k8s.io", "ClusterRole", false, ""),
        ("clusterrolebindings.rbac.authorization.k8s.io", "ClusterRoleBinding", false, ""),
        ("horizontalpodautoscalers.autoscaling", "HorizontalPodAutoscaler", true, "hpa"),
        ("certificatesigningrequests.certificates.k8s.io", "CertificateSigningRequest", false, "csr"),
    ];

    private static readonly FrozenDictionary<string, KnownResource> ByName = Index();

    /// <summary>All names that are understood.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The resource of a name; null when it is none of Kubernetes' own and has no dot.</summary>
    public static KnownResource? Find(string name) =>
        ByName.TryGetValue(name.ToLowerInvariant(), out var known) ? known
        : name.Contains('.') ? new KnownResource(name, name, IsNamespaced: true)
        : null;

    private static FrozenDictionary<string, KnownResource> Index()
    {
        var index = new Dictionary<string, KnownResource>(StringComparer.Ordinal);
        foreach (var (id, kind, namespaced, shortName) in Rows)
        {
            var resource = new KnownResource(id, kind, namespaced);
            foreach (var name in new[] { id, id.Split('.')[0], kind.ToLowerInvariant(), shortName })
            {
                if (name.Length > 0)
                {
                    index.TryAdd(name, resource);
                }
            }
        }

        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
