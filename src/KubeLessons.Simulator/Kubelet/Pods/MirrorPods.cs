using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>
/// The API's picture of static pods (pkg/kubelet/pod: mirror client). Deleting a mirror stops nothing: it is made again. It carries
/// the hash of the manifest that it stands for.
/// </summary>
internal sealed class MirrorPods(ApiClient client, string node)
{
    private static readonly ResourcePath _pods = ResourcePath.Core("pods");

    private readonly Dictionary<(string Namespace, string Name), Doc> _mirrors = [];

    /// <summary>The node's UID, which owns the mirrors; null as long as it is not registered.</summary>
    public string? NodeUid { get; set; }

    /// <summary>The UID of a static pod's mirror; null when there is none that stands for this manifest.</summary>
    public string? UidOf(PodObject pod) => Find(pod) is { } mirror && StandsFor(mirror, pod) ? mirror.Text("metadata", "uid") : null;

    /// <summary>Takes note of a mirror in the API; null when it is gone.</summary>
    public void Note(string ns, string name, Doc? mirror)
    {
        if (mirror is null)
        {
            _mirrors.Remove((ns, name));
        }
        else
        {
            _mirrors[(ns, name)] = mirror;
        }
    }

    /// <summary>
    /// Sees to it that a static pod has its mirror: a wrong one is deleted, a missing one made. False: the API did not let it, and it
    /// is to be tried again.
    /// </summary>
    public bool Ensure(PodObject pod)
    {
        if (Find(pod) is { } mirror)
        {
            if (StandsFor(mirror, pod) && mirror.At("metadata", "deletionTimestamp") is not { IsNull: false })
            {
                return true;
            }

            return Delete(mirror);
        }

        return NodeUid is { } owner
            && client.Send(ApiRequest.Create(_pods, pod.Namespace, Make(pod, owner))) is { IsSuccess: true } or { Reason: "AlreadyExists" };
    }

    /// <summary>
    /// Deletes the mirror of a manifest that is gone, and every mirror that stands for none (<paramref name="isWanted"/>). False: the
    /// API did not let it.
    /// </summary>
    public bool DeleteUnless(Func<Doc, bool> isWanted)
    {
        var isDone = true;
        foreach (var mirror in _mirrors.Values.Where(mirror => !isWanted(mirror)).ToList())
        {
            isDone &= Delete(mirror);
        }

        return isDone;
    }

    private bool Delete(Doc mirror)
    {
        var delete = ApiRequest.Delete(_pods, mirror.Text("metadata", "namespace")!, mirror.Text("metadata", "name")!) with
        {
            Options = new ApiOptions { GracePeriodSeconds = 0, PreconditionUid = mirror.Text("metadata", "uid") },
        };
        return client.Send(delete) is { IsSuccess: true } or { Reason: "NotFound" or "Conflict" };
    }

    private Doc? Find(PodObject pod) => _mirrors.GetValueOrDefault((pod.Namespace, pod.Name));

    private static bool StandsFor(Doc mirror, PodObject pod) =>
        mirror.Text("metadata", "annotations", StaticPods.MirrorAnnotation) == pod.Doc.Text("metadata", "annotations", StaticPods.HashAnnotation);

    private Doc Make(PodObject pod, string nodeUid)
    {
        var owner = Doc.Obj(
            ("apiVersion", "v1"), ("kind", "Node"), ("name", node), ("uid", nodeUid), ("controller", true));
        return pod.Doc
            .Without("metadata", "uid")
            .With(pod.Doc.At("metadata", "annotations", StaticPods.HashAnnotation), "metadata", "annotations", StaticPods.MirrorAnnotation)
            .With(Doc.Arr(owner), "metadata", "ownerReferences");
    }
}
