using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>What a kube-apiserver makes when it finds it missing at its start (pkg/controlplane: the system namespaces).</summary>
internal static class FirstStart
{
    private static readonly string[] SystemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "default"];

    public static void Run(ApiServer server)
    {
        foreach (var name in SystemNamespaces)
        {
            if (server.Store.Get(new ObjectKey("namespaces", "", name)) is null)
            {
                server.Handle(Request("namespaces", Doc.Obj(("metadata", Doc.Obj(("name", name))))));
            }
        }
    }

    private static ApiRequest Request(string plural, Doc body, string ns = "") =>
        ApiRequest.Create(ResourcePath.Core(plural), ns, body) with { UserAgent = "kube-apiserver" };
}
