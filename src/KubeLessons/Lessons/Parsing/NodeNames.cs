using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads references to the nodes of a lesson's cluster.</summary>
internal static class NodeNames
{
    /// <summary>The reference; reported when it names no node of the cluster. One with a variable is judged when the lesson runs.</summary>
    public static NodeReference Read(string text, SourcePosition position, ImmutableArray<NodeSpec> nodes, DiagnosticBag diagnostics)
    {
        var reference = new NodeReference(text);
        if (text.Contains('$', StringComparison.Ordinal)) return reference;
        if (reference.Resolve(Variables.None, nodes) is null)
            diagnostics.Report(position, "lint.unknownNode", text, NearestWord.Suggest(text, [.. nodes.Select(node => node.Name), .. Roles(nodes)]));
        return reference;
    }

    private static IEnumerable<string> Roles(ImmutableArray<NodeSpec> nodes)
    {
        if (nodes.Any(node => node.Role == NodeRole.ControlPlane)) yield return NodeReference.ControlPlane;
        var workers = nodes.Count(node => node.Role == NodeRole.Worker);
        for (var i = 0; i < workers; i++) yield return $"{NodeReference.Worker}[{i}]";
    }
}
