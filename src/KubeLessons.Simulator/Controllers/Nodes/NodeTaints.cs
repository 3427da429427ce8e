using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>The taints that tell a node's condition, and how controllers write them.</summary>
internal static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";
    public const string NoSchedule = "NoSchedule";
    public const string NoExecute = "NoExecute";

    // Condition, the status that is bad, and the taint for it (pkg/controller/nodelifecycle: nodeConditionToTaintKeyStatusMap).
    private static readonly (string Condition, string Status, string Taint)[] ByCondition =
    [
        ("Ready", "False", NotReady),
        ("Ready", "Unknown", Unreachable),
        ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
        ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
        ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
    ];

    public static bool Has(Doc node, string key, string effect)
    {
        foreach (var taint in node.List("spec", "taints"))
        {
            if (Is(taint, key, effect))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The taints of one effect.</summary>
    public static List<Doc> WithEffect(Doc node, string effect) =>
        [.. node.List("spec", "taints").Where(taint => taint.Text("effect") == effect)];

    /// <summary>The keys of the NoSchedule taints that a node's conditions call for.</summary>
    public static List<string> Wanted(Doc node)
    {
        var keys = new List<string>();
        foreach (var (type, status, key) in ByCondition)
        {
            if (Conditions.Find(node, type)?.Text("status") == status)
            {
                keys.Add(key);
            }
        }

        if (node.Flag("spec", "unschedulable") == true)
        {
            keys.Add(Unschedulable);
        }

        return keys;
    }

    /// <summary>Whether the node controller owns NoSchedule taints of this key.</summary>
    public static bool TellsCondition(string? key) =>
        key == Unschedulable || ByCondition.Any(row => row.Taint == key);

    /// <summary>
    /// Adds some taints of an effect and removes others, on the node as the server has it. False when the server refused or is
    /// away; true also when there was nothing to do.
    /// </summary>
    public static bool Swap(ControllerContext context, string node, string effect, IReadOnlyList<string> add, IReadOnlyList<string> remove)
    {
        var reply = context.Client.Send(ApiRequest.Get(Resources.Nodes, "", node));
        if (!reply.IsSuccess)
        {
            return reply.Reason == "NotFound";
        }

        var current = reply.Response!.Body.List("spec", "taints");
        var taints = current.Where(taint => taint.Text("effect") != effect || !remove.Contains(taint.Text("key") ?? "")).ToList();
        foreach (var key in add)
        {
            if (!taints.Exists(taint => Is(taint, key, effect)))
            {
                taints.Add(Doc.Obj(("key", key), ("effect", effect), ("timeAdded", context.Timestamp)));
            }
        }

        if (taints.Count == current.Length && taints.TrueForAll(current.Contains))
        {
            return true;
        }

        var patch = Doc.Obj(("spec", Doc.Obj(("taints", taints.Count == 0 ? Doc.Null : Doc.Arr(taints)))));
        return context.Client.Send(ApiRequest.MergePatch(Resources.Nodes, "", node, patch)).IsSuccess;
    }

    private static bool Is(Doc taint, string key, string effect) => taint.Text("key") == key && taint.Text("effect") == effect;
}
