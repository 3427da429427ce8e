using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling;

namespace KubeLessons.Simulator.Controllers.DaemonSets;

/// <summary>Whether a node is to have a daemon's pod, and whether it may keep one (pkg/controller/daemon: NodeShouldRunDaemonPod).</summary>
internal static class NodeEligibility
{
    // What a daemon's pods put up with, whatever their template says (AddOrUpdateDaemonPodTolerations).
    private static readonly (string Key, string Effect)[] Always =
    [
        (NodeTaints.NotReady, NodeTaints.NoExecute),
        (NodeTaints.Unreachable, NodeTaints.NoExecute),
        ("node.kubernetes.io/disk-pressure", NodeTaints.NoSchedule),
        ("node.kubernetes.io/memory-pressure", NodeTaints.NoSchedule),
        ("node.kubernetes.io/pid-pressure", NodeTaints.NoSchedule),
        (NodeTaints.Unschedulable, NodeTaints.NoSchedule),
    ];

    /// <summary>Run: a pod belongs there. Keep: one that is there may stay.</summary>
    public static (bool Run, bool Keep) Of(Doc podForNode, Doc node)
    {
        var wanted = podForNode.Text("spec", "nodeName");
        if (!string.IsNullOrEmpty(wanted) && wanted != node.Name())
        {
            return (false, false);
        }

        if (!NodeSelection.Matches(podForNode, node))
        {
            return (false, false);
        }

        var tolerations = podForNode.List("spec", "tolerations");
        var bearsExecution = NodeTaints.WithEffect(node, NodeTaints.NoExecute).TrueForAll(taint => Tolerations.ToleratesAny(tolerations, taint));
        var bearsScheduling = NodeTaints.WithEffect(node, NodeTaints.NoSchedule).TrueForAll(taint => Tolerations.ToleratesAny(tolerations, taint));
        return (bearsExecution && bearsScheduling, bearsExecution);
    }

    /// <summary>The template with the tolerations that every daemon's pod has.</summary>
    public static Doc WithTolerations(Doc template)
    {
        var tolerations = template.List("spec", "tolerations").ToList();
        foreach (var (key, effect) in Always)
        {
            Add(tolerations, key, effect);
        }

        if (template.Flag("spec", "hostNetwork") == true)
        {
            Add(tolerations, "node.kubernetes.io/network-unavailable", NodeTaints.NoSchedule);
        }

        return template.With(Doc.Arr(tolerations), "spec", "tolerations");
    }

    /// <summary>The template bound to one node by affinity: the scheduler does the rest.</summary>
    public static Doc ForNode(Doc template, string node)
    {
        var term = Doc.Arr(Doc.Obj(("key", "metadata.name"), ("operator", "In"), ("values", Doc.Arr(node))));
        string[] path = ["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        var terms = template.At(path)?.List("nodeSelectorTerms") ?? [];
        var bound = terms.IsEmpty ? [Doc.Obj(("matchFields", term))] : terms.Select(each => each.With(term, "matchFields"));
        return template.With(Doc.Obj(("nodeSelectorTerms", Doc.Arr(bound))), path);
    }

    private static void Add(List<Doc> tolerations, string key, string effect)
    {
        var toleration = Doc.Obj(("key", key), ("operator", "Exists"), ("effect", effect));
        if (!tolerations.Exists(has => has.Text("key") == key && has.Text("effect") == effect && has.Text("operator") == "Exists" && has["tolerationSeconds"] is null))
        {
            tolerations.Add(toleration);
        }
    }
}
