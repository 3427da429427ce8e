namespace KubeLessons.Checks;

/// <summary>
/// What a time operator sees: from which time on its conditions held, or did not. Each state lasts until the next one's time.
/// </summary>
/// <param name="At">From when.</param>
/// <param name="Holds">Whether all conditions held.</param>
/// <param name="Each">Whether each of a sequence's conditions held; empty for every other operator.</param>
/// <param name="EndHolds">Whether an <c>until</c>'s end condition held.</param>
internal readonly record struct Instant(DateTimeOffset At, bool Holds, bool[] Each, bool EndHolds);
