using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>
/// Runs Jobs to their end (pkg/controller/job): as many pods at a time as parallelism allows, new ones for failed ones with
/// growing pauses, until enough succeeded or too many failed or the time is over.
/// </summary>
internal sealed class JobController
{
    private readonly ControllerContext _context;
    private readonly Informer _jobs;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Expectations _expectations;
    private readonly ComponentEvents _events;

    public JobController(ControllerContext context)
    {
        _context = context;
        _jobs = context.InformerOf(Resources.Jobs);
        _queue = context.QueueOf<ObjectName>(Sync);
        _expectations = new Expectations(context.World);
        _events = context.EventsOf("job-controller");
        _jobs.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        var pod = (after ?? before)!;
        if (pod.ControllerReference() is { } reference && reference.Text("kind") == "Job")
        {
            var job = new ObjectName(pod.Namespace(), reference.Text("name") ?? "");
            if (before is null)
            {
                _expectations.CreationSeen(job);
            }

            if (after is null || after.IsBeingDeleted())
            {
                _expectations.DeletionSeen(job, pod.Uid());
            }

            _queue.Add(job);
        }
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_jobs.Get(key.Namespace, key.Name) is not { } job)
        {
            _expectations.Forget(key);
            return SyncResult.FromSuccess(ReleaseOrphans(key));
        }

        if (JobOutcome.IsFinished(job))
        {
            return AfterTheEnd(job);
        }

        var candidates = _context.PodsByController.Of(job.Uid()).Concat(_context.PodsByController.Of(ControllerContext.OrphansOf(key.Namespace))).ToList();
        if (new Adoption(_context, job, Resources.Jobs, "Job", Resources.Pods).Claim(candidates) is not { } pods)
        {
            return SyncResult.Failure;
        }

        var tally = new JobTally(_context, job);
        if (!tally.Count(pods, pod => PodFailurePolicy.Match(job, pod, _context.Version)?.Action == "Ignore"))
        {
            return SyncResult.Failure;
        }

