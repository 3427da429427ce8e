using System.Text.Json;

namespace KubeLessons.Lessons;

/// <summary>
/// <c>object: {partial manifest}</c>: an object of this kind and name has at least these fields. Lists are matched by the <c>name</c> or
/// <c>type</c> key of their entries, not by position. Without <c>metadata.name</c> any object of the kind will do.
/// </summary>
/// <param name="Source">The author's words.</param>
/// <param name="Manifest">The partial manifest; its strings may hold variables.</param>
public sealed record ObjectCondition(ConditionSource Source, JsonElement Manifest) : Condition(Source);

/// <summary><c>{jmespath: EXPRESSION, over: SELECTION}</c>: the expression is true (in JMESPath's sense: not null, false or empty).</summary>
/// <param name="Source">The author's words.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Over">What it is evaluated over: the named object, or <c>{items: […]}</c> of the chosen ones.</param>
public sealed record JmesPathCondition(ConditionSource Source, string Expression, ResourceSelection Over) : Condition(Source);

/// <summary><c>event REASON [on SELECTION]</c>: an event of this reason has been recorded since the check's anchor.</summary>
/// <param name="Source">The author's words.</param>
/// <param name="Reason">The event's reason, e.g. <c>NodeNotReady</c>.</param>
/// <param name="On">The object that it is about, or null for any.</param>
public sealed record EventCondition(ConditionSource Source, string Reason, ResourceSelection? On) : Condition(Source);
