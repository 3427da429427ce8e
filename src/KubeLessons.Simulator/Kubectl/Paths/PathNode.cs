using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Paths;

/// <summary>A part of a JSONPath template in kubectl's dialect (https://kubernetes.io/docs/reference/kubectl/jsonpath/).</summary>
internal abstract record PathNode
{
    /// <summary>What stands in one pair of braces, or one member of a union: its parts are applied one after the other.</summary>
    public sealed record Sequence(ImmutableArray<PathNode> Parts) : PathNode;

    /// <summary>Text outside of braces, or quoted inside of them.</summary>
    public sealed record Text(string Value) : PathNode;

    /// <summary>A number or boolean in a filter.</summary>
    public sealed record Literal(Doc Value) : PathNode;

    /// <summary><c>.name</c> or <c>['name']</c>; the empty name is the value itself.</summary>
    public sealed record Field(string Name) : PathNode;

    /// <summary><c>*</c>.</summary>
    public sealed record Wildcard : PathNode;

    /// <summary><c>..</c>: the value and all that is in it.</summary>
    public sealed record Descent : PathNode;

    /// <summary><c>[start:end:step]</c>; an index is a slice of length one.</summary>
    public sealed record Slice(int? Start, int? End, int? Step, bool IsIndex) : PathNode;

    /// <summary><c>[?(left op right)]</c>; the operator <c>exists</c> has no right side.</summary>
    public sealed record Filter(Sequence Left, string Operator, Sequence? Right) : PathNode;

    /// <summary><c>[a,b]</c>.</summary>
    public sealed record Union(ImmutableArray<Sequence> Members) : PathNode;

    /// <summary><c>range</c> or <c>end</c>.</summary>
    public sealed record Keyword(string Name) : PathNode;
}
