using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>The resource types that a condition may speak of, as kubectl names them (<c>kubectl api-resources</c>): plural, singular, short names.</summary>
internal static class ResourceTypes
{
    private static readonly ImmutableArray<string> Rows =
    [
        "pods pod po", "nodes node no", "services service svc", "endpoints endpoint ep", "endpointslices endpointslice", "namespaces namespace ns",
        "configmaps configmap cm", "secrets secret", "serviceaccounts serviceaccount sa", "events event ev", "replicationcontrollers replicationcontroller rc",
        "persistentvolumes persistentvolume pv", "persistentvolumeclaims persistentvolumeclaim pvc", "resourcequotas resourcequota quota",
        "limitranges limitrange limits", "podtemplates podtemplate", "componentstatuses componentstatus cs", "deployments deployment deploy",
        "replicasets replicaset rs", "daemonsets daemonset ds", "statefulsets statefulset sts", "controllerrevisions controllerrevision",
        "jobs job", "cronjobs cronjob cj", "horizontalpodautoscalers horizontalpodautoscaler hpa", "ingresses ingress ing",
        "ingressclasses ingressclass", "networkpolicies networkpolicy netpol", "poddisruptionbudgets poddisruptionbudget pdb",
        "priorityclasses priorityclass pc", "storageclasses storageclass sc", "volumeattachments volumeattachment", "csidrivers csidriver",
        "csinodes csinode", "csistoragecapacities csistoragecapacity", "roles role", "rolebindings rolebinding", "clusterroles clusterrole",
        "clusterrolebindings clusterrolebinding", "leases lease", "runtimeclasses runtimeclass", "certificatesigningrequests certificatesigningrequest csr",
        "customresourcedefinitions customresourcedefinition crd crds", "apiservices apiservice",
        "mutatingwebhookconfigurations mutatingwebhookconfiguration", "validatingwebhookconfigurations validatingwebhookconfiguration",
        "validatingadmissionpolicies validatingadmissionpolicy", "validatingadmissionpolicybindings validatingadmissionpolicybinding",
        "flowschemas flowschema", "prioritylevelconfigurations prioritylevelconfiguration", "podsecuritypolicies podsecuritypolicy psp",
    ];

    private static readonly HashSet<string> Known = Rows.SelectMany(row => row.Split(' ')).ToHashSet(StringComparer.Ordinal);

    /// <summary>The singular names: what authors usually write.</summary>
    public static ImmutableArray<string> Usual { get; } = [.. Rows.Select(row => row.Split(' ')[1])];

    /// <summary>What a taint does (NoSchedule, PreferNoSchedule, NoExecute).</summary>
    public static ImmutableArray<string> TaintEffects { get; } = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    /// <summary>Whether kubectl knows the type; one with a group (<c>certificates.cert-manager.io</c>) may be anybody's.</summary>
    public static bool IsKnown(string type) => Known.Contains(type) || (type.Contains('.', StringComparison.Ordinal) && type[0] != '.' && type[^1] != '.');
}
