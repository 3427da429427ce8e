namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>How a sync of a pod went.</summary>
internal sealed class SyncOutcome(DateTimeOffset now)
{
    /// <summary>When the sync began.</summary>
    public DateTimeOffset Now => now;

    /// <summary>When the pod is to be looked at again at the latest; null: when something happens.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>Something could not be done: try again after the usual pause (10 s and up to half as much).</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What failed is expected to pass soon: try again after 1 s and up to half as much.</summary>
    public bool IsTransient { get; private set; }

    /// <summary>The pod has Succeeded or Failed: what is left of it is to be stopped.</summary>
    public bool IsTerminal { get; set; }

    public void LookAgainBy(DateTimeOffset time) => Deadline = Deadline is { } earlier && earlier < time ? earlier : time;

    public void Fail(bool isTransient = false)
    {
        IsTransient = isTransient && (!HasFailed || IsTransient);
        HasFailed = true;
    }
}
