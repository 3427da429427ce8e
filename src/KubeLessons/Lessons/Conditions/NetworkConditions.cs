namespace KubeLessons.Lessons;

/// <summary>Where a request is made from: a node, or inside of a pod.</summary>
/// <param name="Node">The node, or null.</param>
/// <param name="Pod">The pod (<c>pod/NAME [-n NAMESPACE]</c>), or null.</param>
public sealed record Vantage(NodeReference? Node, ResourceSelection? Pod);

/// <summary><c>http URL from NODE|pod/NAME …</c>: what a GET brings.</summary>
public sealed record HttpCondition(ConditionSource Source, string Url, Vantage From, HttpOutcome Outcome) : Condition(Source);

/// <summary>What a request brings. The hierarchy is closed: an outcome is one of the nested records.</summary>
public abstract record HttpOutcome
{
    private HttpOutcome()
    {
    }

    /// <summary><c>= 200 [body contains TEXT]</c>: an answer with this status and, where given, this text in its body.</summary>
    public sealed record Answers(int Status, string? BodyContains) : HttpOutcome;

    /// <summary><c>fails [refused|timeout|no-route]</c>: no answer, for this reason or for any.</summary>
    public sealed record Fails(ConnectFailure? Reason) : HttpOutcome;
}

/// <summary>Why no connection came about.</summary>
public enum ConnectFailure
{
    /// <summary>Nobody listens there: <c>refused</c>.</summary>
    Refused,

    /// <summary>Nobody answers: <c>timeout</c>.</summary>
    Timeout,

    /// <summary>No way leads there: <c>no-route</c>.</summary>
    NoRoute,
}

/// <summary><c>dns NAME from NODE|pod/NAME -> IP</c>: the name resolves to the address.</summary>
public sealed record DnsCondition(ConditionSource Source, string Name, Vantage From, string Address) : Condition(Source);

/// <summary><c>port NODE:22 open|refused|filtered</c>: what a TCP connection from outside meets.</summary>
public sealed record PortCondition(ConditionSource Source, NodeReference Node, int Port, PortState State) : Condition(Source);

/// <summary>What a TCP connection meets.</summary>
public enum PortState
{
    /// <summary>Somebody answers.</summary>
    Open,

    /// <summary>The host says no.</summary>
    Refused,

    /// <summary>Nothing comes back.</summary>
    Filtered,
}
