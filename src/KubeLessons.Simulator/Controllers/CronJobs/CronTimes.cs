using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.CronJobs;

/// <summary>When a CronJob was due last and will be next (pkg/controller/cronjob: mostRecentScheduleTime).</summary>
/// <param name="Due">The newest time that has passed and has not been served; null: none.</param>
/// <param name="Next">The first time to come.</param>
/// <param name="TooManyMissed">More than 100 times were missed.</param>
internal sealed record CronTimes(DateTimeOffset? Due, DateTimeOffset? Next, bool TooManyMissed)
{
    /// <summary>More missed times than this are complained about.</summary>
    public const int MaxMissed = 100;

    /// <summary>Null when the schedule or the time zone cannot be read.</summary>
    public static CronTimes? Of(Doc cronJob, Doc status, ControllerContext context)
    {
        if (CronSchedule.TryParse(cronJob.Text("spec", "schedule") ?? "") is not { } schedule || Zone(cronJob) is not { } zone)
        {
            return null;
        }

        var now = TimeZoneInfo.ConvertTime(context.UtcNow, zone);
        var since = status.Text("lastScheduleTime") is { } last ? Timestamps.Parse(last) : cronJob.CreatedAt();
        if (cronJob.Int("spec", "startingDeadlineSeconds") is { } deadline && now.AddSeconds(-deadline) > since)
        {
            // What is too late to start needs not be looked at.
            since = now.AddSeconds(-deadline);
        }

        DateTimeOffset? due = null;
        var missed = 0;
        var time = schedule.Next(TimeZoneInfo.ConvertTime(since, zone));
        while (time is { } passed && passed <= now && missed < 100_000)
        {
            due = passed;
            missed++;
            time = schedule.Next(passed);
        }

        return new CronTimes(due, schedule.Next(now), missed > MaxMissed);
    }

    // spec.timeZone: since 1.25; the zone of kube-controller-manager, which is UTC here, when there is none.
    private static TimeZoneInfo? Zone(Doc cronJob) =>
        cronJob.Text("spec", "timeZone") is not { Length: > 0 } name ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : null;
}
