using System.Collections.Immutable;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Running;

/// <summary>One run of a lesson: what has become of it so far.</summary>
internal sealed class LessonRun
{
    private readonly Lesson _lesson;
    private readonly ICluster _cluster;
    private readonly ILearner _learner;
    private readonly Action<RunEvent> _onEvent;
    private readonly RunOptions _options;
    private readonly Recorder _recorder;
    private readonly DateTimeOffset _started;
    private readonly List<StepRecord> _steps = [];
    private readonly Dictionary<string, DateTimeOffset> _anchors = new(StringComparer.Ordinal);
    private readonly List<PendingPrediction> _pending = [];
    private readonly List<PredictionResult> _predictions = [];
    private readonly Carrying _carrying;
    private Variables _variables = Variables.None;

    public LessonRun(
        Lesson lesson, ICluster cluster, ILearner learner, Action<RunEvent> onEvent, RunOptions options, ClusterChanges opening)
    {
        (_lesson, _cluster, _learner, _onEvent, _options) = (lesson, cluster, learner, onEvent, options);
        _started = opening.Now;
        _carrying = new Carrying(lesson, cluster.Description);
        _recorder = new Recorder(cluster, opening);
    }

    /// <summary>Why the run ends before its end; null while it does not.</summary>
    public Message? Stopped { get; set; }

    public bool MustStop { get; private set; }

    /// <summary>All that was observed so far.</summary>
    public Trace Trace => _recorder.Trace;

