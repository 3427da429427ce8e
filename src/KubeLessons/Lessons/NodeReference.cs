using System.Globalization;

namespace KubeLessons.Lessons;

/// <summary>
/// Names a node: by its name (<c>w1-k8s</c>), by its role and place in it (<c>control-plane</c>, <c>worker[0]</c>) or through a
/// variable (<c>$node</c>). The text is kept as written, because a variable is known only while the lesson runs.
/// </summary>
/// <param name="Text">The reference as written.</param>
public sealed record NodeReference(string Text)
{
    /// <summary>The role's word for the control plane.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>The role's word for a worker.</summary>
    public const string Worker = "worker";

    /// <summary>
    /// The node's name in a cluster of <paramref name="nodes"/>, or null when there is no such node or a variable has no value.
    /// A role without an index is its first node.
    /// </summary>
    public string? Resolve(Variables variables, IReadOnlyList<NodeSpec> nodes)
    {
        var substituted = variables.Substitute(Text);
        if (!substituted.IsComplete) return null;
        if (nodes.FirstOrDefault(node => node.Name == substituted.Text) is { } named) return named.Name;
        return TryReadRole(substituted.Text, out var role, out var index)
            ? nodes.Where(node => node.Role == role).ElementAtOrDefault(index)?.Name
            : null;
    }

    /// <summary>Reads <c>control-plane</c>, <c>worker</c> or <c>worker[2]</c>; false for any other text.</summary>
    public static bool TryReadRole(string text, out NodeRole role, out int index)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var word = bracket < 0 ? text : text[..bracket];
        role = word == ControlPlane ? NodeRole.ControlPlane : NodeRole.Worker;
        index = 0;
        if (word is not (ControlPlane or Worker)) return false;
        return bracket < 0
            || (text.EndsWith(']')
                && int.TryParse(text.AsSpan(bracket + 1, text.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out index));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
