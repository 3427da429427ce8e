using KubeLessons.Simulator.Api.Rules;
using KubeLessons.Simulator.Api.Rules.Policy;
using KubeLessons.Simulator.Api.Rules.Services;
using KubeLessons.Simulator.Api.Rules.Settings;
using KubeLessons.Simulator.Api.Rules.Workloads;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>Which kinds have rules of their own.</summary>
internal static class RuleTable
{
    public static KindRules For(string group, string plural) => (group, plural) switch
    {
        ("", "configmaps") => new ConfigMapRules(),
        ("", "endpoints") => new EndpointsRules(),
        ("", "events") => new EventRules(),
        ("", "namespaces") => new NamespaceRules(),
        ("", "nodes") => new NodeRules(),
        ("", "persistentvolumeclaims") => new PersistentVolumeClaimRules(),
        ("", "persistentvolumes") => new PersistentVolumeRules(),
        ("", "pods") => new PodRules(),
        ("", "replicationcontrollers") => new ReplicationControllerRules(),
        ("", "secrets") => new SecretRules(),
        ("", "services") => new ServiceRules(),
        ("apps", "daemonsets") => new DaemonSetRules(),
        ("apps", "deployments") => new DeploymentRules(),
        ("apps", "replicasets") => new ReplicaSetRules(),
        ("apps", "statefulsets") => new StatefulSetRules(),
        ("autoscaling", "horizontalpodautoscalers") => new HorizontalPodAutoscalerRules(),
        ("batch", "cronjobs") => new CronJobRules(),
        ("batch", "jobs") => new JobRules(),
        ("certificates.k8s.io", "certificatesigningrequests") => new CertificateSigningRequestRules(),
        ("coordination.k8s.io", "leases") => new LeaseRules(),
        ("discovery.k8s.io", "endpointslices") => new EndpointSliceRules(),
        ("networking.k8s.io", "ingresses") => new IngressRules(),
        ("networking.k8s.io", "networkpolicies") => new NetworkPolicyRules(),
        ("policy", "poddisruptionbudgets") => new PodDisruptionBudgetRules(),
        ("rbac.authorization.k8s.io", "clusterroles") => new RoleRules(isClusterRole: true),
        ("rbac.authorization.k8s.io", "roles") => new RoleRules(isClusterRole: false),
        ("rbac.authorization.k8s.io", "clusterrolebindings" or "rolebindings") => new RoleBindingRules(),
        ("scheduling.k8s.io", "priorityclasses") => new PriorityClassRules(),
        ("storage.k8s.io", "storageclasses") => new StorageClassRules(),
        _ => KindRules.None,
    };
}
