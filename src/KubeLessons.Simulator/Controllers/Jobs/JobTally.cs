using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>
/// How many of a Job's pods succeeded and failed. Since 1.26 each finished pod is written down, then released by its finalizer,
/// then counted, each step in the API, so that none is forgotten when it is deleted and none is counted twice
/// (pkg/controller/job: trackJobStatusAndRemoveFinalizers). Before, the pods that are there are counted.
/// </summary>
internal sealed class JobTally
{
    private const string Uncounted = "uncountedTerminatedPods";

    private readonly ControllerContext _context;
    private readonly SortedSet<long> _completed;
    private readonly SortedSet<string> _succeeded = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _failed = new(StringComparer.Ordinal);

    public JobTally(ControllerContext context, Doc job)
    {
        (_context, Job) = (context, job);
        _completed = IndexSet.Parse(job.Text("status", "completedIndexes"));
    }

    /// <summary>The Job as it is by now.</summary>
    public Doc Job { get; private set; }

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    public IReadOnlySet<long> CompletedIndexes => _completed;

    /// <summary>The status with the counts.</summary>
    public Doc Status { get; private set; } = Doc.Empty;

    /// <summary>Counts. False: something could not be written, look again.</summary>
    /// <param name="pods">All pods of the Job.</param>
    /// <param name="isIgnored">Failures that the Job's podFailurePolicy does not count.</param>
    public bool Count(IReadOnlyList<Doc> pods, Func<Doc, bool> isIgnored)
    {
        AddIndexes(pods);
        if (!JobPods.AreTracked(_context.Version))
        {
            Succeeded = JobPods.IsIndexed(Job) ? _completed.Count : pods.Count(static pod => pod.Phase() == "Succeeded");
            Failed = pods.Count(static pod => pod.Phase() == "Failed");
            Status = WithCounts(Job["status"] ?? Doc.Empty);
            return true;
        }

        if (!WriteDown(pods, isIgnored) || !Release(pods))
        {
            return false;
        }

        Succeeded = JobPods.IsIndexed(Job) ? _completed.Count : (Job.Int("status", "succeeded") ?? 0) + _succeeded.Count;
        Failed = (Job.Int("status", "failed") ?? 0) + _failed.Count;
        Status = WithCounts((Job["status"] ?? Doc.Empty).With(Doc.Empty, Uncounted));
        return true;
    }

    private static Doc? NonZero(long count) => count == 0 ? null : count;

    private Doc WithCounts(Doc status)
    {
        status = status.With(NonZero(Succeeded), "succeeded").With(NonZero(Failed), "failed");
        return JobPods.IsIndexed(Job) && _completed.Count > 0 ? status.With(IndexSet.Write(_completed), "completedIndexes") : status;
    }

    private void AddIndexes(IEnumerable<Doc> pods)
    {
        if (!JobPods.IsIndexed(Job))
        {
            return;
        }

        foreach (var pod in pods)
        {
            if (pod.Phase() == "Succeeded" && JobPods.IndexOf(pod) is { } index && index < (Job.Int("spec", "completions") ?? 0))
            {
                _completed.Add(index);
            }
        }
    }

    // Who has ended, by UID, into the status; the counts stay as they are.
    private bool WriteDown(IReadOnlyList<Doc> pods, Func<Doc, bool> isIgnored)
    {
        _succeeded.UnionWith(Texts(Job.List("status", Uncounted, "succeeded")));
        _failed.UnionWith(Texts(Job.List("status", Uncounted, "failed")));
        var before = _succeeded.Count + _failed.Count;
        foreach (var pod in pods)
        {
            if (!pod.HasFinalizer(JobPods.TrackingFinalizer))
            {
                continue;
            }

            if (pod.Phase() == "Succeeded")
            {
                _succeeded.Add(pod.Uid());
            }
            else if ((pod.Phase() == "Failed" || IsLost(pod)) && !isIgnored(pod))
            {
                _failed.Add(pod.Uid());
            }
        }

        if (_succeeded.Count + _failed.Count == before)
        {
            return true;
        }

        var uncounted = Doc.Obj(("succeeded", List(_succeeded)), ("failed", List(_failed)));
        var reply = _context.Client.Send(ApiRequest.Update(Resources.Jobs, Job.With(uncounted, "status", Uncounted), "status"));
        Job = reply.IsSuccess ? reply.Response!.Body : Job;
        return reply.IsSuccess;
    }

    private bool Release(IReadOnlyList<Doc> pods)
    {
        var success = true;
        foreach (var pod in pods)
        {
            if (!pod.HasFinalizer(JobPods.TrackingFinalizer) || !(pod.IsTerminated() || IsLost(pod)))
            {
                continue;
            }

            success &= RemoveFinalizer(_context, pod);
        }

        return success;
    }

    /// <summary>Lets a pod go that needs not be counted any more.</summary>
    public static bool RemoveFinalizer(ControllerContext context, Doc pod)
    {
        var left = pod.List("metadata", "finalizers").Where(static item => item.AsText != JobPods.TrackingFinalizer).ToList();
        var patch = Doc.Obj(("metadata", Doc.Obj(("uid", pod.Uid()), ("finalizers", left.Count == 0 ? Doc.Null : Doc.Arr(left)))));
        var reply = context.Client.Send(ApiRequest.MergePatch(Resources.Pods, pod.Namespace(), pod.Name(), patch));
        return reply.IsSuccess || reply.Reason is "NotFound" or "Conflict";
    }

    // A pod that is being deleted before it had a node will never run.
    private static bool IsLost(Doc pod) => pod.IsBeingDeleted() && pod.NodeName() is null;

    private static IEnumerable<string> Texts(IEnumerable<Doc> items) => items.Select(static item => item.AsText ?? "");

    private static Doc? List(IReadOnlyCollection<string> uids) => uids.Count == 0 ? null : Doc.Arr(uids.Select(static uid => (Doc)uid));
}
