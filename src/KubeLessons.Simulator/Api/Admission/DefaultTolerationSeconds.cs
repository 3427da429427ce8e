using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>
/// Lets every pod tolerate a node that is not ready or unreachable for five minutes, unless it says otherwise
/// (plugin/pkg/admission/defaulttolerationseconds).
/// </summary>
internal sealed class DefaultTolerationSeconds : AdmissionPlugin
{
    private static readonly Doc NotReady = Toleration("node.kubernetes.io/not-ready");
    private static readonly Doc Unreachable = Toleration("node.kubernetes.io/unreachable");
    private static readonly Doc Both = Doc.Arr(NotReady, Unreachable);

    public override string Name => "DefaultTolerationSeconds";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request is { Operation: ApiVerb.Create, Kind.StorageName: "pods", Object: { } pod })
        {
            var tolerations = pod.List("spec", "tolerations");
            if (tolerations.IsEmpty)
            {
                request.Object = pod.With(Both, "spec", "tolerations");
                return null;
            }

            var added = tolerations;
            foreach (var wanted in (ReadOnlySpan<Doc>)[NotReady, Unreachable])
            {
                if (!tolerations.Any(each => Covers(each, wanted.Text("key")!)))
                {
                    added = added.Add(wanted);
                }
            }

            request.Object = added == tolerations ? pod : pod.With(new DocArray(added), "spec", "tolerations");
        }

        return null;
    }

    private static bool Covers(Doc toleration, string key) =>
        (toleration.Text("key") is not { Length: > 0 } own || own == key)
        && toleration.Text("effect") is null or "" or "NoExecute";

    private static DocObject Toleration(string key) => Doc.Obj(
        ("key", key),
        ("operator", "Exists"),
        ("effect", "NoExecute"),
        ("tolerationSeconds", (long)KubernetesConstants.DefaultTolerationSeconds.TotalSeconds));
}

/// <summary>
/// A new node is not ready until the node controller says so (plugin/pkg/admission/nodetaint): without the taint, pods could land
/// on it before its conditions are known.
/// </summary>
internal sealed class TaintNodesByCondition : AdmissionPlugin
{
    private const string NotReady = "node.kubernetes.io/not-ready";

    public override string Name => "TaintNodesByCondition";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request is { Operation: ApiVerb.Create, Kind.StorageName: "nodes", Object: { } node })
        {
            var taints = node.List("spec", "taints");
            if (!taints.Any(taint => taint.Text("key") == NotReady && taint.Text("effect") == "NoSchedule"))
            {
                request.Object = node.With(
                    new DocArray(taints.Add(Doc.Obj(("key", NotReady), ("effect", "NoSchedule")))), "spec", "taints");
            }
        }

        return null;
    }
}
