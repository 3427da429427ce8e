using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of pods, above all STATUS: what a pod's phase, containers and deletion come to in one word.</summary>
internal static class PodCells
{
    public static Doc[] Pod(Doc pod, CellContext context)
    {
        var summary = PodSummary.Of(pod, context.Minor);
        var restarts = summary.LastRestart is { } last && context.Minor >= 22 && summary.Restarts > 0
            ? (Doc)$"{summary.Restarts} ({HumanDuration.Of(context.Now - last)} ago)"
            : context.Minor >= 22 ? summary.Restarts.ToString(System.Globalization.CultureInfo.InvariantCulture) : summary.Restarts;
        var address = pod.List("status", "podIPs") is [var first, ..] ? first.Text("ip") : pod.Text("status", "podIP");
        return
        [
            Cells.Name(pod),
            $"{summary.Ready}/{summary.Total}",
            summary.Status,
            restarts,
            context.Age(pod),
            Cells.OrNone(address),
            Cells.OrNone(pod.Text("spec", "nodeName")),
            Cells.OrNone(pod.Text("status", "nominatedNodeName")),
            ReadinessGates(pod),
        ];
    }

    public static Doc[] PodTemplate(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("template", "spec"));
        return [Cells.Name(value), names, images, Cells.Labels(value.At("template", "metadata", "labels"))];
    }

    /// <summary>Rows of pods that are over say so; null for all others.</summary>
    public static Doc? RowConditions(Doc item)
    {
        if (item.Text("kind") != "Pod")
        {
            return null;
        }

        return item.Text("status", "phase") switch
        {
            "Succeeded" => Completed("Succeeded", "The pod has completed successfully."),
            "Failed" => Completed("Failed", "The pod failed."),
            _ => null,
        };

        static DocArray Completed(string reason, string message) =>
            Doc.Arr(Doc.Obj(("type", "Completed"), ("status", "True"), ("reason", reason), ("message", message)));
    }

    private static string ReadinessGates(Doc pod)
    {
        var gates = pod.List("spec", "readinessGates");
        if (gates.IsEmpty)
        {
            return Cells.None;
        }

        var conditions = pod.List("status", "conditions");
        var met = gates.Count(gate => conditions.Any(condition =>
            condition.Text("type") == gate.Text("conditionType") && condition.Text("status") == "True"));
        return $"{met}/{gates.Length}";
    }
}
