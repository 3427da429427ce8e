namespace KubeLessons.Lessons;

/// <summary>
/// <c>SELECTION TEST</c>: the test holds for the named object, or for every chosen object (and there is at least one). <c>absent</c> and
/// <c>count</c> judge the selection as a whole.
/// </summary>
public sealed record ResourceCondition(ConditionSource Source, ResourceSelection Selection, ResourceTest Test) : Condition(Source);

/// <summary>What is asked of an object. The hierarchy is closed: a test is one of the nested records.</summary>
public abstract record ResourceTest
{
    private ResourceTest()
    {
    }

    /// <summary><c>condition=C[=V]</c>: the entry of <c>status.conditions</c> whose type is C has the status V, by default True (as in kubectl wait, letter case apart).</summary>
    public sealed record HasCondition(string Type, string Status) : ResourceTest;

    /// <summary><c>jsonpath={…}=V</c>: what the path finds compares with V; without V it finds something.</summary>
    public sealed record JsonPath(string Path, Comparison Comparison, string? Value) : ResourceTest;

    /// <summary><c>taint=K[=V]:EFFECT</c>: the node has the taint; without V any value will do.</summary>
    public sealed record HasTaint(string Key, string? Value, string Effect) : ResourceTest;

    /// <summary><c>exists</c>: the object, or at least one of the chosen, is there.</summary>
    public sealed record Exists : ResourceTest;

    /// <summary><c>absent</c>: the object, or every one of the chosen, is not there.</summary>
    public sealed record Absent : ResourceTest;

    /// <summary><c>deleting</c>: it has a deletionTimestamp and is still there.</summary>
    public sealed record Deleting : ResourceTest;

    /// <summary><c>count OP N</c>: so many are chosen.</summary>
    public sealed record Count(Comparison Comparison, int Number) : ResourceTest;
}

/// <summary>How two values compare.</summary>
public enum Comparison
{
    /// <summary><c>=</c> or <c>==</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>=~</c>: the regular expression is found in it.</summary>
    Matches,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,
}
