using KubeLessons.Clusters;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>
/// What came of looking at one condition at one instant. A condition that cannot be judged (a broken expression, an unknown
/// resource) is a <see cref="Fault"/>: the lesson's mistake, never the learner's.
/// </summary>
/// <param name="Holds">Whether it is true.</param>
/// <param name="Expected">What the author asked for, in the words of what is compared.</param>
/// <param name="Actual">What was there instead (or as asked).</param>
/// <param name="Since">Since when that was so; null where it has no time.</param>
/// <param name="Subject">The object that decided, for the nearest event; null where it is none.</param>
public sealed record Finding(bool Holds, Message Expected, Message Actual, DateTimeOffset? Since = null, ObjectId? Subject = null)
{
    /// <summary>Why the condition could not be judged; null when it could.</summary>
    public Message? Fault { get; init; }

    /// <summary>The opposite: for <c>not CONDITION</c>.</summary>
    public Finding Negated() => this with { Holds = !Holds && Fault is null };

    public static Finding Faulty(Message fault) => new(false, fault, fault) { Fault = fault };
}

/// <summary>Words of findings that are the same in every language: values that were compared.</summary>
internal static class Said
{
    public static Message Verbatim(string text) => Message.Of("check.verbatim", text);

    public static Message NotThere { get; } = Message.Of("check.notThere");

    public static Message There { get; } = Message.Of("check.there");

    public static Message NotSeenYet { get; } = Message.Of("check.notSeenYet");
}
