using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers.Jobs;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.CronJobs;

/// <summary>Makes Jobs by the clock (pkg/controller/cronjob, version 2: a timer for each next time, no polling).</summary>
internal sealed class CronJobController
{
    /// <summary>It looks a little after the time, for clocks that differ (nextScheduleDelta).</summary>
    public static readonly TimeSpan Delta = TimeSpan.FromMilliseconds(100);

    private readonly ControllerContext _context;
    private readonly ResourcePath _resource;
    private readonly Informer _cronJobs;
    private readonly Informer _jobs;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly ComponentEvents _events;

    public CronJobController(ControllerContext context)
    {
        _context = context;
        _resource = Resources.CronJobsIn(context.Version);
        _cronJobs = context.InformerOf(_resource);
        _jobs = context.InformerOf(Resources.Jobs);
        _queue = context.QueueOf<ObjectName>(Sync);
        _events = context.EventsOf("cronjob-controller");
        _cronJobs.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        _jobs.Changed += (before, after) =>
        {
            var job = (after ?? before)!;
            if (job.ControllerReference() is { } reference && reference.Text("kind") == "CronJob")
            {
                _queue.Add(new ObjectName(job.Namespace(), reference.Text("name") ?? ""));
            }
        };
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_cronJobs.Get(key.Namespace, key.Name) is not { } cronJob)
        {
            return SyncResult.Done;
        }

        var jobs = _jobs.Objects.Where(job => job.Namespace() == key.Namespace && job.IsControlledBy(cronJob)).OrderBy(static job => job.CreatedAt()).ThenBy(static job => job.Name(), StringComparer.Ordinal).ToList();
        var status = FollowJobs(cronJob, jobs);
        TrimHistory(cronJob, jobs);
        if (cronJob.IsBeingDeleted())
        {
            return SyncResult.FromSuccess(_context.UpdateStatus(_resource, cronJob, status));
        }

