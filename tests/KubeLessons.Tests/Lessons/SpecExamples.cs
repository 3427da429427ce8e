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

    public static TheoryData<string, int> All()
    {
        var data = new TheoryData<string, int>();
        foreach (var file in Directory.GetFiles(Folder(), "*.md").Order(StringComparer.Ordinal))
            foreach (Match example in ExamplePattern().Matches(File.ReadAllText(file)))
                data.Add(Path.GetFileName(file), File.ReadAllText(file).AsSpan(0, example.Index).Count('\n') + 1);
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_example_of_the_specification_is_true(string file, int line)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), file));
        var example = ExamplePattern().Matches(text).Single(match => text.AsSpan(0, match.Index).Count('\n') + 1 == line);
        Render(example.Groups["piece"].Value).Trim().ShouldBe(example.Groups["expected"].Value.Trim(), $"Specs/{file}:{line}");
    }

    [Fact]
    public void The_specification_has_examples() => All().Count.ShouldBeGreaterThan(60);

    private static string Render(string piece)
    {
        var header = piece.StartsWith("---\n", StringComparison.Ordinal) ? string.Empty : Header;
        var result = LessonParser.Parse("lesson.md", header + piece);
        if (result.Diagnostics.IsEmpty) return LessonSummary.Of(result.Lesson!);
        var above = header.AsSpan().Count('\n');
        return string.Join('\n', result.Diagnostics.Select(fault => $"{fault.Position.Line - above}:{fault.Position.Column}: {fault.Message}"));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Specs");

    [GeneratedRegex(@"^(?<fence>~{4,}) example\n(?<piece>.*?)\n?^\.\n(?<expected>.*?)^\k<fence>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
