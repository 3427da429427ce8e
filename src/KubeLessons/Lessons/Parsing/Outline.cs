using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>A fence of the lesson, before its content is read.</summary>
/// <param name="Index">Its place among all fences with a role.</param>
/// <param name="Fence">The fence.</param>
/// <param name="Name">Its name; empty for roles without one.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="InDetails">Whether it stands inside of a <c>&lt;details&gt;</c>.</param>
internal sealed record OutlineEntry(int Index, FencePart Fence, string Name, BlockAttributes Attributes, bool InDetails)
{
    public RoleKind Kind => Fence.Role.Kind;

    /// <summary>Whether commands run here on the learner's behalf: time can count from it.</summary>
    public bool IsAction => Kind is RoleKind.Step or RoleKind.Todo;

    /// <summary>Whether <c>after</c> may name it.</summary>
    public bool IsAnchor => IsAction || Kind == RoleKind.Check;

    /// <summary>Where its name stands.</summary>
    public SourcePosition NamePosition => Fence.RoleAttribute?.ValuePosition ?? Fence.Position;
}

/// <summary>All fences of a lesson in reading order with their names: known before any content is read, so that a block may speak of a later one.</summary>
internal sealed class Outline
{
    private Outline(ImmutableArray<OutlineEntry> entries) => Entries = entries;

    public ImmutableArray<OutlineEntry> Entries { get; }

    /// <summary>Names the fences and reads what any block may say. Wrong keys, languages and names are reported.</summary>
    public static Outline Of(ImmutableArray<MarkdownPart> parts, ImmutableArray<NodeSpec> nodes, DiagnosticBag diagnostics)
    {
        var attributes = new AttributeReader(nodes, diagnostics);
        var entries = ImmutableArray.CreateBuilder<OutlineEntry>();
        var steps = 0;
        foreach (var part in parts)
        {
            var fences = part switch { FencePart fence => [fence], DetailsPart details => details.Fences, _ => ImmutableArray<FencePart>.Empty };
            foreach (var fence in fences)
            {
                if (fence.Role.Kind == RoleKind.Step) steps++;
                entries.Add(new OutlineEntry(entries.Count, fence, attributes.ReadName(fence, steps), attributes.Read(fence), part is DetailsPart));
            }
        }

        var outline = new Outline(entries.DrainToImmutable());
        outline.ReportDuplicates(diagnostics);
        return outline;
    }

    /// <summary>The nearest step or todo above an entry, or null.</summary>
    public OutlineEntry? ActionAbove(int index) => Entries.Take(index).LastOrDefault(entry => entry.IsAction);

    /// <summary>The nearest step or todo below an entry, or null.</summary>
    public OutlineEntry? ActionBelow(int index) => Entries.Skip(index + 1).FirstOrDefault(entry => entry.IsAction);

    /// <summary>The entry of a name that <paramref name="fits"/>: the nearest above an index, else the first below; null when there is none.</summary>
    public OutlineEntry? Find(string name, int index, Func<OutlineEntry, bool> fits) =>
        Entries.Take(index).LastOrDefault(entry => entry.Name == name && fits(entry))
        ?? Entries.Skip(index).FirstOrDefault(entry => entry.Name == name && fits(entry));

    // Two blocks may share a name when no cluster has both, e.g. one for versions before 1.32 and one for those since.
    private void ReportDuplicates(DiagnosticBag diagnostics)
    {
        foreach (var entry in Entries.Where(entry => entry.Name.Length > 0 && entry.Kind != RoleKind.File))
        {
            var first = Entries.Take(entry.Index).FirstOrDefault(other =>
                other.Name == entry.Name && Space(other) == Space(entry) && CanMeet(other.Attributes, entry.Attributes));
            if (first is not null) diagnostics.Report(entry.NamePosition, "lint.duplicateName", entry.Name, first.Fence.Position.Line);
        }
    }

    // Steps, todos and checks share their names, because "after" may mean any of them.
    private static RoleKind Space(OutlineEntry entry) => entry.IsAnchor ? RoleKind.Step : entry.Kind;

    private static bool CanMeet(BlockAttributes left, BlockAttributes right)
    {
        if (left.Cluster is { } one && right.Cluster is { } other && one != other) return false;
        return Enumerable.Range(0, 100).Select(minor => new KubernetesVersion(1, minor))
            .Any(version => left.Kubernetes.Contains(version) && right.Kubernetes.Contains(version));
    }
}
