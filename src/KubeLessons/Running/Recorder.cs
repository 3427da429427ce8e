using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>Keeps the trace of a run in step with its cluster.</summary>
internal sealed class Recorder
{
    /// <summary>While a check waits, what no watch reports is tried again this often.</summary>
    public static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait before what changed last counts as all that changed then.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ICluster _cluster;
    private long _position;

    public Recorder(ICluster cluster, ClusterChanges opening)
    {
        _cluster = cluster;
        Trace = new Trace(opening.Items.Length > 0 ? opening.Items[0].At : opening.Now);
        Add(opening);
    }

    public Trace Trace { get; }

    /// <summary>
    /// Until when to wait, at most, before a check is judged again: a moment after a change, so that what it decides is decided
    /// then; a probe period, where something has to be tried; else the check's own deadline.
    /// </summary>
    public DateTimeOffset NextLook(DateTimeOffset deadline, bool hasProbes)
    {
        var next = hasProbes ? Trace.Now + ProbePeriod
            : Trace.Last.At >= Trace.Now ? Trace.Now + Moment
            : deadline;
        return next < deadline ? next : deadline;
    }

    /// <summary>Records what has happened by now.</summary>
    public async ValueTask CatchUpAsync(CancellationToken cancellation) =>
        Add(await _cluster.ObserveAsync(_position, cancellation).ConfigureAwait(false));

    /// <summary>Lets time pass until something happens, or until this time.</summary>
    public async ValueTask WaitAsync(DateTimeOffset atMost, CancellationToken cancellation)
    {
        var left = atMost - Trace.Now;
        if (left > TimeSpan.Zero)
        {
            await _cluster.WaitAsync(left, cancellation).ConfigureAwait(false);
        }

        await CatchUpAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask WaitUntilAsync(DateTimeOffset time, CancellationToken cancellation)
    {
        while (Trace.Now < time)
        {
            await WaitAsync(time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Tries what these conditions need to have tried, and records the outcomes as facts. False when they need nothing.</summary>
    public async ValueTask<bool> TryProbesAsync(
        IEnumerable<Condition> conditions, Variables variables, string node, CancellationToken cancellation)
    {
        var any = false;
        foreach (var probe in conditions.SelectMany(condition => Probe.For(condition, variables, _cluster.Description.Nodes, node)))
        {
            any = true;
            var command = new ClusterCommand(probe.Node, probe.Script, variables.Values, ClusterCommand.DefaultAtMost);
            var result = await _cluster.RunAsync(command, null, cancellation).ConfigureAwait(false);
            await CatchUpAsync(cancellation).ConfigureAwait(false);
            Trace.Add(new FactChange(result.Ended, probe.Fact, ProbeOutcome.Write(result)));
        }

        return any;
    }

    private void Add(ClusterChanges changes)
    {
        foreach (var change in changes.Items)
        {
            Trace.Add(change);
        }

        _position = changes.Position;
        Trace.CompleteUntil(changes.Now);
    }
}
