using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of workloads: how many pods are wanted and how many there are.</summary>
internal static class WorkloadCells
{
    public static Doc[] Deployment(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("spec", "template", "spec"));
        return
        [
            Cells.Name(value),
            $"{Status(value, "readyReplicas")}/{value.Int("spec", "replicas") ?? 0}",
            Status(value, "updatedReplicas"),
            Status(value, "availableReplicas"),
            context.Age(value),
            names,
            images,
            Cells.Selector(value.At("spec", "selector")),
        ];
    }

    public static Doc[] ReplicaSet(Doc value, CellContext context) => Replicas(value, context, Cells.Selector(value.At("spec", "selector")));

    public static Doc[] ReplicationController(Doc value, CellContext context) =>
        Replicas(value, context, Cells.Labels(value.At("spec", "selector")));

    public static Doc[] DaemonSet(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("spec", "template", "spec"));
        return
        [
            Cells.Name(value),
            Status(value, "desiredNumberScheduled"),
            Status(value, "currentNumberScheduled"),
            Status(value, "numberReady"),
            Status(value, "updatedNumberScheduled"),
            Status(value, "numberAvailable"),
            Cells.Labels(value.At("spec", "template", "spec", "nodeSelector")),
            context.Age(value),
            names,
            images,
            Cells.Selector(value.At("spec", "selector")),
        ];
    }

    public static Doc[] StatefulSet(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("spec", "template", "spec"));
        return [Cells.Name(value), $"{Status(value, "readyReplicas")}/{value.Int("spec", "replicas") ?? 0}", context.Age(value), names, images];
    }

    public static Doc[] ControllerRevision(Doc value, CellContext context)
    {
        var owner = value.List("metadata", "ownerReferences").FirstOrDefault(each => each.Flag("controller") == true);
        var group = owner?.Text("apiVersion")?.Split('/') is [var name, _] ? "." + name : "";
        return
        [
            Cells.Name(value),
            owner is null ? Cells.None : $"{owner.Text("kind")!.ToLowerInvariant()}{group}/{owner.Text("name")}",
            value.Int("revision") ?? 0,
            context.Age(value),
        ];
    }

    private static Doc[] Replicas(Doc value, CellContext context, string selector)
    {
        var (names, images) = Cells.Containers(value.At("spec", "template", "spec"));
        return
        [
            Cells.Name(value), value.Int("spec", "replicas") ?? 0, Status(value, "replicas"), Status(value, "readyReplicas"), context.Age(value),
            names, images, selector,
        ];
    }

    private static long Status(Doc value, string field) => value.Int("status", field) ?? 0;
}
