using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Api;

/// <summary>An API server over an empty store, with no component at work.</summary>
internal sealed class ApiFixture
{
    public static readonly ResourcePath Pods = ResourcePath.Core("pods");
    public static readonly ResourcePath ConfigMaps = ResourcePath.Core("configmaps");
    public static readonly ResourcePath Namespaces = ResourcePath.Core("namespaces");
    public static readonly ResourcePath Nodes = ResourcePath.Core("nodes");
    public static readonly ResourcePath Services = ResourcePath.Core("services");
    public static readonly ResourcePath Events = ResourcePath.Core("events");
    public static readonly ResourcePath Deployments = new("apps", "v1", "deployments");
    public static readonly ResourcePath Leases = new("coordination.k8s.io", "v1", "leases");

    public ApiFixture(int minor = KubernetesVersion.DefaultMinor, ApiServerSettings? settings = null)
    {
        World = new World(1);
        Server = new ApiServer(World, Store, new KubernetesVersion(minor), settings ?? new ApiServerSettings
        {
            DisabledAdmissionPlugins = ["ServiceAccount"],
        });
        Client = new ApiClient("test", "m-k8s", ApiUser.Admin, () => new ApiConnection(IsReachable ? Server : null, "refused", TimeSpan.Zero));
    }

    public World World { get; }

    public ObjectStore Store { get; } = new();

    public ApiServer Server { get; }

    public ApiClient Client { get; }

    public bool IsReachable { get; set; } = true;

    /// <summary>A process that does nothing, for components to belong to.</summary>
    public Process NewProcess()
    {
        var host = new Host(World, "m-k8s", "192.168.1.10");
        return host.Processes.Start(new ProcessStart(["daemon"], Forever));

        static IEnumerable<Wait> Forever(Process self)
        {
            yield return Wait.Forever;
        }
    }

    public static Doc Json(string text) => DocJson.Parse(text);

    public static Doc Pod(string name, string? node = null) => Doc.Obj(
        ("metadata", Doc.Obj(("name", name))),
        ("spec", Doc.Obj(
            ("nodeName", node is null ? null : (Doc)node),
            ("containers", Doc.Arr(Doc.Obj(("name", "c"), ("image", "nginx")))))));

    public static Doc ConfigMap(string name, params (string Key, Doc? Value)[] data) =>
        Doc.Obj(("metadata", Doc.Obj(("name", name))), ("data", Doc.Obj(data)));

    public ApiResponse Send(ApiRequest request) => Server.Handle(request with { UserAgent = "test" });

    public Doc Create(ResourcePath resource, Doc body, string ns = "default")
    {
        var response = Send(ApiRequest.Create(resource, Server.Kinds.Find(resource)!.IsNamespaced ? ns : "", body));
        response.IsSuccess.ShouldBeTrue(response.Message);
        return response.Body;
    }

    public ApiResponse Get(ResourcePath resource, string name, string ns = "default") =>
        Send(ApiRequest.Get(resource, Server.Kinds.Find(resource)!.IsNamespaced ? ns : "", name));

    public ApiResponse Delete(ResourcePath resource, string name, ApiOptions? options = null, string ns = "default") =>
        Send(ApiRequest.Delete(resource, Server.Kinds.Find(resource)!.IsNamespaced ? ns : "", name) with { Options = options ?? ApiOptions.None });

    public IEnumerable<string> Names(ResourcePath resource, ApiOptions? options = null, string ns = "default") =>
        Send(ApiRequest.List(resource, ns) with { Options = options ?? ApiOptions.None })
            .Body.List("items").Select(item => item.Text("metadata", "name")!);
}
