using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>
/// A lesson as its Markdown file describes it: what it needs, and its blocks in reading order. It is a description only;
/// nothing in it has run. A lesson that came out of the parser without diagnostics has unique names and no dangling reference.
/// </summary>
public sealed record Lesson(LessonHeader Header, ImmutableArray<Block> Blocks, string File)
{
    /// <summary>The id that learners type, e.g. <c>03-kubelet</c>: the name of the lesson's folder.</summary>
    public string Id => Header.Id;

    /// <summary>The title in the lesson's own language.</summary>
    public string Title => Header.Title;

    /// <summary>The lesson as a cluster of this kind and version has it: without the blocks that are for others.</summary>
    public Lesson For(ClusterKind cluster, KubernetesVersion version) =>
        this with { Blocks = [.. Blocks.Where(block => block.Attributes.AppliesTo(cluster, version))] };

    /// <summary>The points that all checks of the lesson give together.</summary>
    public int Points
    {
        get
        {
            var points = 0;
            foreach (var check in Checks) points += check.Check.Points;
            return points;
        }
    }

    /// <summary>The points that a run must earn to pass: the header's <c>pass</c>, by default all of them.</summary>
    public int PointsToPass => Header.Pass.Of(Points);

    /// <summary>The checks in reading order.</summary>
    public IEnumerable<CheckBlock> Checks => Blocks.OfType<CheckBlock>();

    /// <summary>The solution of a todo, or null where the author gave none (a fault that lint reports).</summary>
    public SolutionBlock? SolutionOf(TodoBlock todo) =>
        Blocks.OfType<SolutionBlock>().FirstOrDefault(solution => solution.Todo == todo.Id);
}
