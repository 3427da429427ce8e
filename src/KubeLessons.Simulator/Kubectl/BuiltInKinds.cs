using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>Discovery's answers for a server that does not serve discovery yet.</summary>
internal static class BuiltInKinds
{
    private const string Rows = """
        v1 configmaps ConfigMap cm - n
        v1 endpoints Endpoints ep - n
        v1 events Event ev - n
        v1 namespaces Namespace ns - c
        v1 nodes Node no - c
        v1 persistentvolumeclaims PersistentVolumeClaim pvc - n
        v1 persistentvolumes PersistentVolume pv - c
        v1 pods Pod po all n
        v1 replicationcontrollers ReplicationController rc all n
        v1 secrets Secret - - n
        v1 serviceaccounts ServiceAccount sa - n
        v1 services Service svc all n
        apps/v1 daemonsets DaemonSet ds all n
        apps/v1 deployments Deployment deploy all n
        apps/v1 replicasets ReplicaSet rs all n
        apps/v1 statefulsets StatefulSet sts all n
        batch/v1 cronjobs CronJob cj all n
        batch/v1 jobs Job - all n
        coordination.k8s.io/v1 leases Lease - - n
        discovery.k8s.io/v1 endpointslices EndpointSlice - - n
        """;

    public static ImmutableArray<Doc> Answers { get; } =
    [
        Doc.Obj(("items", Doc.Arr(Rows.Split('\n').Select(line => line.Split(' ')).Select(Group)))),
    ];

    private static Doc Group(string[] row)
    {
        var slash = row[0].IndexOf('/', StringComparison.Ordinal);
        var verbs = Doc.Arr("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
        return Doc.Obj(
            ("metadata", Doc.Obj(("name", slash < 0 ? "" : row[0][..slash]))),
            ("versions", Doc.Arr(Doc.Obj(
                ("version", row[0][(slash + 1)..]),
                ("resources", Doc.Arr(Doc.Obj(
                    ("resource", row[1]),
                    ("responseKind", Doc.Obj(("kind", row[2]))),
                    ("singularResource", row[2].ToLowerInvariant()),
                    ("scope", row[5] == "n" ? "Namespaced" : "Cluster"),
                    ("verbs", verbs),
                    ("shortNames", row[3] == "-" ? null : Doc.Arr(row[3])),
                    ("categories", row[4] == "-" ? null : Doc.Arr(row[4])))))))));
    }
}
