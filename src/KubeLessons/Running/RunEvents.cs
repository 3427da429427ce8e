using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Running;

/// <summary>What happens while a lesson runs, for a host to show. The hierarchy is closed.</summary>
public abstract record RunEvent;

public sealed record LessonStarted(Lesson Lesson, ClusterDescription Cluster) : RunEvent;

/// <summary>The run has come to a block; text blocks are shown and do nothing else.</summary>
public sealed record BlockReached(Block Block) : RunEvent;

/// <summary>A block that this cluster cannot carry, or that lacks a value, was left out.</summary>
public sealed record BlockSkipped(Block Block, Message Reason) : RunEvent;

public sealed record CommandStarted(string Step, PlannedCommand Command, DateTimeOffset At) : RunEvent;

public sealed record OutputProduced(OutputChunk Chunk) : RunEvent;

public sealed record CommandEnded(string Step, CommandResult Result) : RunEvent;

/// <summary>Values were read for a let block.</summary>
public sealed record ValuesNamed(LetBlock Block, ImmutableArray<KeyValuePair<string, string>> Values) : RunEvent;

/// <summary>A transcript's command was run to see what it prints now.</summary>
public sealed record TranscriptRecorded(TranscriptEntry Entry, CommandResult Result) : RunEvent;

/// <summary>A check needs time: at the latest, it is decided then.</summary>
public sealed record CheckAwaited(CheckSpec Check, DateTimeOffset Now, DateTimeOffset Deadline) : RunEvent;

public sealed record CheckEnded(CheckResult Result) : RunEvent;

public sealed record PredictionAsked(PredictBlock Question, string? Answer) : RunEvent;

public sealed record PredictionEnded(PredictionResult Result) : RunEvent;

public sealed record LessonEnded(LessonReport Report) : RunEvent
{
    /// <summary>All that was observed; null where nobody observed.</summary>
    public Checks.Trace? Trace { get; init; }
}
