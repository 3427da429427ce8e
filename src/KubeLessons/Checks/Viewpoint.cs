using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Checks;

/// <summary>From where a condition is looked at: the instant's state, and what the run knows by then.</summary>
/// <param name="State">The cluster at this instant.</param>
/// <param name="EventsSince">From when events count: what a command brings about may happen before it has ended.</param>
/// <param name="Variables">Values of the lesson's variables.</param>
/// <param name="Nodes">The cluster's nodes.</param>
/// <param name="Result">What the check's step printed and how it ended; null when it did not run.</param>
public sealed record Viewpoint(
    ClusterState State, DateTimeOffset EventsSince, Variables Variables, ImmutableArray<NodeSpec> Nodes, CommandResult? Result);
