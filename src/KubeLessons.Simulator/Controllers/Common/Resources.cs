using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The resources that controllers and the scheduler work on.</summary>
internal static class Resources
{
    public static readonly ResourcePath Pods = ResourcePath.Core("pods");
    public static readonly ResourcePath Nodes = ResourcePath.Core("nodes");
    public static readonly ResourcePath Events = ResourcePath.Core("events");
    public static readonly ResourcePath Services = ResourcePath.Core("services");
    public static readonly ResourcePath Endpoints = ResourcePath.Core("endpoints");
    public static readonly ResourcePath Namespaces = ResourcePath.Core("namespaces");
    public static readonly ResourcePath ConfigMaps = ResourcePath.Core("configmaps");
    public static readonly ResourcePath Secrets = ResourcePath.Core("secrets");
    public static readonly ResourcePath ServiceAccounts = ResourcePath.Core("serviceaccounts");
    public static readonly ResourcePath PersistentVolumeClaims = ResourcePath.Core("persistentvolumeclaims");
    public static readonly ResourcePath PersistentVolumes = ResourcePath.Core("persistentvolumes");
    public static readonly ResourcePath ReplicationControllers = ResourcePath.Core("replicationcontrollers");
    public static readonly ResourcePath ReplicaSets = new("apps", "v1", "replicasets");
    public static readonly ResourcePath Deployments = new("apps", "v1", "deployments");
    public static readonly ResourcePath DaemonSets = new("apps", "v1", "daemonsets");
    public static readonly ResourcePath StatefulSets = new("apps", "v1", "statefulsets");
    public static readonly ResourcePath ControllerRevisions = new("apps", "v1", "controllerrevisions");
    public static readonly ResourcePath Jobs = new("batch", "v1", "jobs");
    public static readonly ResourcePath Leases = new("coordination.k8s.io", "v1", "leases");
    public static readonly ResourcePath PriorityClasses = new("scheduling.k8s.io", "v1", "priorityclasses");

    /// <summary>Stable since 1.21.</summary>
    public static ResourcePath CronJobsIn(KubernetesVersion version) => new("batch", version.Minor >= 21 ? "v1" : "v1beta1", "cronjobs");

    /// <summary>Stable since 1.21.</summary>
    public static ResourcePath EndpointSlicesIn(KubernetesVersion version) =>
        new("discovery.k8s.io", version.Minor >= 21 ? "v1" : "v1beta1", "endpointslices");

    /// <summary>Stable since 1.21.</summary>
    public static ResourcePath PodDisruptionBudgetsIn(KubernetesVersion version) =>
        new("policy", version.Minor >= 21 ? "v1" : "v1beta1", "poddisruptionbudgets");
}
