using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>Which function makes the cells of which kind (pkg/printers/internalversion/printers.go), in the order of columns.tsv.</summary>
internal static class CellTable
{
    public static Func<Doc, CellContext, Doc[]> Scale { get; } = static (value, context) =>
        [Cells.Name(value), value.Int("spec", "replicas") ?? 0, value.Int("status", "replicas") ?? 0, context.Age(value)];

    public static Func<Doc, CellContext, Doc[]> For(string storageName) => storageName switch
    {
        "pods" => PodCells.Pod,
        "podtemplates" => PodCells.PodTemplate,
        "replicationcontrollers" => WorkloadCells.ReplicationController,
        "replicasets.apps" => WorkloadCells.ReplicaSet,
        "deployments.apps" => WorkloadCells.Deployment,
        "daemonsets.apps" => WorkloadCells.DaemonSet,
        "statefulsets.apps" => WorkloadCells.StatefulSet,
        "controllerrevisions.apps" => WorkloadCells.ControllerRevision,
        "jobs.batch" => JobCells.Job,
        "cronjobs.batch" => JobCells.CronJob,
        "services" => NetworkCells.Service,
        "endpoints" => NetworkCells.Endpoints,
        "endpointslices.discovery.k8s.io" => NetworkCells.EndpointSlice,
        "ingresses.networking.k8s.io" => NetworkCells.Ingress,
        "ingressclasses.networking.k8s.io" => NetworkCells.IngressClass,
        "networkpolicies.networking.k8s.io" => NetworkCells.NetworkPolicy,
        "nodes" => NodeCells.Node,
        "events" => EventCells.Event,
        "namespaces" => ClusterCells.Namespace,
        "secrets" => ClusterCells.Secret,
        "configmaps" => ClusterCells.ConfigMap,
        "serviceaccounts" => ClusterCells.ServiceAccount,
        "componentstatuses" => ClusterCells.ComponentStatus,
        "leases.coordination.k8s.io" => ClusterCells.Lease,
        "priorityclasses.scheduling.k8s.io" => ClusterCells.PriorityClass,
        "resourcequotas" => ClusterCells.ResourceQuota,
        "poddisruptionbudgets.policy" => ClusterCells.PodDisruptionBudget,
        "horizontalpodautoscalers.autoscaling" => ClusterCells.HorizontalPodAutoscaler,
        "certificatesigningrequests.certificates.k8s.io" => ClusterCells.CertificateSigningRequest,
        "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io" => ClusterCells.RoleBinding,
        "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io" =>
            ClusterCells.WebhookConfiguration,
        "runtimeclasses.node.k8s.io" => ClusterCells.RuntimeClass,
        "persistentvolumes" => StorageCells.PersistentVolume,
        "persistentvolumeclaims" => StorageCells.PersistentVolumeClaim,
        "storageclasses.storage.k8s.io" => StorageCells.StorageClass,
        "volumeattachments.storage.k8s.io" => StorageCells.VolumeAttachment,
        "csinodes.storage.k8s.io" => StorageCells.CsiNode,
        "csidrivers.storage.k8s.io" => StorageCells.CsiDriver,
        _ => static (value, _) => [Cells.Name(value), value.Text("metadata", "creationTimestamp") ?? "<unknown>"],
    };
}

/// <summary>What cells of many kinds share.</summary>
internal static class Cells
{
    public const string None = "<none>";
    public const string Unknown = "<unknown>";

    public static Doc Name(Doc value) => value.Text("metadata", "name") ?? "";

    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;

    public static int CountOf(Doc? map) => map is DocObject fields ? fields.Count : 0;

    /// <summary>Labels as <c>a=b,c=d</c>, sorted; <c>&lt;none&gt;</c> when there are none.</summary>
    public static string Labels(Doc? labels) =>
        labels is DocObject { Count: > 0 } map
            ? string.Join(',', map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value.AsText}"))
            : None;

    /// <summary>A LabelSelector as text; <c>&lt;none&gt;</c> for the empty one.</summary>
    public static string Selector(Doc? selector) => OrNone(selector is null ? "" : Selectors.LabelSelector.FromDoc(selector).ToString());

    /// <summary>The names and the images of a template's containers.</summary>
    public static (string Names, string Images) Containers(Doc? podSpec)
    {
        var containers = podSpec?.List("containers") ?? [];
        return (string.Join(',', containers.Select(each => each.Text("name"))), string.Join(',', containers.Select(each => each.Text("image"))));
    }
}