    public async Task GoThroughAsync(Block block, CancellationToken cancellation)
    {
        _onEvent(new BlockReached(block));
        if (_carrying.WhyNot(block, NodeOf(block)) is { } reason)
        {
            Skip(block, reason);
            return;
        }

        if (block is ProseBlock or HintBlock or SolutionBlock or CleanupBlock || (block is TranscriptBlock && !_options.RecordsTranscripts))
        {
            return;
        }

        var description = _cluster.Description;
        if (!block.Attributes.AppliesTo(description.Kind, description.Kubernetes))
        {
            Skip(block, Message.Of("run.notForThisCluster", description.Kubernetes.ToString()));
            return;
        }

        switch (block)
        {
            case FileBlock file:
                await WriteFileAsync(file, cancellation).ConfigureAwait(false);
                break;
            case TranscriptBlock transcript:
                await RecordAsync(transcript, cancellation).ConfigureAwait(false);
                break;
            case LetBlock let:
                await NameValuesAsync(let, cancellation).ConfigureAwait(false);
                break;
            case PredictBlock predict:
                await AskAsync(predict, cancellation).ConfigureAwait(false);
                break;
            case StepBlock step:
                await ActAsync(step, step.Name, step.Commands, cancellation).ConfigureAwait(false);
                break;
            case TodoBlock todo:
                await ActAsync(todo, todo.Id, _lesson.SolutionOf(todo)?.Commands ?? "", cancellation).ConfigureAwait(false);
                break;
            case CheckBlock check:
                await CheckAsync(check, cancellation).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Judges the predictions whose moment has come; with <paramref name="wait"/> lets time pass until each has.</summary>
    public async Task SettlePredictionsAsync(bool wait, CancellationToken cancellation)
    {
        foreach (var pending in _pending.Where(pending => pending.Due is not null).ToList())
        {
            var due = pending.Due!.Value;
            if (wait)
            {
                await _recorder.WaitUntilAsync(due, cancellation).ConfigureAwait(false);
            }

            if (_recorder.Trace.Now < due)
            {
                continue;
            }

            // What no watch reports is tried now, which takes time; everything else is read as it was at the moment that decides.
            var conditions = pending.Question.Choices.SelectMany(choice => choice.When);
            var hasProbes = await _recorder.TryProbesAsync(conditions, _variables, DefaultNode(), cancellation).ConfigureAwait(false);
            var moment = hasProbes ? _recorder.Trace.Now : due;
            End(pending, Predicting.WhatCameTrue(pending.Question, View(moment, pending.Question.At.Step), StepNamed));
        }
    }

    /// <summary>Runs the cleanup blocks: after the last block, after a failure, and after an interrupt.</summary>
    public async Task CleanUpAsync()
    {
        foreach (var cleanup in _lesson.Blocks.OfType<CleanupBlock>())
        {
            if (NodeOf(cleanup) is { } node)
            {
                await _cluster.RunAsync(CommandFor(node, cleanup.Commands), null, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    public LessonReport Report()
    {
        foreach (var pending in _pending.ToList())
        {
            End(pending, null);
        }

        return new LessonReport(
            _lesson,
            _cluster.Description,
            _started,
            _recorder.Trace.Now - _started,
            [.. _steps.Select(step => step.ToResult())],
            [.. _predictions.OrderBy(prediction => prediction.Question.Position)])
        {
            Stopped = Stopped,
        };
    }

    private async Task WriteFileAsync(FileBlock file, CancellationToken cancellation)
    {
        if (NodeOf(file) is not { } node)
        {
            SkipForUnknownNode(file);
            return;
        }

        var end = "END_OF_FILE";
        while (file.Content.Contains(end, StringComparison.Ordinal))
        {
            end += "_";
        }

        var folder = file.Path.LastIndexOf('/') is > 0 and var slash ? $"mkdir -p '{file.Path[..slash]}'\n" : "";
        await _cluster.RunAsync(
            new ClusterCommand(node, $"{folder}cat > '{file.Path}' <<'{end}'\n{file.Content}{end}\n"), null, cancellation).ConfigureAwait(false);
        await _recorder.CatchUpAsync(cancellation).ConfigureAwait(false);
    }

    private async Task RecordAsync(TranscriptBlock transcript, CancellationToken cancellation)
    {
        if (NodeOf(transcript) is not { } node)
        {
            SkipForUnknownNode(transcript);
            return;
        }

        foreach (var entry in transcript.Entries)
        {
            var result = await _cluster.RunAsync(CommandFor(node, entry.Command), null, cancellation).ConfigureAwait(false);
            await _recorder.CatchUpAsync(cancellation).ConfigureAwait(false);
            _onEvent(new TranscriptRecorded(entry, result));
        }
    }

    private async Task NameValuesAsync(LetBlock let, CancellationToken cancellation)
    {
        var named = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var binding in let.Bindings)
        {
            var value = await ReadAsync(binding.Value, cancellation).ConfigureAwait(false);
            if (value is null)
            {
                Skip(let, Message.Of("run.noValue", binding.Name, binding.Value.Text));
                return;
            }

            _variables = _variables.With(binding.Name, value);
            named.Add(new(binding.Name, value));
        }

        _onEvent(new ValuesNamed(let, named.DrainToImmutable()));
    }

    private async Task<string?> ReadAsync(ObservedValue value, CancellationToken cancellation)
    {
        var deadline = _recorder.Trace.Now + Resolve(_lesson.Header.Defaults.Eventually);
        while (true)
        {
            if (Predicting.Read(value, View(_recorder.Trace.Now, null), StepNamed) is { Length: > 0 } found)
            {
                return found;
            }

            if (_recorder.Trace.Now >= deadline)
            {
                return null;
            }

            await _recorder.WaitAsync(deadline, cancellation).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(PredictBlock question, CancellationToken cancellation)
    {
        var answer = await _learner.PredictAsync(question, cancellation).ConfigureAwait(false);
        _pending.Add(new PendingPrediction(question, answer));
        _onEvent(new PredictionAsked(question, answer));
    }

    private async Task ActAsync(Block block, string name, string commands, CancellationToken cancellation)
    {
        await SettlePredictionsAsync(wait: true, cancellation).ConfigureAwait(false);
        if (NodeOf(block) is not { } node)
        {
            SkipForUnknownNode(block);
            return;
        }

        var step = new StepRecord(name, node, commands, _recorder.Trace.Now);
        _steps.Add(step);
        if (block is TodoBlock)
        {
            _anchors[name] = _recorder.Trace.Now;
        }

        LearnerAction action;
        do
        {
            action = await _learner.ActAsync(new Invitation(block, name, node, commands), cancellation).ConfigureAwait(false);
            foreach (var command in action.Commands)
            {
                await RunAsync(step, command, cancellation).ConfigureAwait(false);
            }
        }
        while (!action.IsDone);

        if (block is not TodoBlock)
        {
            _anchors[name] = step.Result?.Ended ?? _recorder.Trace.Now;
        }

        foreach (var pending in _pending.Where(pending => pending.Question.At.Step == name))
        {
            pending.Due = (step.Result?.Ended ?? _recorder.Trace.Now) + Resolve(pending.Question.At.Delay);
        }

        await SettlePredictionsAsync(wait: false, cancellation).ConfigureAwait(false);
    }

    private async Task RunAsync(StepRecord step, PlannedCommand command, CancellationToken cancellation)
    {
        _onEvent(new CommandStarted(step.Name, command, _recorder.Trace.Now));
        var result = await _cluster.RunAsync(
            CommandFor(command.Node, command.Script), chunk => _onEvent(new OutputProduced(chunk)), cancellation).ConfigureAwait(false);
        await _recorder.CatchUpAsync(cancellation).ConfigureAwait(false);
        step.Ran(command, result);
        _onEvent(new CommandEnded(step.Name, result));
    }

    private async Task CheckAsync(CheckBlock block, CancellationToken cancellation)
    {
        var check = block.Check;
        var step = StepOf(check.After);
        var result = _anchors.TryGetValue(check.After.Name, out var anchor) && step is not null
            ? await JudgeAsync(check, anchor, step, cancellation).ConfigureAwait(false)
            : new CheckResult(check, CheckOutcome.Failed, null, Message.Of("check.stepDidNotRun"));
        if (result is { Outcome: CheckOutcome.Passed, Explanation: { } explanation })
        {
            _anchors[check.Id] = explanation.Verdict.At;
        }

        (step ?? StepOrFirst()).Checks.Add(result);
        _onEvent(new CheckEnded(result));
        if (_options.FailFast && result.Outcome is CheckOutcome.Failed or CheckOutcome.Errored)
        {
            MustStop = true;
        }
    }

    private async Task<CheckResult> JudgeAsync(CheckSpec check, DateTimeOffset anchor, StepRecord step, CancellationToken cancellation)
    {
        var conditions = CheckJudge.ConditionsOf(check).ToList();
        var hasProbes = await _recorder.TryProbesAsync(conditions, _variables, step.Node, cancellation).ConfigureAwait(false);
        if (hasProbes && check.Time is TimeOperator.Now)
        {
            // A try takes time; "now" is then the instant at which it was over.
            anchor = _recorder.Trace.Now;
        }

        var eventsSince = check.After.Kind == AnchorKind.Step ? step.Begun : anchor;
        var judge = new CheckJudge(check, _recorder.Trace, anchor, _variables, _cluster.Description, step.Result, eventsSince);
        var verdict = judge.Judge(isInstantOver: hasProbes);
        if (!verdict.IsDecided)
        {
            _onEvent(new CheckAwaited(check, _recorder.Trace.Now, verdict.At));
        }

        while (!verdict.IsDecided)
        {
            await _recorder.WaitAsync(_recorder.NextLook(verdict.At, hasProbes), cancellation).ConfigureAwait(false);
            if (hasProbes)
            {
                await _recorder.TryProbesAsync(conditions, _variables, step.Node, cancellation).ConfigureAwait(false);
            }

            verdict = judge.Judge(isInstantOver: hasProbes);
        }

        var outcome = verdict.Standing switch
        {
            CheckStanding.Passed => CheckOutcome.Passed,
            CheckStanding.Failed => CheckOutcome.Failed,
            _ => CheckOutcome.Errored,
        };
        return new CheckResult(check, outcome, judge.Explain(), null) { HeldBefore = HeldBefore(check, step) };
    }

    private bool HeldBefore(CheckSpec check, StepRecord step)
    {
        var before = View(step.Begun, null);
        return check.That.Length > 0 && check.That.All(condition => ConditionEvaluator.Evaluate(condition, before).Holds);
    }

    private StepRecord? StepOf(Anchor anchor)
    {
        while (anchor.Kind == AnchorKind.Check)
        {
            if (_lesson.Checks.FirstOrDefault(block => block.Check.Id == anchor.Name) is not { } block)
            {
                return null;
            }

            anchor = block.Check.After;
        }

        return StepNamed(anchor.Name);
    }

    private StepRecord? StepNamed(string name) => _steps.FindLast(step => step.Name == name);

    private StepRecord StepOrFirst()
    {
        if (_steps.Count == 0)
        {
            _steps.Add(new StepRecord("-", DefaultNode(), "", _started));
        }

        return _steps[^1];
    }

    private Viewpoint View(DateTimeOffset at, string? step) => new(
        _recorder.Trace.StateAt(at),
        step is not null && _anchors.TryGetValue(step, out var anchor) ? anchor : _started,
        _variables,
        _cluster.Description.Nodes,
        step is null ? null : StepNamed(step)?.Result);

    private string? NodeOf(Block block)
    {
        var reference = block.Attributes.On;
        if (reference is null && block is SolutionBlock solution)
        {
            reference = _lesson.Blocks.OfType<TodoBlock>().FirstOrDefault(todo => todo.Id == solution.Todo)?.Attributes.On;
        }

        return (reference ?? _lesson.Header.Defaults.On).Resolve(_variables, _cluster.Description.Nodes);
    }

    private string DefaultNode() =>
        _lesson.Header.Defaults.On.Resolve(_variables, _cluster.Description.Nodes) ?? _cluster.Description.Nodes[0].Name;

    private ClusterCommand CommandFor(string node, string script) =>
        new(node, script, _variables.Values, _options.CommandAtMost);

    // An unknown symbol is the check's fault to report; for a wait of the run itself the lesson's default stands in.
    private TimeSpan Resolve(Duration duration) =>
        duration.TryResolve(_cluster.Description.Durations, out var span, out _) ? span : TimeSpan.FromMinutes(1);

    private void End(PendingPrediction pending, string? observed)
    {
        _pending.Remove(pending);
        var result = new PredictionResult(pending.Question, pending.Answer, observed);
        _predictions.Add(result);
        _onEvent(new PredictionEnded(result));
    }

    private void SkipForUnknownNode(Block block) =>
        Skip(block, Message.Of("run.noNode", (block.Attributes.On ?? _lesson.Header.Defaults.On).Text));

    private void Skip(Block block, Message reason)
    {
        _carrying.LeftOut(block, reason);
        _onEvent(new BlockSkipped(block, reason));
        if (block is CheckBlock check)
        {
            (StepOf(check.Check.After) ?? StepOrFirst()).Checks.Add(new CheckResult(check.Check, CheckOutcome.Skipped, null, reason));
        }
    }
}
