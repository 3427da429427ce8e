using System.Collections.Immutable;
using System.Text;
using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

/// <summary>Writes a lesson's blocks in a few words each, the way the specification shows them.</summary>
internal static class LessonSummary
{
    public static string Of(Lesson lesson)
    {
        var text = new StringBuilder();
        foreach (var block in lesson.Blocks) text.AppendLine(Line(block) + Attributes(block.Attributes)).Append(Details(block));
        return text.ToString();
    }

    public static string OfHeader(LessonHeader header) =>
        $"lesson {header.Id} [{header.Language}] {header.Title}: {header.Minutes} minutes, {header.Difficulty}\n"
        + Field("needs", string.Join(' ', header.Needs)) + Field("kubernetes", header.Kubernetes.ToString())
        + Field("nodes", string.Join(' ', header.Cluster.Nodes.Select(node => $"{node.Name}({(node.Role == NodeRole.Worker ? "worker" : "control-plane")})")))
        + Field("addons", string.Join(' ', header.Cluster.Addons)) + Field("seed", $"{header.Cluster.Seed}") + Field("touches", string.Join(' ', header.Touches))
        + Field("on", header.Defaults.On.Text) + Field("eventually", header.Defaults.Eventually.Text) + Field("pass", $"{header.Pass.Amount}{(header.Pass.IsPercent ? "%" : string.Empty)}");

    private static string Field(string name, string value) => value.Length == 0 ? string.Empty : $"  {name} {value}\n";

    private static string Line(Block block) => block switch
    {
        StepBlock step => $"step {step.Name}: {Flat(step.Commands)}{string.Concat(step.Harmless.Select(mutant => $" | harmless {mutant.Mutant}: {mutant.Reason}"))}",
        TodoBlock todo => $"todo {todo.Id}: {Flat(todo.Goal)}",
        SolutionBlock solution => $"solution {solution.Todo}: {Flat(solution.Commands)}",
        CleanupBlock cleanup => $"cleanup: {Flat(cleanup.Commands)}",
        FileBlock file => $"file {file.Path}: {Flat(file.Content)}",
        LetBlock => "let",
        CheckBlock { Check: var check } => $"check {check.Id} after {check.After.Kind.ToString().ToLowerInvariant()} {check.After.Name}, {check.Points} points{Notes(check.Notes)}: {Time(check.Time)}",
        PredictBlock predict => $"predict {predict.Id} at {predict.At.Step} + {predict.At.Delay}: {predict.Ask}",
        TranscriptBlock => "transcript",
        HintBlock hint => $"hint {hint.Tier} for {hint.Step}: {hint.Summary} | {Flat(hint.Markdown)}",
        ProseBlock prose => $"prose{(prose.HeadingLevel > 0 ? $" {new string('#', prose.HeadingLevel)} {prose.Heading}" : string.Empty)}: {Flat(prose.Markdown)}",
        _ => throw new InvalidOperationException(block.GetType().Name),
    };

    private static string Details(Block block) => string.Concat((block switch
    {
        CheckBlock { Check: var check } => Check(check),
        LetBlock let => let.Bindings.Select(binding => $"{binding.Name} = {Value(binding.Value)}"),
        PredictBlock predict => predict.Choices.SelectMany(choice => When(choice)).Concat(predict.Observe is { } value ? [$"observe {Value(value)}"] : []),
        TranscriptBlock transcript => transcript.Entries.Select(entry => $"$ {Flat(entry.Command)} -> {entry.OutputLines} lines from line {entry.OutputLine}"),
        _ => [],
    }).Select(line => $"  {line}\n"));

    private static IEnumerable<string> When(PredictChoice choice) =>
        choice.When.Select(condition => $"when {Condition(condition)}").Prepend($"choice {choice.Key}: {choice.Text}{(choice.Value is null ? string.Empty : $" = {choice.Value}")}");

    private static IEnumerable<string> Check(CheckSpec check)
    {
        foreach (var condition in check.That) yield return $"that {Condition(condition)}";
        if (check.Time is TimeOperator.Sequence sequence)
            foreach (var step in sequence.Steps) yield return $"then {Condition(step)}";
        foreach (var condition in check.Unless) yield return $"unless {Condition(condition)}";
        if (check.Hint is not null) yield return $"hint {check.Hint}";
        if (check.Why is not null) yield return $"why {check.Why}";
    }

    private static string Time(TimeOperator time) => time switch
    {
        TimeOperator.Now => "now",
        TimeOperator.Eventually { Within: var within } => $"eventually within {within}",
        TimeOperator.Consistently { For: var span } => $"consistently for {span}",
        TimeOperator.Settles settles => $"settles within {settles.Within} for {settles.For}",
        TimeOperator.Never { For: var span } => $"never for {span}",
        TimeOperator.Window window => $"window {window.Min} to {window.Max}",
        TimeOperator.Until until => $"until {Condition(until.End)} within {until.Within}",
        TimeOperator.Sequence sequence => $"sequence within {sequence.Within}",
        _ => throw new InvalidOperationException(time.GetType().Name),
    };

