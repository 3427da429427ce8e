using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>
/// A pod in a line: READY, STATUS and RESTARTS (printers.go: printPod). The status is the phase, unless a container tells more:
/// what an init container waits for, why a container is not running, that the pod is going away.
/// </summary>
internal sealed class PodSummary
{
    private readonly Doc _pod;
    private bool _initializing;

    private PodSummary(Doc pod) => (_pod, Status) = (pod, "");

    public string Status { get; private set; }

    public int Ready { get; private set; }

    public int Total { get; private set; }

    public long Restarts { get; private set; }

    public DateTimeOffset? LastRestart { get; private set; }

    public static PodSummary Of(Doc pod, int minor)
    {
        var summary = new PodSummary(pod);
        summary.Read(minor);
        return summary;
    }

    private void Read(int minor)
    {
        Total = _pod.List("spec", "containers").Length;
        Status = _pod.Text("status", "reason") is { Length: > 0 } reason ? reason : _pod.Text("status", "phase") ?? "";
        if (ConditionReason("PodScheduled") == "SchedulingGated")
        {
            Status = "SchedulingGated";
        }

        var sidecars = _pod.List("spec", "initContainers").Where(IsSidecar).Select(each => each.Text("name")).ToHashSet();
        Total += sidecars.Count;
        var (sidecarRestarts, lastSidecarRestart) = ReadInitContainers(sidecars);
        if (!_initializing || HasTrueCondition("Initialized"))
        {
            (Restarts, LastRestart) = (sidecarRestarts, lastSidecarRestart);
            ReadContainers();
        }

        if (_pod.Text("metadata", "deletionTimestamp") is not null)
        {
            var isOver = _pod.Text("status", "phase") is "Succeeded" or "Failed";
            Status = _pod.Text("status", "reason") == "NodeLost" ? "Unknown"
                : isOver && minor >= 27 ? Status
                : "Terminating";
        }
    }

    private (long Restarts, DateTimeOffset? Last) ReadInitContainers(HashSet<string?> sidecars)
    {
        long sidecarRestarts = 0;
        DateTimeOffset? lastSidecarRestart = null;
        var statuses = _pod.List("status", "initContainerStatuses");
        for (var i = 0; i < statuses.Length; i++)
        {
            var status = statuses[i];
            Restarts += status.Int("restartCount") ?? 0;
            LastRestart = Later(LastRestart, status);
            var isSidecar = sidecars.Contains(status.Text("name"));
            if (isSidecar)
            {
                sidecarRestarts += status.Int("restartCount") ?? 0;
                lastSidecarRestart = Later(lastSidecarRestart, status);
            }

            if (status.At("state", "terminated") is { } ended && ended.Int("exitCode") == 0)
            {
                continue;
            }

            if (isSidecar && status.Flag("started") == true)
            {
                Ready += status.Flag("ready") == true ? 1 : 0;
                continue;
            }

            Status = InitStatus(status, i);
            _initializing = true;
            break;
        }

        return (sidecarRestarts, lastSidecarRestart);
    }

    private string InitStatus(Doc status, int index)
    {
        if (status.At("state", "terminated") is { } ended)
        {
            return "Init:" + (ended.Text("reason") is { Length: > 0 } why ? why : ExitText(ended));
        }

        return status.Text("state", "waiting", "reason") is { Length: > 0 } waiting and not "PodInitializing"
            ? "Init:" + waiting
            : $"Init:{index}/{_pod.List("spec", "initContainers").Length}";
    }

    private void ReadContainers()
    {
        var hasRunning = false;
        var statuses = _pod.List("status", "containerStatuses");
        for (var i = statuses.Length - 1; i >= 0; i--)
        {
            var status = statuses[i];
            Restarts += status.Int("restartCount") ?? 0;
            LastRestart = Later(LastRestart, status);
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                Status = waiting;
            }
            else if (status.At("state", "terminated") is { } ended)
            {
                Status = ended.Text("reason") is { Length: > 0 } why ? why : ExitText(ended);
            }
            else if (status.Flag("ready") == true && status.At("state", "running") is not null)
            {
                hasRunning = true;
                Ready++;
            }
        }

        if (Status == "Completed" && hasRunning)
        {
            Status = HasTrueCondition("Ready") ? "Running" : "NotReady";
        }
    }

    private static bool IsSidecar(Doc container) => container.Text("restartPolicy") == "Always";

    private static string ExitText(Doc ended) =>
        ended.Int("signal") is > 0 and var signal ? $"Signal:{signal}" : $"ExitCode:{ended.Int("exitCode") ?? 0}";

    private static DateTimeOffset? Later(DateTimeOffset? known, Doc status) =>
        ObjectMeta.ParseTime(status.Text("lastState", "terminated", "finishedAt")) is { } finished && (known is null || finished > known)
            ? finished
            : known;

    private bool HasTrueCondition(string type) =>
        _pod.List("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private string? ConditionReason(string type) =>
        _pod.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type)?.Text("reason");
}
