using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

/// <summary>
/// Reads the specification under Specs/: in each file the fences with the info word <c>example</c> hold a piece of a lesson, a line with a
/// single dot, and what comes of it: the blocks in words, or the faults as <c>line:column: message</c> with lines counted from the piece's first.
/// A piece without front matter of its own gets the shortest that will do.
/// </summary>
public sealed partial class SpecExamples
{
    private const string Header = "---\nid: example\ntitle: Example\nlang: en\nminutes: 5\n---\n";

    /// <summary>All examples in the order of the files.</summary>
    internal static IEnumerable<SpecExample> Examples()
    {
        foreach (var file in Directory.GetFiles(Folder(), "*.md").Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            foreach (Match match in ExamplePattern().Matches(text))
                yield return new SpecExample(Path.GetFileName(file), text.AsSpan(0, match.Index).Count('\n') + 1, match.Groups["piece"].Value, match.Groups["expected"].Value);
        }
    }

    /// <summary>A piece of a lesson as a whole file.</summary>
    internal static string WithHeader(string piece) => piece.StartsWith("---\n", StringComparison.Ordinal) ? piece : Header + piece;

    public static TheoryData<string, int> Places() => new(Examples().Select(example => (example.File, example.Line)));

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_example_of_the_specification_is_true(string file, int line)
    {
        var example = Examples().Single(example => example.File == file && example.Line == line);
        Render(example.Piece).Trim().ShouldBe(example.Expected.Trim(), $"Specs/{file}:{line}");
    }

    [Fact]
    public void The_specification_has_examples() => Examples().Count().ShouldBeGreaterThan(40);

    private static string Render(string piece)
    {
        var text = WithHeader(piece);
        var result = LessonParser.Parse("lesson.md", text);
        if (result.Diagnostics.IsEmpty) return (text == piece ? LessonSummary.OfHeader(result.Lesson!.Header) : string.Empty) + LessonSummary.Of(result.Lesson!);
        var above = text == piece ? 0 : Header.AsSpan().Count('\n');
        return string.Join('\n', result.Diagnostics.Select(fault => $"{fault.Position.Line - above}:{fault.Position.Column}: {fault.Message}"));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Specs");

    [GeneratedRegex(@"^(?<fence>~{4,}) example\n(?<piece>.*?)\n?^\.\n(?<expected>.*?)^\k<fence>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}

/// <summary>An example of the specification.</summary>
internal sealed record SpecExample(string File, int Line, string Piece, string Expected);
