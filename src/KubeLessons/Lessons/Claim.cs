using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>A claim of the notes that the course mirrors, to be proved by a lesson.</summary>
/// <param name="Id">Its name in <c>notes=</c>, e.g. <c>C06</c>.</param>
/// <param name="Korean">The claim as the notes make it.</param>
/// <param name="English">The claim in English.</param>
public sealed record Claim(string Id, string Korean, string English)
{
    /// <summary>
    /// Reads <c>claims.tsv</c>: a heading, then a claim a line with the columns id, section, kind, Korean, English, apart by tabs.
    /// </summary>
    /// <exception cref="FormatException">A line has fewer columns.</exception>
    public static ImmutableArray<Claim> ReadAll(string tsv) =>
    [
        .. tsv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split('\t') switch
        {
            [var id, _, _, var korean, var english] => new Claim(id, korean, english),
            var cells => throw new FormatException($"A claim has five columns, not {cells.Length}: {line}"),
        }),
    ];
}
