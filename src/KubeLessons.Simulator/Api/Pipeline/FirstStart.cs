using KubeLessons.Simulator.Api.Authorization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>What a kube-apiserver makes when it finds it missing at its start (pkg/controlplane: the system namespaces, the system's priority classes, roles, its own Service).</summary>
internal static class FirstStart
{
    private static readonly string[] SystemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "default"];

    /// <summary>pkg/apis/scheduling/v1/helpers.go.</summary>
    private static readonly (string Name, long Value, string Description)[] PriorityClasses =
    [
        ("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
        ("system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."),
    ];

    private const string Kubernetes = "kubernetes";

    public static void Run(ApiServer server)
    {
        foreach (var name in SystemNamespaces)
        {
            Ensure(server, ResourcePath.Core("namespaces"), "", Doc.Obj(("metadata", Doc.Obj(("name", name)))));
        }

        foreach (var (name, value, what) in PriorityClasses)
        {
            Ensure(server, new ResourcePath("scheduling.k8s.io", "v1", "priorityclasses"), "", Doc.Obj(
                ("metadata", Doc.Obj(("name", name))), ("value", value), ("description", what)));
        }

        foreach (var (plural, body) in BootstrapPolicy.Objects())
        {
            Ensure(server, new ResourcePath("rbac.authorization.k8s.io", "v1", plural), "", body);
        }

        if (server.Settings.AdvertiseAddress is { } address)
        {
            EnsureKubernetesService(server, address);
        }
    }

    // pkg/controlplane/controller/kubernetesservice: the Service "kubernetes" and its endpoints are the server's own work.
    private static void EnsureKubernetesService(ApiServer server, string address)
    {
        var labels = Doc.Obj(("component", "apiserver"), ("provider", "kubernetes"));
        Ensure(server, ResourcePath.Core("services"), "default", Doc.Obj(
            ("metadata", Doc.Obj(("name", Kubernetes), ("labels", labels))),
            ("spec", Doc.Obj(
                ("clusterIP", server.ServiceAddresses.FirstAddress),
                ("ports", Doc.Arr(Doc.Obj(("name", "https"), ("protocol", "TCP"), ("port", 443), ("targetPort", server.Settings.SecurePort)))),
                ("sessionAffinity", "None"),
                ("type", "ClusterIP")))));

        var endpoints = ResourcePath.Core("endpoints");
        var port = Doc.Obj(("name", "https"), ("port", server.Settings.SecurePort), ("protocol", "TCP"));
        var found = server.Store.Get(new ObjectKey("endpoints", "default", Kubernetes))?.Object;
        var addresses = found?.List("subsets") is [var subset, ..] ? subset.List("addresses").Select(each => each.Text("ip")!).ToList() : [];
        if (!addresses.Contains(address))
        {
            addresses.Add(address);
            addresses.Sort(StringComparer.Ordinal);
            var subsets = Doc.Arr(Doc.Obj(
                ("addresses", Doc.Arr(addresses.Select(ip => (Doc)Doc.Obj(("ip", ip))))), ("ports", Doc.Arr(port))));
            Put(server, endpoints, Doc.Obj(
                ("metadata", Doc.Obj(
                    ("name", Kubernetes),
                    ("namespace", "default"),
                    ("labels", Doc.Obj(("endpointslice.kubernetes.io/skip-mirror", "true"))))),
                ("subsets", subsets)));
            PutSlice(server, addresses, port);
        }
    }

    private static void PutSlice(ApiServer server, List<string> addresses, Doc port)
    {
        var resource = server.Kinds.FindStored("endpointslices.discovery.k8s.io")!.Resource;
        Put(server, resource, Doc.Obj(
            ("metadata", Doc.Obj(
                ("name", Kubernetes),
                ("namespace", "default"),
                ("labels", Doc.Obj(("kubernetes.io/service-name", Kubernetes))))),
            ("addressType", "IPv4"),
            ("endpoints", Doc.Arr(addresses.Select(ip => (Doc)Doc.Obj(
                ("addresses", Doc.Arr(ip)), ("conditions", Doc.Obj(("ready", true))))))),
            ("ports", Doc.Arr(port))));
    }

    private static void Ensure(ApiServer server, ResourcePath resource, string ns, Doc body)
    {
        if (server.Store.Get(new ObjectKey(server.Kinds.Find(resource)!.StorageName, ns, body.Text("metadata", "name")!)) is null)
        {
            server.Handle(ApiRequest.Create(resource, ns, body) with { UserAgent = "kube-apiserver" });
        }
    }

    private static void Put(ApiServer server, ResourcePath resource, Doc body)
    {
        var request = ApiRequest.Update(resource, body) with { UserAgent = "kube-apiserver" };
        if (server.Handle(request).Code == 404)
        {
            server.Handle(ApiRequest.Create(resource, request.Namespace, body) with { UserAgent = "kube-apiserver" });
        }
    }
}
