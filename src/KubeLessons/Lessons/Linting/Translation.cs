using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Lessons.Linting;

/// <summary>
/// Compares a translation with its original. Prose and the texts <c>title</c>, <c>description</c>, <c>ask</c>, <c>choices</c>, <c>hint</c>, <c>why</c>, the words of a todo's goal
/// and of comments in commands are the translator's; everything else must be the same, in the same order.
/// </summary>
public static class Translation
{
    /// <summary>The differences, each at its place in the translation.</summary>
    public static ImmutableArray<Diagnostic> Compare(Lesson original, Lesson translation)
    {
        var bag = new DiagnosticBag();
        CompareAspects(BlockAspects.Of(original.Header), BlockAspects.Of(translation.Header), new SourcePosition(translation.File, 1, 1), new SourcePosition(original.File, 1, 1), bag);
        var left = Labelled(original);
        var right = Labelled(translation);
        var missing = left.Where(block => right.All(other => other.Label != block.Label)).ToList();
        foreach (var block in missing) bag.Report(PlaceFor(block, left, right, translation), "lint.translationLacks", block.Label, block.Block.Position.Line);
        foreach (var block in right.Where(block => left.All(other => other.Label != block.Label)))
            bag.Report(block.Block.Position, "lint.translationAdds", block.Label, original.File);
        var common = left.Where(block => !missing.Contains(block)).ToList();
        var found = right.Where(block => common.Any(other => other.Label == block.Label)).ToList();
        var unordered = Enumerable.Range(0, Math.Min(common.Count, found.Count)).FirstOrDefault(i => common[i].Label != found[i].Label, -1);
        if (unordered >= 0) bag.Report(found[unordered].Block.Position, "lint.translationOrder", found[unordered].Label, common[unordered].Label);
        foreach (var block in common)
        {
            var other = found.First(candidate => candidate.Label == block.Label);
            CompareAspects(BlockAspects.Of(block.Block), BlockAspects.Of(other.Block), other.Block.Position, block.Block.Position, bag);
        }

        return bag.InOrder();
    }

    private static void CompareAspects(
        ImmutableArray<BlockAspect> original, ImmutableArray<BlockAspect> translation, SourcePosition position, SourcePosition originalPosition, DiagnosticBag bag)
    {
        for (var i = 0; i < Math.Max(original.Length, translation.Length); i++)
        {
            var left = i < original.Length ? original[i] : null;
            var right = i < translation.Length ? translation[i] : null;
            if (left == right) continue;
            var name = (left ?? right)!.Name;
            if (left is not null && right is not null && left.Name != right.Name) name = $"{left.Name}, {right.Name}";
            bag.Report(right?.Position ?? position, "lint.translationDiffers", name, Shown(right?.Value, left?.Value), Shown(left?.Value, right?.Value), originalPosition.Line);

            // Where one has a part more than the other, all that follow would differ too.
            if (left?.Name != right?.Name) return;
        }
    }

    // Blocks of one name may be alternatives for different clusters, so the label counts them.
    private static List<LabelledBlock> Labelled(Lesson lesson)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var labelled = new List<LabelledBlock>();
        foreach (var block in lesson.Blocks)
        {
            if (BlockAspects.LabelOf(block) is not { } label) continue;
            var count = counts[label] = counts.GetValueOrDefault(label) + 1;
            labelled.Add(new LabelledBlock(count == 1 ? label : $"{label} ({count})", block));
        }

        return labelled;
    }

    // Where a missing block belongs: before the next that the translation has, else at its last block.
    private static SourcePosition PlaceFor(LabelledBlock block, List<LabelledBlock> left, List<LabelledBlock> right, Lesson translation)
    {
        var following = left.Skip(left.IndexOf(block) + 1).Select(next => right.FirstOrDefault(other => other.Label == next.Label)).FirstOrDefault(next => next is not null);
        return following?.Block.Position ?? translation.Blocks.LastOrDefault()?.Position ?? new SourcePosition(translation.File, 1, 1);
    }

    // Long values are shown from a little before the place where they part.
    private static string Shown(string? value, string? other)
    {
        const int Longest = 80;
        const int Before = 20;
        var flat = (value ?? string.Empty).Trim().Replace("\n", "⏎", StringComparison.Ordinal);
        if (flat.Length <= Longest) return flat;
        var same = flat.AsSpan().CommonPrefixLength((other ?? string.Empty).Trim().Replace("\n", "⏎", StringComparison.Ordinal));
        var start = same > Longest - Before ? same - Before : 0;
        var end = Math.Min(flat.Length, start + Longest);
        return (start > 0 ? "…" : string.Empty) + flat[start..end] + (end < flat.Length ? "…" : string.Empty);
    }

    private sealed record LabelledBlock(string Label, Block Block);
}
