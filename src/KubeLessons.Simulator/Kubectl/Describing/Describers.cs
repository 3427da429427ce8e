using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>Who describes which kind.</summary>
internal static class Describers
{
    public static Describer For(KubeResource resource) => resource.Path.GroupResource switch
    {
        "pods" => PodDescriber.Describe,
        "nodes" => NodeDescriber.Describe,
        "deployments.apps" => WorkloadDescribers.Deployment,
        "replicasets.apps" or "replicationcontrollers" => WorkloadDescribers.ReplicaSet,
        "daemonsets.apps" => WorkloadDescribers.DaemonSet,
        "statefulsets.apps" => WorkloadDescribers.StatefulSet,
        "jobs.batch" => WorkloadDescribers.Job,
        "cronjobs.batch" => WorkloadDescribers.CronJob,
        "services" => ServiceDescribers.Service,
        "endpoints" => ServiceDescribers.Endpoints,
        "endpointslices.discovery.k8s.io" => ServiceDescribers.EndpointSlice,
        "ingresses.networking.k8s.io" => ServiceDescribers.Ingress,
        "configmaps" => ConfigDescribers.ConfigMap,
        "secrets" => ConfigDescribers.Secret,
        "serviceaccounts" => ConfigDescribers.ServiceAccount,
        "namespaces" => ConfigDescribers.Namespace,
        "resourcequotas" => PolicyTables.DescribeQuota,
        "limitranges" => PolicyTables.DescribeLimitRange,
        "persistentvolumes" => StorageDescribers.Volume,
        "persistentvolumeclaims" => StorageDescribers.Claim,
        "storageclasses.storage.k8s.io" => StorageDescribers.Class,
        "roles.rbac.authorization.k8s.io" or "clusterroles.rbac.authorization.k8s.io" => PolicyDescribers.Role,
        "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io" => PolicyDescribers.Binding,
        "poddisruptionbudgets.policy" => PolicyDescribers.DisruptionBudget,
        "priorityclasses.scheduling.k8s.io" => PolicyDescribers.PriorityClass,
        _ => GenericDescriber.Describe,
    };
}
