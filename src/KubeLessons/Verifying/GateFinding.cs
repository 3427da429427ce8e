using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Verifying;

/// <summary>What the authors' gate proves of a lesson, in the order in which it does.</summary>
public enum Gate
{
    /// <summary>Whoever does nothing fails every check that demands a change.</summary>
    Unsolved,

    /// <summary>Whoever does what the lesson says passes.</summary>
    Solved,

    /// <summary>Whoever does one thing slightly wrong fails.</summary>
    Mutants,

    /// <summary>Other seeds, same grade.</summary>
    Seeds,

    /// <summary>Same seed, same bytes.</summary>
    SameBytes,

    /// <summary>The translation has the same blocks.</summary>
    Translations,

    /// <summary>No text above a prediction gives its answer away.</summary>
    Predictions,

    /// <summary>A transcript shows what its commands print.</summary>
    Transcripts,
}

/// <summary>A fault that the gate found.</summary>
public sealed record GateFault(Gate Gate, SourcePosition Position, Message Message);

/// <summary>How a mutant of a step ended.</summary>
public enum MutantFate
{
    /// <summary>A check noticed it.</summary>
    Killed,

    /// <summary>No check noticed it: a hole in the checks.</summary>
    Survived,

    /// <summary>No check noticed it, and the author says why that is right.</summary>
    Harmless,

    /// <summary>It did nothing that the step itself had not done: running it twice changed nothing.</summary>
    Equivalent,
}

/// <summary>A mutant and its fate; <see cref="By"/> is the check that killed it, or the author's reason.</summary>
public sealed record MutantResult(string Step, StepMutant Mutant, MutantFate Fate, string By);

/// <summary>What the gate found of one lesson.</summary>
/// <param name="Lesson">The lesson.</param>
/// <param name="Faults">Every fault; none: the lesson is proved.</param>
/// <param name="Mutants">All mutants that were tried.</param>
/// <param name="SeedsTried">How many other seeds.</param>
/// <param name="Runs">How often the lesson was run.</param>
public sealed record GateResult(
    Lesson Lesson, IReadOnlyList<GateFault> Faults, IReadOnlyList<MutantResult> Mutants, int SeedsTried, int Runs)
{
    public bool IsProved => Faults.Count == 0;

    /// <summary>The transcripts' commands that print something else by now, with what they print.</summary>
    public IReadOnlyList<StaleTranscript> Stale { get; init; } = [];
}
