namespace KubeLessons.Tests.Lessons;

/// <summary>The pieces of lessons that the specification shows, as whole files.</summary>
internal static class SpecPieces
{
    public static IReadOnlyList<string> All { get; } = [.. SpecExamples.Examples().Select(example => SpecExamples.WithHeader(example.Piece))];
}
