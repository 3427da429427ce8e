using System.Collections.Immutable;

namespace KubeLessons.Lessons.Linting;

/// <summary>Something of a block that a translation must not change.</summary>
/// <param name="Name">What it is, in the format's own words: <c>on</c>, <c>that</c>, <c>commands</c>.</param>
/// <param name="Value">What it says.</param>
internal sealed record BlockAspect(string Name, string Value)
{
    /// <summary>Where it stands, when that is known more exactly than the block.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Aspects are the same when they say the same, wherever they stand.</summary>
    public bool Equals(BlockAspect? other) => other is not null && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value);
}

/// <summary>Takes blocks apart into what a translation must not change.</summary>
internal static class BlockAspects
{
    /// <summary>The role and name of a block, e.g. <c>check=unknown</c>; null for prose, which is the translator's.</summary>
    public static string? LabelOf(Block block) => block switch
    {
        StepBlock step => $"name={step.Name}",
        TodoBlock todo => $"todo={todo.Id}",
        SolutionBlock solution => $"solution={solution.Todo}",
        CheckBlock check => $"check={check.Check.Id}",
        PredictBlock predict => $"predict={predict.Id}",
        FileBlock file => $"file={file.Path}",
        LetBlock => "let",
        CleanupBlock => "cleanup",
        TranscriptBlock => "console",
        HintBlock hint => $"hint {hint.Tier} ({hint.Step})",
        _ => null,
    };

    public static ImmutableArray<BlockAspect> Of(LessonHeader header) =>
    [
        new("id", header.Id),
        new("minutes", $"{header.Minutes}"),
        new("difficulty", $"{header.Difficulty}"),
        new("needs", string.Join(", ", header.Needs)),
        new("kubernetes", $"{header.Kubernetes}"),
        new("cluster.nodes", string.Join(", ", header.Cluster.Nodes.Select(node => $"{node.Name}: {node.Role}"))),
        new("cluster.addons", string.Join(", ", header.Cluster.Addons)),
        new("cluster.seed", $"{header.Cluster.Seed}"),
        new("touches", string.Join(", ", header.Touches)),
        new("defaults", $"{header.Defaults.On}, {header.Defaults.Eventually}"),
        new("pass", $"{header.Pass.Amount}{(header.Pass.IsPercent ? "%" : string.Empty)}"),
    ];

    public static ImmutableArray<BlockAspect> Of(Block block) => [.. Common(block.Attributes), .. Own(block)];

    private static IEnumerable<BlockAspect> Common(BlockAttributes attributes)
    {
        yield return new("on", $"{attributes.On}");
        yield return new("kubernetes", $"{attributes.Kubernetes}");
        yield return new("cluster", $"{attributes.Cluster}");
        yield return new("notes", string.Join(',', attributes.Notes));
    }

    private static IEnumerable<BlockAspect> Own(Block block) => block switch
    {
        StepBlock step => [new("commands", WithoutComments(step.Commands)), new("harmless", Harmless(step.Harmless))],
        SolutionBlock solution => [new("commands", WithoutComments(solution.Commands)), new("harmless", Harmless(solution.Harmless))],
        CleanupBlock cleanup => [new("commands", WithoutComments(cleanup.Commands))],
        FileBlock file => [new("content", WithoutComments(file.Content))],
        LetBlock let => let.Bindings.Select(binding => new BlockAspect(binding.Name, binding.Value.Text) { Position = binding.Position }),
        TranscriptBlock transcript => transcript.Entries.Select(entry => new BlockAspect("$", entry.Command + "\n" + entry.Output) { Position = entry.Position }),
        PredictBlock predict => OfPredict(predict),
        CheckBlock check => OfCheck(check.Check),
        _ => [],
    };

    private static IEnumerable<BlockAspect> OfPredict(PredictBlock predict)
    {
        yield return new("at", $"{predict.At.Step} + {predict.At.Delay}");
        yield return new("observe", predict.Observe?.Text ?? string.Empty);
        foreach (var choice in predict.Choices)
        {
            yield return new("choices", choice.Value is null ? choice.Key : $"{choice.Key} = {choice.Value}") { Position = choice.Position };
            foreach (var condition in choice.When) yield return Of("when", condition);
        }
    }

    private static IEnumerable<BlockAspect> OfCheck(CheckSpec check)
    {
        yield return new("after", check.After.Name);
        yield return new("points", $"{check.Points}");
        foreach (var aspect in OfTime(check.Time)) yield return aspect;
        foreach (var condition in check.That) yield return Of("that", condition);
        foreach (var condition in check.Unless) yield return Of("unless", condition);
    }

    private static IEnumerable<BlockAspect> OfTime(TimeOperator time) => time switch
    {
        TimeOperator.Eventually eventually => [new("eventually", eventually.Within.Text)],
        TimeOperator.Consistently consistently => [new("consistently", consistently.For.Text)],
        TimeOperator.Settles settles => [new("settles", $"within {settles.Within}, for {settles.For}")],
        TimeOperator.Never never => [new("never", never.For.Text)],
        TimeOperator.Window window => [new("window", $"[{window.Min}, {window.Max}]")],
        TimeOperator.Until until => [Of("until", until.End), new("within", until.Within.Text)],
        TimeOperator.Sequence sequence => sequence.Steps.Select(condition => Of("sequence", condition)).Append(new("within", sequence.Within.Text)),
        _ => [new("now", string.Empty)],
    };

    private static BlockAspect Of(string name, Condition condition) => new(name, condition.Text) { Position = condition.Position };

    private static string Harmless(ImmutableArray<HarmlessMutant> mutants) => string.Join(',', mutants.Select(mutant => mutant.Mutant));

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.AsSpan().TrimStart().StartsWith("#")));
}
