using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>
/// When a check's conditions must hold, on the cluster's clock, counted from the check's <see cref="Anchor"/>. Judged on the recorded
/// trace of changes, so that a state of ten milliseconds counts too. The hierarchy is closed: an operator is one of the nested records.
/// </summary>
public abstract record TimeOperator
{
    private TimeOperator()
    {
    }

    /// <summary><c>now</c>, the default: at the instant the anchor ended.</summary>
    public sealed record Now : TimeOperator;

    /// <summary><c>eventually: D</c>: at some instant within D.</summary>
    public sealed record Eventually(Duration Within) : TimeOperator;

    /// <summary><c>consistently: D</c>: at every instant of D.</summary>
    public sealed record Consistently(Duration For) : TimeOperator;

    /// <summary><c>settles: {within: D, for: D}</c>: they come to hold within the first and then hold without a break for the second.</summary>
    public sealed record Settles(Duration Within, Duration For) : TimeOperator;

    /// <summary><c>never: D</c>: at no instant of D.</summary>
    public sealed record Never(Duration For) : TimeOperator;

    /// <summary><c>window: [min, max]</c>: they come to hold between the two; earlier is wrong too.</summary>
    public sealed record Window(Duration Min, Duration Max) : TimeOperator;

    /// <summary><c>until: CONDITION</c> with <c>within: D</c>: they hold at every instant until the end condition does, which it must within D.</summary>
    public sealed record Until(Condition End, Duration Within) : TimeOperator;

    /// <summary><c>sequence: […]</c> with <c>within: D</c>: each condition comes to hold, in this order, all within D.</summary>
    public sealed record Sequence(ImmutableArray<Condition> Steps, Duration Within) : TimeOperator;
}
