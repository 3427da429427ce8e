using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of jobs and cron jobs.</summary>
internal static class JobCells
{
    public static Doc[] Job(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("spec", "template", "spec"));
        return
        [
            Cells.Name(value), Status(value), Completions(value), Duration(value, context), context.Age(value),
            names, images, Cells.Selector(value.At("spec", "selector")),
        ];
    }

    public static Doc[] CronJob(Doc value, CellContext context)
    {
        var (names, images) = Cells.Containers(value.At("spec", "jobTemplate", "spec", "template", "spec"));
        var last = value.Text("status", "lastScheduleTime");
        return
        [
            Cells.Name(value),
            value.Text("spec", "schedule") ?? "",
            Cells.OrNone(value.Text("spec", "timeZone")),
            value.Flag("spec", "suspend") is { } suspended ? suspended ? "True" : "False" : "<unset>",
            value.List("status", "active").Length,
            last is null ? Cells.None : context.Since(last),
            context.Age(value),
            names,
            images,
            Cells.Selector(value.At("spec", "jobTemplate", "spec", "selector")),
        ];
    }

    private static string Status(Doc value)
    {
        var met = value.List("status", "conditions").Where(each => each.Text("status") == "True").Select(each => each.Text("type")).ToHashSet();
        return met.Contains("Complete") ? "Complete"
            : met.Contains("Failed") ? "Failed"
            : value.Text("metadata", "deletionTimestamp") is not null ? "Terminating"
            : met.Contains("Suspended") ? "Suspended"
            : met.Contains("FailureTarget") ? "FailureTarget"
            : met.Contains("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running";
    }

    private static string Completions(Doc value)
    {
        var succeeded = value.Int("status", "succeeded") ?? 0;
        if (value.Int("spec", "completions") is { } wanted)
        {
            return $"{succeeded}/{wanted}";
        }

        var parallel = value.Int("spec", "parallelism") ?? 0;
        return parallel > 1 ? $"{succeeded}/1 of {parallel}" : $"{succeeded}/1";
    }

    private static string Duration(Doc value, CellContext context)
    {
        if (ObjectMeta.ParseTime(value.Text("status", "startTime")) is not { } started)
        {
            return "";
        }

        var ended = ObjectMeta.ParseTime(value.Text("status", "completionTime"));
        return HumanDuration.Of((ended ?? context.Now) - started);
    }
}