        return Schedule(cronJob, status, jobs);
    }

    // Which Jobs are active, and since when the last success is.
    private Doc FollowJobs(Doc cronJob, List<Doc> jobs)
    {
        var status = cronJob["status"] ?? Doc.Empty;
        var active = status.List("active").ToList();
        foreach (var job in jobs)
        {
            var at = active.FindIndex(reference => reference.Text("uid") == job.Uid());
            if (at >= 0 && JobOutcome.IsFinished(job))
            {
                active.RemoveAt(at);
                var how = Conditions.Find(job, "Complete")?.Text("status") == "True" ? "Complete" : "Failed";
                Say(cronJob, "Normal", "SawCompletedJob", $"Saw completed job: {job.Name()}, {(_context.Version.Minor >= 31 ? "condition" : "status")}: {how}");
            }
            else if (at < 0 && !JobOutcome.IsFinished(job) && !job.IsBeingDeleted())
            {
                active.Add(ReferenceTo(job));
            }

            if (Conditions.Find(job, "Complete")?.Text("status") == "True"
                && job.Text("status", "completionTime") is { } completed
                && Timestamps.Parse(completed) > Timestamps.Parse(status.Text("lastSuccessfulTime"))
                && _context.Version.Minor >= 21)
            {
                status = status.With(completed, "lastSuccessfulTime");
            }
        }

        active.RemoveAll(reference => !jobs.Exists(job => job.Uid() == reference.Text("uid")) && IsGone(cronJob, reference));
        return status.With(active.Count == 0 ? null : Doc.Arr(active), "active");
    }

    // A Job that was just made may not have been seen yet.
    private bool IsGone(Doc cronJob, Doc reference)
    {
        var reply = _context.Client.Send(ApiRequest.Get(Resources.Jobs, cronJob.Namespace(), reference.Text("name") ?? ""));
        return reply.Reason == "NotFound" || (reply.IsSuccess && reply.Response!.Body.Uid() != reference.Text("uid"));
    }

    private void TrimHistory(Doc cronJob, List<Doc> jobs)
    {
        Trim("Complete", cronJob.Int("spec", "successfulJobsHistoryLimit") ?? 3);
        Trim("Failed", cronJob.Int("spec", "failedJobsHistoryLimit") ?? 1);

        void Trim(string condition, long limit)
        {
            var finished = jobs.Where(job => Conditions.Find(job, condition)?.Text("status") == "True" && !job.IsBeingDeleted()).ToList();
            foreach (var job in finished.Take((int)Math.Max(0, finished.Count - limit)))
            {
                Delete(cronJob, job);
            }
        }
    }

    private SyncResult Schedule(Doc cronJob, Doc status, List<Doc> jobs)
    {
        if (cronJob.Flag("spec", "suspend") == true)
        {
            return SyncResult.FromSuccess(_context.UpdateStatus(_resource, cronJob, status));
        }

        if (CronTimes.Of(cronJob, status, _context) is not { } times)
        {
            Say(cronJob, "Warning", "UnparseableSchedule", $"unparseable schedule: \"{cronJob.Text("spec", "schedule")}\"");
            return SyncResult.FromSuccess(_context.UpdateStatus(_resource, cronJob, status));
        }

        if (times.TooManyMissed)
        {
            Say(cronJob, "Warning", "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }

        if (times.Due is { } due && Start(cronJob, ref status, jobs, due) is false)
        {
            return SyncResult.Failure;
        }

        return !_context.UpdateStatus(_resource, cronJob, status) ? SyncResult.Failure
            : times.Next is { } next ? SyncResult.After(next - _context.UtcNow + Delta)
            : SyncResult.Done;
    }

    // False: try again.
    private bool Start(Doc cronJob, ref Doc status, List<Doc> jobs, DateTimeOffset due)
    {
        if (cronJob.Int("spec", "startingDeadlineSeconds") is { } deadline && due.AddSeconds(deadline) < _context.UtcNow)
        {
            Say(cronJob, "Warning", "MissSchedule", $"Missed scheduled time to start a job: {due.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000");
            return true;
        }

        var name = $"{cronJob.Name()}-{due.ToUnixTimeSeconds() / 60}";
        if (jobs.Exists(job => job.Name() == name) || status.List("active").Any(reference => reference.Text("name") == name))
        {
            return true;
        }

        var policy = cronJob.Text("spec", "concurrencyPolicy");
        if (policy == "Forbid" && !status.List("active").IsEmpty)
        {
            Say(cronJob, "Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return true;
        }

        if (policy == "Replace")
        {
            foreach (var reference in status.List("active"))
            {
                if (jobs.Find(job => job.Uid() == reference.Text("uid")) is { } running)
                {
                    Delete(cronJob, running);
                }
            }

            status = status.Without("active");
        }

        var reply = _context.Client.Send(ApiRequest.Create(Resources.Jobs, cronJob.Namespace(), Make(cronJob, name, due)));
        if (!reply.IsSuccess)
        {
            if (reply.Reason == "AlreadyExists")
            {
                return true;
            }

            Say(cronJob, "Warning", "FailedCreate", $"Error creating job: {reply.Response?.Message ?? reply.ConnectionError}");
            return false;
        }

        Say(cronJob, "Normal", "SuccessfulCreate", $"Created job {name}");
        status = status.With(Doc.Arr(status.List("active").Add(ReferenceTo(reply.Response!.Body))), "active")
            .With(Timestamps.Time(due.ToUniversalTime()), "lastScheduleTime");
        return true;
    }

    private Doc Make(Doc cronJob, string name, DateTimeOffset due)
    {
        var annotations = cronJob.At("spec", "jobTemplate", "metadata", "annotations");
        if (_context.Version.Minor >= 28)
        {
            annotations = (annotations ?? Doc.Empty).With(due.ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture).Replace("+00:00", "Z"), "batch.kubernetes.io/cronjob-scheduled-timestamp");
        }

        return Doc.Obj(
            ("apiVersion", "batch/v1"),
            ("kind", "Job"),
            ("metadata", Doc.Obj(
                ("name", name),
                ("namespace", cronJob.Namespace()),
                ("labels", cronJob.At("spec", "jobTemplate", "metadata", "labels")),
                ("annotations", annotations),
                ("ownerReferences", Doc.Arr(Metadata.ReferenceTo(cronJob, _resource.ApiVersion, "CronJob"))))),
            ("spec", cronJob.At("spec", "jobTemplate", "spec")));
    }

    private void Delete(Doc cronJob, Doc job)
    {
        var reply = _context.Client.Send(ApiRequest.Delete(Resources.Jobs, job.Namespace(), job.Name()) with
        {
            Options = new ApiOptions { PropagationPolicy = "Background" },
        });
        if (reply.IsSuccess)
        {
            Say(cronJob, "Normal", "SuccessfulDelete", $"Deleted job {job.Name()}");
        }
    }

    private static Doc ReferenceTo(Doc job) => Doc.Obj(
        ("apiVersion", "batch/v1"),
        ("kind", "Job"),
        ("name", job.Name()),
        ("namespace", job.Namespace()),
        ("uid", job.Uid()),
        ("resourceVersion", job.At("metadata", "resourceVersion")));

    private void Say(Doc cronJob, string type, string reason, string message) =>
        _events.Record(cronJob, "CronJob", _resource.ApiVersion, type, reason, message);
}
