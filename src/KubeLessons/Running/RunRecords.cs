using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>A step of a run as it fills up.</summary>
internal sealed class StepRecord(string name, string node, string commands, DateTimeOffset begun)
{
    private readonly List<PlannedCommand> _ran = [];

    public string Name => name;

    public string Node => _ran.Count > 0 ? _ran[^1].Node : node;

    /// <summary>Cluster time just before the learner acted.</summary>
    public DateTimeOffset Begun => begun;

    /// <summary>How the last command ended; null when none was run.</summary>
    public CommandResult? Result { get; private set; }

    public List<CheckResult> Checks { get; } = [];

    public void Ran(PlannedCommand command, CommandResult result)
    {
        _ran.Add(command);
        Result = result;
    }

    public StepResult ToResult() =>
        new(name, Node, _ran.Count > 0 ? string.Concat(_ran.Select(command => command.Script)) : commands, Result, [.. Checks]);
}

/// <summary>A prediction that waits for its moment.</summary>
internal sealed class PendingPrediction(PredictBlock question, string? answer)
{
    public PredictBlock Question => question;

    public string? Answer => answer;

    /// <summary>When it is judged; null until its step has ended.</summary>
    public DateTimeOffset? Due { get; set; }
}
