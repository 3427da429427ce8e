using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Running;
using KubeLessons.Texts;

namespace KubeLessons.Verifying.Comparing;

/// <summary>Listens to a run, and says of every clause when it came to hold.</summary>
internal sealed class SightRecorder
{
    private readonly Dictionary<string, (DateTimeOffset Begun, DateTimeOffset Ended, CommandResult? Result)> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _passed = new(StringComparer.Ordinal);
    private readonly List<(CheckResult Result, Variables Variables)> _checks = [];
    private Variables _variables = Variables.None;
    private Trace? _trace;
    private ClusterDescription? _cluster;

    public LessonReport? Report { get; private set; }

    public void Hear(RunEvent happened)
    {
        switch (happened)
        {
            case LessonStarted e:
                _cluster = e.Cluster;
                break;
            case CommandStarted e:
                _steps.TryAdd(e.Step, (e.At, e.At, null));
                break;
            case CommandEnded e:
                _steps[e.Step] = (_steps[e.Step].Begun, e.Result.Ended, e.Result);
                break;
            case ValuesNamed e:
                foreach (var (name, value) in e.Values)
                {
                    _variables = _variables.With(name, value);
                }

                break;
            case CheckEnded e:
                _checks.Add((e.Result, _variables));
                if (e.Result is { Outcome: CheckOutcome.Passed, Explanation: { } explanation })
                {
                    _passed[e.Result.Check.Id] = explanation.Verdict.At;
                }

                break;
            case BlockSkipped { Block: CheckBlock check } e:
                _checks.Add((new CheckResult(check.Check, CheckOutcome.Skipped, null, e.Reason), _variables));
                break;
            case LessonEnded e:
                (Report, _trace) = (e.Report, e.Trace);
                break;
        }
    }

    /// <summary>Every clause of every check, in the lesson's order.</summary>
    public IEnumerable<(string Check, string Clause, ClauseSight Sight)> Sights()
    {
        foreach (var (result, variables) in _checks)
        {
            foreach (var clause in CheckJudge.ConditionsOf(result.Check).Except(result.Check.Unless))
            {
                yield return (result.Check.Id, clause.Text, SightOf(result, clause, variables));
            }
        }
    }

    private ClauseSight SightOf(CheckResult result, Condition clause, Variables variables)
    {
        if (result.Explanation is not { } explanation || _trace is null)
        {
            return new ClauseSight(result.Outcome, null, false, "", result.Reason?.ToString() ?? "");
        }

        var anchor = AnchorOf(result.Check.After);
        var step = StepOf(result.Check.After);
        var known = step is not null && _steps.TryGetValue(step, out var found) ? found : default;
        var since = result.Check.After.Kind == AnchorKind.Step ? known.Begun : anchor;
        Finding Look(ClusterState state) => ConditionEvaluator.Evaluate(
            clause, new Viewpoint(state, since, variables, _cluster!.Nodes, known.Result));
        var decided = explanation.Verdict.At;
        TimeSpan? first = null;
        for (var i = _trace.IndexAt(anchor); i < _trace.Count && _trace[i].At <= decided; i++)
        {
            if (Look(_trace[i].State).Holds)
            {
                first = _trace[i].At <= anchor ? TimeSpan.Zero : _trace[i].At - anchor;
                break;
            }
        }

        var end = Look(_trace.StateAt(decided));
        return new ClauseSight(result.Outcome, first, end.Holds, end.Actual.ToString(), "");
    }

    private DateTimeOffset AnchorOf(Anchor anchor) => anchor.Kind switch
    {
        AnchorKind.Check => _passed.GetValueOrDefault(anchor.Name),
        AnchorKind.Todo => _steps.TryGetValue(anchor.Name, out var todo) ? todo.Begun : default,
        _ => _steps.TryGetValue(anchor.Name, out var step) ? step.Ended : default,
    };

    private string? StepOf(Anchor anchor)
    {
        while (anchor.Kind == AnchorKind.Check)
        {
            if (_checks.FirstOrDefault(check => check.Result.Check.Id == anchor.Name).Result is not { } before)
            {
                return null;
            }

            anchor = before.Check.After;
        }

        return anchor.Name;
    }
}