    private static string Condition(Condition condition) => condition switch
    {
        NotCondition not => $"NOT {Condition(not.Inner)}",
        ResourceCondition resource => $"{Selection(resource.Selection)}: {Test(resource.Test)}",
        ObjectCondition manifest => $"object {manifest.Manifest.GetRawText()}",
        JmesPathCondition jmes => $"jmespath [{jmes.Expression}] over {Selection(jmes.Over)}",
        EventCondition happened => $"event {happened.Reason}{(happened.On is null ? string.Empty : $" on {Selection(happened.On)}")}",
        UnitCondition unit => $"unit {unit.Unit} of {unit.Node} is {unit.State}",
        ModuleCondition module => $"module {module.Module} of {module.Node} {(module.Loaded ? "loaded" : "absent")}",
        SysctlCondition sysctl => $"sysctl {sysctl.Key} of {sysctl.Node} {sysctl.Comparison} [{sysctl.Value}]",
        IptablesCondition tables => $"iptables {tables.Table} {tables.Chain} of {tables.Node} {(tables.Has ? "has" : "lacks")} [{tables.Rule}]",
        ContainerCondition container => $"containers [{container.Selector}] of {container.Node} {(container.Running ? "running" : "exited")}",
        FileCondition file => $"file {file.Path} of {file.Node} {file.Test}{(file.Content is null ? string.Empty : $" [{file.Content}]")}",
        HttpCondition http => $"http {http.Url} from {From(http.From)}: {Outcome(http.Outcome)}",
        DnsCondition dns => $"dns {dns.Name} from {From(dns.From)} is {dns.Address}",
        PortCondition port => $"port {port.Port} of {port.Node} is {port.State}",
        ExitCondition exit => $"exit {exit.Comparison} {exit.Code}",
        OutputContainsCondition output => $"output contains [{output.Content}]",
        OutputMatchesCondition output => $"output matches [{output.Pattern}]",
        OutputRowCondition row => $"output row {Cell(row.Row)} has {Cell(row.Has)}",
        ShellCondition shell => $"sh [{Flat(shell.Command)}]{(shell.On is null ? string.Empty : $" on {shell.On}")}",
        _ => throw new InvalidOperationException(condition.GetType().Name),
    };

    private static string Test(ResourceTest test) => test switch
    {
        ResourceTest.HasCondition condition => $"condition {condition.Type} is {condition.Status}",
        ResourceTest.JsonPath { Value: null } path => $"{path.Path} finds something",
        ResourceTest.JsonPath path => $"{path.Path} {path.Comparison} [{path.Value}]",
        ResourceTest.HasTaint taint => $"taint {taint.Key}{(taint.Value is null ? string.Empty : "=" + taint.Value)} {taint.Effect}",
        ResourceTest.Count count => $"count {count.Comparison} {count.Number}",
        _ => test.GetType().Name.ToLowerInvariant(),
    };

    private static string Value(ObservedValue value) => value switch
    {
        ObservedValue.JsonPath path => $"{path.Path} of {Selection(path.Selection)}",
        ObservedValue.Count count => $"count of {Selection(count.Selection)}",
        ObservedValue.Unit unit => $"unit {unit.Name} of {unit.Node}",
        ObservedValue.OutputOf output => $"output of {output.Step}",
        ObservedValue.ExitOf exit => $"exit of {exit.Step}",
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    private static string Selection(ResourceSelection selection) =>
        selection.Type + (selection.Name is null ? string.Empty : "/" + selection.Name) + (selection.Selector is null ? string.Empty : $" labelled [{selection.Selector}]")
        + (selection.Namespace is null ? string.Empty : $" in {selection.Namespace}") + (selection.On is null ? string.Empty : $" on {selection.On}");

    private static string From(Vantage from) => from.Node?.Text ?? Selection(from.Pod!);

    private static string Outcome(HttpOutcome outcome) => outcome switch
    {
        HttpOutcome.Answers answers => $"{answers.Status}{(answers.BodyContains is null ? string.Empty : $" with [{answers.BodyContains}]")}",
        HttpOutcome.Fails fails => $"fails {fails.Reason?.ToString() ?? "somehow"}",
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };

    private static string Cell(CellTest cell) => $"{cell.Column} {cell.Comparison} [{cell.Value}]";

    private static string Attributes(BlockAttributes attributes) =>
        (attributes.On is null ? string.Empty : $" | on {attributes.On}")
        + (attributes.Cluster is null ? string.Empty : $" | cluster {attributes.Cluster}")
        + (attributes.Kubernetes.Bounds.IsEmpty ? string.Empty : $" | kubernetes {attributes.Kubernetes}");

    private static string Notes(ImmutableArray<string> notes) => notes.IsEmpty ? string.Empty : $", notes {string.Join(' ', notes)}";

    private static string Flat(string text) => text.Trim().Replace("\n", "⏎", StringComparison.Ordinal);
}
