using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>The events that a kubelet writes about pods, their containers and its node.</summary>
internal sealed class PodEvents
{
    private readonly EventRecorder _recorder;
    private readonly string _node;

    public PodEvents(Process self, ApiClient client, string node) =>
        (_recorder, _node) = (new EventRecorder(self, client, "kubelet", node), node);

    /// <summary>Tells a static pod's mirror UID; null when it has none. Events about a static pod are about its mirror's name all the same.</summary>
    public void OfPod(PodObject pod, string type, string reason, string message) =>
        _recorder.Record(Reference(pod), type, reason, message);

    public void OfContainer(PodObject pod, ContainerSpec container, string type, string reason, string message) =>
        _recorder.Record(Reference(pod).With(container.FieldPath, "fieldPath"), type, reason, message);

    /// <summary>Kubelet refers to its node by name where others use the UID (pkg/kubelet: nodeRef.UID is the node's name).</summary>
    public void OfNode(string type, string reason, string message) => _recorder.Record(
        Doc.Obj(("kind", "Node"), ("name", _node), ("uid", _node)), type, reason, message);

    private static DocObject Reference(PodObject pod) => Doc.Obj(
        ("kind", "Pod"),
        ("namespace", pod.Namespace),
        ("name", pod.Name),
        ("uid", pod.Uid),
        ("apiVersion", "v1"),
        ("resourceVersion", pod.IsStatic ? null : pod.Doc.At("metadata", "resourceVersion")));
}