        return Drive(tally, pods);
    }

    private SyncResult Drive(JobTally tally, List<Doc> pods)
    {
        var job = tally.Job;
        var now = _context.UtcNow;
        var status = tally.Status;
        var active = pods.Where(static pod => pod.IsActive()).ToList();
        var isSuspended = job.Flag("spec", "suspend") == true;
        if (status["startTime"] is null && !isSuspended)
        {
            status = status.With(_context.Timestamp, "startTime");
        }

        var outcome = JobOutcome.Of(job, status, tally, active, pods, _context);
        TimeSpan? again = outcome?.IsFinal == true ? null : JobOutcome.UntilDeadline(job, status, now);
        var success = true;
        if (outcome is not null)
        {
            success = DeletePods(job, active);
            active = success ? [] : active;
        }
        else if (isSuspended)
        {
            success = DeletePods(job, active);
            active = success ? [] : active;
            status = Suspend(job, status.Without("startTime"));
        }
        else
        {
            status = Resume(job, status);
            if (_expectations.AreMet(job.Key()) && !job.IsBeingDeleted())
            {
                var work = new JobWork(job, tally, active, pods, _context);
                success = Carry(job, work);
                active = [.. active.Except(work.Delete), .. work.Made];
                again = Sooner(again, work.Again);
            }
        }

        status = status.With(active.Count == 0 ? null : active.Count, "active");
        if (_context.Version.Minor >= 24)
        {
            status = status.With(active.Count(static pod => pod.IsReady()), "ready");
        }

        if (_context.Version.Minor >= 29)
        {
            status = status.With(pods.Count(static pod => pod.IsBeingDeleted() && !pod.IsTerminated()), "terminating");
        }

        status = outcome is null ? status : outcome.Write(job, status, _context, (type, reason, message) => Say(job, type, reason, message));
        return !_context.UpdateStatus(Resources.Jobs, job, status) || !success ? SyncResult.Failure
            : again is { } wait ? SyncResult.After(wait)
            : SyncResult.Done;
    }

    private static TimeSpan? Sooner(TimeSpan? a, TimeSpan? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;

    private bool Carry(Doc job, JobWork work)
    {
        if (work.Create.Count + work.Delete.Count > 0)
        {
            _expectations.Expect(job.Key(), work.Create.Count, work.Delete.Select(static pod => pod.Uid()));
        }

        var success = Remove(job, work.Delete);
        foreach (var index in work.Create)
        {
            var reply = _context.Client.Send(ApiRequest.Create(Resources.Pods, job.Namespace(), JobPods.Make(job, index, _context.Version)));
            if (reply.IsSuccess)
            {
                Say(job, "Normal", "SuccessfulCreate", $"Created pod: {reply.Response!.Body.Name()}");
                work.Made.Add(reply.Response.Body);
                continue;
            }

            _expectations.CreationSeen(job.Key());
            Say(job, "Warning", "FailedCreate", $"Error creating: {reply.Response?.Message ?? reply.ConnectionError}");
            success = false;
        }

        return success;
    }

    private bool DeletePods(Doc job, List<Doc> pods)
    {
        if (pods.Count == 0)
        {
            return true;
        }

        _expectations.ExpectDeletions(job.Key(), pods.Select(static pod => pod.Uid()));
        return Remove(job, pods);
    }

    private bool Remove(Doc job, List<Doc> pods)
    {
        var success = true;
        foreach (var pod in pods)
        {
            // A pod that is taken away needs not be counted.
            if (pod.HasFinalizer(JobPods.TrackingFinalizer))
            {
                JobTally.RemoveFinalizer(_context, pod);
            }

            var reply = _context.Client.Send(ApiRequest.Delete(Resources.Pods, pod.Namespace(), pod.Name()));
            if (reply.IsSuccess)
            {
                Say(job, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
                continue;
            }

            _expectations.DeletionSeen(job.Key(), pod.Uid());
            success &= reply.Reason == "NotFound";
        }

        return success;
    }

    private Doc Suspend(Doc job, Doc status)
    {
        if (Conditions.FindIn(status["conditions"], "Suspended")?.Text("status") == "True")
        {
            return status;
        }

        Say(job, "Normal", "Suspended", "Job suspended");
        return status.With(Conditions.Replace(status["conditions"], JobOutcome.Condition("Suspended", "True", "JobSuspended", "Job suspended", _context)), "conditions");
    }

    private Doc Resume(Doc job, Doc status)
    {
        if (Conditions.FindIn(status["conditions"], "Suspended")?.Text("status") != "True")
        {
            return status;
        }

        Say(job, "Normal", "Resumed", "Job resumed");
        return status.With(_context.Timestamp, "startTime")
            .With(Conditions.Replace(status["conditions"], JobOutcome.Condition("Suspended", "False", "JobResumed", "Job resumed", _context)), "conditions");
    }

    // A finished Job goes when its ttlSecondsAfterFinished are over (pkg/controller/ttlafterfinished); its pods are let go before.
    private SyncResult AfterTheEnd(Doc job)
    {
        foreach (var pod in _context.PodsByController.Of(job.Uid()).ToList())
        {
            if (pod.HasFinalizer(JobPods.TrackingFinalizer) && !JobTally.RemoveFinalizer(_context, pod))
            {
                return SyncResult.Failure;
            }
        }

        if (job.Int("spec", "ttlSecondsAfterFinished") is not { } ttl || job.IsBeingDeleted() || _context.Version.Minor < 21)
        {
            return SyncResult.Done;
        }

        var left = JobOutcome.FinishedAt(job).AddSeconds(ttl) - _context.UtcNow;
        if (left > TimeSpan.Zero)
        {
            return SyncResult.After(left);
        }

        var reply = _context.Client.Send(ApiRequest.Delete(Resources.Jobs, job.Namespace(), job.Name()) with
        {
            Options = new ApiOptions { PropagationPolicy = "Foreground", PreconditionUid = job.Uid() },
        });
        return SyncResult.FromSuccess(reply.IsSuccess || reply.Reason is "NotFound" or "Conflict");
    }

    // The Job is gone and its pods still wait to be counted: nobody will.
    private bool ReleaseOrphans(ObjectName key)
    {
        var success = true;
        foreach (var pod in _context.InformerOf(Resources.Pods).Objects.ToList())
        {
            if (pod.Namespace() == key.Namespace
                && pod.HasFinalizer(JobPods.TrackingFinalizer)
                && pod.ControllerReference() is { } reference
                && reference.Text("kind") == "Job"
                && reference.Text("name") == key.Name)
            {
                success &= JobTally.RemoveFinalizer(_context, pod);
            }
        }

        return success;
    }

    private void Say(Doc job, string type, string reason, string message) => _events.Record(job, "Job", "batch/v1", type, reason, message);
}
