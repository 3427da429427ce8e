namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>Something that breaks a part of a node, and what mends it again.</summary>
/// <param name="Node">The node that it happens to.</param>
internal abstract record Fault(string Node)
{
    /// <summary>A command line that a learner types at the node's console.</summary>
    /// <param name="Undo">What mends it, without harm where nothing is broken; null: the node mends it by itself.</param>
    public sealed record Typed(string Node, string Do, string? Undo) : Fault(Node);

    /// <summary>The power fails, and comes back.</summary>
    public sealed record PowerCut(string Node) : Fault(Node);

    /// <summary>The network cable is pulled, and plugged in again.</summary>
    public sealed record PulledCable(string Node) : Fault(Node);

    /// <summary>The switch carries nothing between two nodes, and does so again.</summary>
    public sealed record Partition(string Node, string Other) : Fault(Node);
}

/// <summary>One event of a sequence.</summary>
/// <param name="At">When it happens, counted from the beginning of the sequence.</param>
/// <param name="Fault">What breaks, or is mended.</param>
/// <param name="IsRepair">True: it is mended.</param>
internal sealed record FaultStep(TimeSpan At, Fault Fault, bool IsRepair);
