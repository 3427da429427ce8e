using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Clusters.Addons;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters;

/// <summary>
/// What <c>kubeadm init</c> does once the control plane's static pods answer: it uploads its configuration, marks the
/// control-plane node and installs the addons; the lab's script then applies flannel. Everything goes through the API.
/// </summary>
internal sealed class KubeadmInit(ClusterSpec spec, string authorityPem)
{
    private readonly KindTable _kinds = new(spec.Version);

    public IEnumerable<Wait> Main(Process self)
    {
        var kubeadm = ApiClients.FromKubeconfig(self, "/etc/kubernetes/admin.conf", "kubeadm");
        while (!kubeadm.CanReachServer())
        {
            yield return Wait.For(TimeSpan.FromMilliseconds(500));
        }

        var images = new ComponentImages(spec.Version);
        var server = $"https://{spec.AddressOf(spec.ControlPlaneNode)}:6443";
        yield return Wait.Call(Create(kubeadm, ClusterObjects.Of(spec, server, authorityPem)));
        yield return Wait.Call(MarkControlPlane(kubeadm));
        yield return Wait.Call(Create(kubeadm, CoreDnsAddon.Manifest(images.CoreDns, spec.Version.Minor <= 24)));
        yield return Wait.Call(Create(kubeadm, KubeProxyAddon.Manifest(images.Proxy, server)));
        var kubectl = ApiClients.FromKubeconfig(self, "/root/.kube/config", "kubectl");
        yield return Wait.Call(Create(kubectl, FlannelAddon.Manifest(images.Flannel, images.FlannelCniPlugin)));
    }

    private IEnumerable<Wait> Create(ApiClient client, string manifests)
    {
        if (!DocYaml.TryParseAll(manifests, out ImmutableArray<Doc> documents, out string? error))
        {
            throw new InvalidOperationException($"A manifest of the cluster's own cannot be read: {error}");
        }

        foreach (var document in documents)
        {
            var kind = _kinds.Find(document.Text("apiVersion")!, document.Text("kind")!)
                ?? throw new InvalidOperationException($"{document.Text("kind")} is no kind of {spec.Version}.");
            var path = new ResourcePath(kind.Group, kind.Versions[0], kind.Plural);
            var reply = client.Send(ApiRequest.Create(path, document.Text("metadata", "namespace") ?? "", document));
            if (reply.Response is { IsSuccess: false, Reason: not "AlreadyExists" } refused)
            {
                throw new InvalidOperationException($"{document.Text("kind")} {document.Text("metadata", "name")}: {refused.Message}");
            }

            yield return Wait.For(reply.Takes);
        }
    }

    // kubeadm init phase mark-control-plane: "master" was the label until 1.23 and the taint until 1.24.
    private IEnumerable<Wait> MarkControlPlane(ApiClient client)
    {
        var nodes = ResourcePath.Core("nodes");
        while (true)
        {
            var found = client.Send(ApiRequest.Get(nodes, "", spec.ControlPlaneNode));
            if (found.IsSuccess)
            {
                var reply = client.Send(ApiRequest.MergePatch(nodes, "", spec.ControlPlaneNode, Marks(found.Response!.Body)));
                yield return Wait.For(reply.Takes);
                yield break;
            }

            yield return Wait.For(TimeSpan.FromMilliseconds(500));
        }
    }

    private Doc Marks(Doc node)
    {
        Doc labels = Doc.Obj(("node-role.kubernetes.io/control-plane", ""), ("node.kubernetes.io/exclude-from-external-load-balancers", ""));
        if (spec.Version.HasMasterRole)
        {
            labels = labels.With("", "node-role.kubernetes.io/master");
        }

        var taints = node.List("spec", "taints");
        if (spec.Version.Minor <= 24)
        {
            taints = taints.Add(Taint("node-role.kubernetes.io/master"));
        }

        if (spec.Version.Minor >= 24)
        {
            taints = taints.Add(Taint("node-role.kubernetes.io/control-plane"));
        }

        return Doc.Obj(
            ("metadata", Doc.Obj(("labels", labels), ("annotations", Doc.Obj(("kubeadm.alpha.kubernetes.io/cri-socket", "unix:///run/containerd/containerd.sock"))))),
            ("spec", Doc.Obj(("taints", new DocArray(taints)))));
    }

    private static Doc Taint(string key) => Doc.Obj(("key", key), ("effect", "NoSchedule"));
}
