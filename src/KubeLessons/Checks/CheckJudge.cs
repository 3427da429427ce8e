using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>
/// Judges one check on a trace. It reads on from where it stopped, so asking again after every change costs only that change;
/// several changes at one instant count as one, because no clock could tell the states between them apart.
/// </summary>
public sealed class CheckJudge
{
    private readonly CheckSpec _check;
    private readonly Trace _trace;
    private readonly DateTimeOffset _anchor;
    private readonly Func<ClusterState, Viewpoint> _view;
    private readonly TimeJudge _time;
    private readonly ImmutableArray<Condition> _sequence;
    private readonly Condition? _end;
    private int _next;
    private Verdict? _verdict;
    private Message? _fault;

    /// <param name="check">The check.</param>
    /// <param name="trace">What is observed.</param>
    /// <param name="anchor">When the check's time begins.</param>
    /// <param name="variables">The lesson's variables by now.</param>
    /// <param name="cluster">The cluster's nodes and durations.</param>
    /// <param name="result">How the anchor's step ended; null when it did not run.</param>
    /// <param name="eventsSince">From when events count, where that is before the anchor: a step's own begin.</param>
    public CheckJudge(
        CheckSpec check,
        Trace trace,
        DateTimeOffset anchor,
        Variables variables,
        ClusterDescription cluster,
        CommandResult? result,
        DateTimeOffset? eventsSince = null)
    {
        (_check, _trace, _anchor) = (check, trace, anchor);
        _view = state => new Viewpoint(state, eventsSince ?? anchor, variables, cluster.Nodes, result);
        _time = TimeJudge.For(check.Time, anchor, duration => Resolve(duration, cluster));
        _sequence = check.Time is TimeOperator.Sequence sequence ? sequence.Steps : [];
        _end = check.Time is TimeOperator.Until until ? until.End : null;
        _next = trace.IndexAt(anchor);
        if (_fault is not null)
        {
            _verdict = new Verdict(CheckStanding.Errored, anchor);
        }
    }

    /// <summary>Which conditions have to be tried (probes) for the check to be judged.</summary>
    public static IEnumerable<Condition> ConditionsOf(CheckSpec check) =>
        check.That.Concat(check.Unless).Concat(check.Time switch
        {
            TimeOperator.Sequence sequence => sequence.Steps,
            TimeOperator.Until until => [until.End],
            _ => [],
        });

    /// <summary>How the check stands by all that the trace holds.</summary>
    /// <param name="isInstantOver">
    /// Whether nothing more is expected at the newest change's instant. As long as time has not passed it more may come, and states
    /// between changes of one instant do not count.
    /// </param>
    public Verdict Judge(bool isInstantOver = false)
    {
        while (_verdict is null && _next < _trace.Count)
        {
            // The last of those that share one time: what came between lasted no time.
            var last = _next;
            while (last + 1 < _trace.Count && _trace[last + 1].At == _trace[_next].At)
            {
                last++;
            }

            if (!isInstantOver && _trace[last].At >= _trace.Now && _trace[last].At > _anchor && _trace[last].At < _time.Deadline)
            {
                break;
            }

            See(_trace[last]);
            _next = last + 1;
        }

        if (_verdict is null)
        {
            _time.CompleteUntil(_trace.Now);
            _verdict = _time.Decided;
        }

        return _verdict ?? new Verdict(CheckStanding.Pending, _time.Deadline);
    }

    /// <summary>What a report says of the check, decided or not.</summary>
    public CheckExplanation Explain()
    {
        var verdict = Judge();
        var state = verdict.IsDecided ? _trace.StateAt(verdict.At) : _trace.Last.State;
        return CheckExplanation.Of(_check, verdict, _view(state), _fault);
    }

    private void See(Observation observation)
    {
        var at = observation.At < _anchor ? _anchor : observation.At;
        var view = _view(observation.State);
        for (var i = 0; i < _check.Unless.Length; i++)
        {
            var finding = Look(_check.Unless[i], view);
            if (finding && at <= _time.Deadline)
            {
                _verdict = new Verdict(CheckStanding.Failed, at, VerdictReason.Unless, i);
                return;
            }
        }

        var each = new bool[_sequence.Length];
        for (var i = 0; i < each.Length; i++)
        {
            each[i] = Look(_sequence[i], view);
        }

        var holds = _check.That.All(condition => Look(condition, view));
        var end = _end is not null && Look(_end, view);
        if (_fault is not null)
        {
            _verdict = new Verdict(CheckStanding.Errored, at);
            return;
        }

        _time.See(new Instant(at, holds, each, end));
        _verdict = _time.Decided;
    }

    private bool Look(Condition condition, Viewpoint view)
    {
        var finding = ConditionEvaluator.Evaluate(condition, view);
        _fault ??= finding.Fault;
        return finding.Holds;
    }

    private TimeSpan Resolve(Duration duration, ClusterDescription cluster)
    {
        if (duration.TryResolve(cluster.Durations, out var span, out var unknown))
        {
            return span;
        }

        _fault ??= Message.Of("check.unknownDuration", unknown!);
        return TimeSpan.Zero;
    }
}
