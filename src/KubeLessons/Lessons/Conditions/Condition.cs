namespace KubeLessons.Lessons;

/// <summary>
/// Something that is true or false of one instant of a run. The hierarchy is closed: a condition is one of the records of this
/// folder. Strings may hold variables (<c>$node</c>, <c>${node}</c>), replaced by <see cref="Variables.Substitute(string)"/> while the lesson runs.
/// </summary>
public abstract record Condition
{
    private protected Condition(ConditionSource source) => Source = source;

    /// <summary>The author's words and their place.</summary>
    public ConditionSource Source { get; init; }

    /// <summary>The condition as the author wrote it: what a report names when it failed.</summary>
    public string Text => Source.Text;

    /// <summary>Where it stands.</summary>
    public SourcePosition Position => Source.Position;
}

/// <summary>The author's words of a condition and their place.</summary>
public sealed record ConditionSource(string Text, SourcePosition Position);

/// <summary><c>not CONDITION</c>: the other condition does not hold.</summary>
public sealed record NotCondition(ConditionSource Source, Condition Inner) : Condition(Source);
