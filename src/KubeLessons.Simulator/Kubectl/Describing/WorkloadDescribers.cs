using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe</c> of what makes pods: deployments, replica sets, daemon sets, stateful sets, jobs, cron jobs.</summary>
internal static class WorkloadDescribers
{
    public static IEnumerable<Wait> Deployment(DescribeSession session, Doc value)
    {
        yield return Wait.Call(session.List(
            new("apps", "v1", "replicasets"), value.Text("metadata", "namespace")!, SelectorText.Of(value.At("spec", "selector"))));
        var sets = session.Items.Where(set => OwnedBy(set, value)).ToImmutableArray();
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Field(0, "CreationTimestamp", DescribeWriter.Time(value.Text("metadata", "creationTimestamp")));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Field(0, "Selector", SelectorText.Of(value.At("spec", "selector")));
        var status = value.At("status") ?? Doc.Empty;
        writer.Field(0, "Replicas", $"{value.Int("spec", "replicas") ?? 1} desired | {status.Int("updatedReplicas") ?? 0} updated | {status.Int("replicas") ?? 0} total | "
            + $"{status.Int("availableReplicas") ?? 0} available | {status.Int("unavailableReplicas") ?? 0} unavailable");
        writer.Field(0, "StrategyType", value.Text("spec", "strategy", "type"));
        writer.Field(0, "MinReadySeconds", $"{value.Int("spec", "minReadySeconds") ?? 0}");
        if (value.At("spec", "strategy", "rollingUpdate") is { } rolling)
        {
            writer.Field(0, "RollingUpdateStrategy", $"{Text(rolling.At("maxUnavailable"))} max unavailable, {Text(rolling.At("maxSurge"))} max surge");
        }

        PodParts.DescribeTemplate(writer, value.At("spec", "template"));
        Conditions(writer, value, dashes: true);
        ReplicaSets(writer, value, sets);
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> ReplicaSet(DescribeSession session, Doc value)
    {
        yield return Wait.Call(Pods(session, value));
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Field(0, "Selector", SelectorText.Of(value.At("spec", "selector")));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        if (PodParts.ControllerOf(value) is { Length: > 0 } controller)
        {
            writer.Field(0, "Controlled By", controller);
        }

        writer.Field(0, "Replicas", $"{value.Int("status", "replicas") ?? 0} current / {value.Int("spec", "replicas") ?? 1} desired");
        writer.Field(0, "Pods Status", PodCounts(session.Items, value));
        PodParts.DescribeTemplate(writer, value.At("spec", "template"));
        Conditions(writer, value, dashes: true);
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> DaemonSet(DescribeSession session, Doc value)
    {
        yield return Wait.Call(Pods(session, value));
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Field(0, "Selector", SelectorText.Of(value.At("spec", "selector")));
        writer.Field(0, "Node-Selector", LabelText.Of(value.At("spec", "template", "spec", "nodeSelector")));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        var status = value.At("status") ?? Doc.Empty;
        foreach (var (label, field) in (ReadOnlySpan<(string, string)>)[
            ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"), ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
            ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"), ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
            ("Number of Nodes Misscheduled", "numberMisscheduled")])
        {
            writer.Line(0, $"{label}: {status.Int(field) ?? 0}");
        }

        writer.Field(0, "Pods Status", PodCounts(session.Items, value));
        PodParts.DescribeTemplate(writer, value.At("spec", "template"));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> StatefulSet(DescribeSession session, Doc value)
    {
        yield return Wait.Call(Pods(session, value));
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Field(0, "CreationTimestamp", DescribeWriter.Time(value.Text("metadata", "creationTimestamp")));
        writer.Field(0, "Selector", SelectorText.Of(value.At("spec", "selector")));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Field(0, "Replicas", $"{value.Int("spec", "replicas") ?? 1} desired | {value.Int("status", "replicas") ?? 0} total");
        writer.Field(0, "Update Strategy", value.Text("spec", "updateStrategy", "type"));
        if (value.Int("spec", "updateStrategy", "rollingUpdate", "partition") is { } partition)
        {
            writer.Field(1, "Partition", $"{partition}");
        }

        writer.Field(0, "Pods Status", PodCounts(session.Items, value));
        PodParts.DescribeTemplate(writer, value.At("spec", "template"));
        Claims(writer, value.List("spec", "volumeClaimTemplates"));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> Job(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Field(0, "Selector", SelectorText.Of(value.At("spec", "selector")));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        if (PodParts.ControllerOf(value) is { Length: > 0 } controller)
        {
            writer.Field(0, "Controlled By", controller);
        }

        var (spec, status) = (value.At("spec") ?? Doc.Empty, value.At("status") ?? Doc.Empty);
        writer.Field(0, "Parallelism", $"{spec.Int("parallelism")}");
        writer.Field(0, "Completions", spec.Int("completions") is { } completions ? $"{completions}" : "<unset>");
        Optional(writer, "Completion Mode", spec.Text("completionMode"));
        if (spec.Flag("suspend") is { } suspended)
        {
            writer.Field(0, "Suspend", suspended ? "true" : "false");
        }

        if (spec.Int("backoffLimit") is { } limit)
        {
            writer.Field(0, "Backoff Limit", $"{limit}");
        }

        if (spec.Int("ttlSecondsAfterFinished") is { } seconds)
        {
            writer.Field(0, "TTL Seconds After Finished", $"{seconds}");
        }

        JobTimes(writer, spec, status);
        var ready = status.Int("ready") is { } count ? $" ({count} Ready)" : "";
        writer.Field(0, "Pods Statuses", $"{status.Int("active") ?? 0} Active{ready} / {status.Int("succeeded") ?? 0} Succeeded / {status.Int("failed") ?? 0} Failed");
        PodParts.DescribeTemplate(writer, spec.At("template"));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> CronJob(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        var spec = value.At("spec") ?? Doc.Empty;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Field(0, "Schedule", spec.Text("schedule"));
        writer.Field(0, "Concurrency Policy", spec.Text("concurrencyPolicy"));
        writer.Field(0, "Suspend", spec.Flag("suspend") == true ? "True" : "False");
        writer.Field(0, "Successful Job History Limit", spec.Int("successfulJobsHistoryLimit") is { } kept ? $"{kept}" : "<unset>");
        writer.Field(0, "Failed Job History Limit", spec.Int("failedJobsHistoryLimit") is { } failed ? $"{failed}" : "<unset>");
        writer.Field(0, "Starting Deadline Seconds", spec.Int("startingDeadlineSeconds") is { } deadline ? $"{deadline}s" : "<unset>");
        var job = spec.At("jobTemplate", "spec") ?? Doc.Empty;
        writer.Field(0, "Selector", job.At("selector") is { } selector ? SelectorText.Of(selector) : "<unset>");
        writer.Field(0, "Parallelism", job.Int("parallelism") is { } parallelism ? $"{parallelism}" : "<unset>");
        writer.Field(0, "Completions", job.Int("completions") is { } completions ? $"{completions}" : "<unset>");
        PodParts.DescribeTemplate(writer, job.At("template"));
        writer.Field(0, "Last Schedule Time", value.Text("status", "lastScheduleTime") is { } last ? DescribeWriter.Time(last) : "<unset>");
        var active = value.List("status", "active");
        writer.Field(0, "Active Jobs", active.IsEmpty ? "<none>" : string.Join(", ", active.Select(each => each.Text("name"))));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    private static void JobTimes(DescribeWriter writer, Doc spec, Doc status)
    {
        if (status.Text("startTime") is { } started)
        {
            writer.Field(0, "Start Time", DescribeWriter.Time(started));
            if (status.Text("completionTime") is { } completed)
            {
                writer.Field(0, "Completed At", DescribeWriter.Time(completed));
                writer.Field(0, "Duration", HumanDuration.Text(HumanDuration.Parse(completed)!.Value - HumanDuration.Parse(started)!.Value));
            }
        }

        if (spec.Int("activeDeadlineSeconds") is { } deadline)
        {
            writer.Field(0, "Active Deadline Seconds", GoDuration.Text(TimeSpan.FromSeconds(deadline)));
        }
    }

    private static void Optional(DescribeWriter writer, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.Field(0, label, value);
        }
    }

    private static IEnumerable<Wait> Pods(DescribeSession session, Doc owner) =>
        session.List(ResourcePath.Core("pods"), owner.Text("metadata", "namespace")!, SelectorText.Of(owner.At("spec", "selector")));

    private static string PodCounts(ImmutableArray<Doc> pods, Doc owner)
    {
        var own = pods.Where(pod => OwnedBy(pod, owner)).ToList();
        return $"{Count("Running")} Running / {Count("Pending")} Waiting / {Count("Succeeded")} Succeeded / {Count("Failed")} Failed";

        int Count(string phase) => own.Count(pod => pod.Text("status", "phase") == phase);
    }

    private static bool OwnedBy(Doc value, Doc owner) =>
        value.List("metadata", "ownerReferences").Any(each => each.Flag("controller") == true && each.Text("uid") == owner.Text("metadata", "uid"));

    private static void Conditions(DescribeWriter writer, Doc value, bool dashes)
    {
        var conditions = value.List("status", "conditions");
        if (conditions.IsEmpty)
        {
            return;
        }

        writer.Line(0, "Conditions:");
        writer.Line(1, "Type\tStatus\tReason");
        if (dashes)
        {
            writer.Line(1, "----\t------\t------");
        }

        foreach (var each in conditions)
        {
            writer.Line(1, $"{each.Text("type")} \t{each.Text("status")}\t{each.Text("reason")}");
        }
    }

    private static void ReplicaSets(DescribeWriter writer, Doc deployment, ImmutableArray<Doc> sets)
    {
        var current = Rollouts.NewReplicaSet(deployment, sets);
        var old = sets.Where(set => !ReferenceEquals(set, current) && (set.Int("spec", "replicas") ?? 0) >= 0).ToList();
        if (sets.IsEmpty)
        {
            return;
        }

        writer.Field(0, "OldReplicaSets", old.Count == 0 ? "<none>" : string.Join(", ", old.Select(SetText)));
        writer.Field(0, "NewReplicaSet", current is null ? "<none>" : SetText(current));

        static string SetText(Doc set) => $"{set.Text("metadata", "name")} ({set.Int("status", "replicas") ?? 0}/{set.Int("spec", "replicas") ?? 0} replicas created)";
    }

    private static void Claims(DescribeWriter writer, ImmutableArray<Doc> claims)
    {
        if (claims.IsEmpty)
        {
            writer.Field(0, "Volume Claims", "<none>");
            return;
        }

        writer.Line(0, "Volume Claims:");
        foreach (var claim in claims)
        {
            writer.Field(1, "Name", claim.Text("metadata", "name"));
            writer.Field(1, "StorageClass", claim.Text("spec", "storageClassName"));
            writer.Labels("Labels", claim.At("metadata", "labels"), "  ");
            writer.Annotations("Annotations", claim.At("metadata", "annotations"), "  ");
            writer.Field(1, "Capacity", claim.Text("spec", "resources", "requests", "storage") ?? "<default>");
            writer.Field(1, "Access Modes", $"[{string.Join(' ', claim.List("spec", "accessModes").Select(mode => mode.AsText))}]");
        }
    }

    private static string Text(Doc? value) => value?.AsText ?? value?.ToString() ?? "0";
}
