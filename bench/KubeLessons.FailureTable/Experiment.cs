using System.Collections.Immutable;

namespace KubeLessons.FailureTable;

/// <summary>One part that is broken, watched and mended: the same on every lab.</summary>
/// <param name="Name">The key of its recording.</param>
/// <param name="Component">The table's first column.</param>
/// <param name="Stopped">How it is broken, for readers.</param>
/// <param name="Title">The caption of the whole part, null: the component's name.</param>
internal sealed record Experiment(string Name, string Component, string Stopped, ImmutableArray<ExperimentStep> Steps)
{
    public IEnumerable<Observation> Observations => Steps.OfType<Observation>();

    /// <summary>Whether the kit has the part at all; what it lacks is compared with the requirement study instead.</summary>
    public bool RunsOn(Side side) => Steps.All(step => step is not Observation) || Observations.Any(each => each.AppliesTo(side));
}

/// <summary>Which labs a step is for.</summary>
[Flags]
internal enum Side
{
    Simulator = 1,
    Kit = 2,
    Both = Simulator | Kit,
}

internal abstract record ExperimentStep(Side Side)
{
    public bool AppliesTo(Side side) => (Side & side) != 0;
}

/// <summary>A command that changes something.</summary>
/// <param name="Marks">Whether the clock of the following observations starts when it has ended: what breaks or mends does.</param>
/// <param name="Waits">Whether it is waited for; others run on in the background.</param>
internal sealed record CommandStep(Side Side, string Host, string Command, bool Marks, bool Waits) : ExperimentStep(Side);

/// <summary>A machine that loses its power or gets it back.</summary>
internal sealed record PowerStep(Side Side, string Host, bool On) : ExperimentStep(Side);

internal sealed record PauseStep(Side Side, TimeSpan Duration) : ExperimentStep(Side);

/// <summary>Something that is looked at: once, or again and again until it shows a pattern.</summary>
/// <param name="What">The table's third column.</param>
/// <param name="Shows">The pattern that the output must match in the end; null: it is looked at once and the words count.</param>
/// <param name="AtMost">How long the pattern is waited for.</param>
/// <param name="Span">The documented seconds within which it must show; null: both labs' times must be near each other.</param>
/// <param name="Because">Why the labs differ.</param>
/// <param name="Reference">What the requirement study says, where the kit lacks the part.</param>
/// <param name="ReferencePattern">What the simulator must show to agree with it.</param>
internal sealed record Observation(Side Side, string What, string Host, string Command, string? Shows, TimeSpan AtMost, (double From, double To)? Span,
    string? Because, string? Reference, string? ReferencePattern) : ExperimentStep(Side);

/// <summary>What one lab showed at an observation.</summary>
/// <param name="Seconds">When the pattern showed, counted from the last command that marks; null: not in time, or the words count.</param>
/// <param name="Text">What was printed (the last look), with the exit code if it is not 0.</param>
internal sealed record Shown(string What, double? Seconds, string Text);
