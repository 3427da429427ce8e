using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the content of each fence and each <c>&lt;details&gt;</c> by its role.</summary>
internal sealed partial class BlockReader(LessonReading reading)
{
    private readonly AttributeReader _attributes = new(reading.Nodes, reading.Diagnostics);
    private int _hints;
    private string _hintsFor = string.Empty;

    /// <summary>The block of a fence; null, and reported, when its content makes none.</summary>
    public Block? Read(OutlineEntry entry)
    {
        reading.Enter(entry);
        var (fence, attributes) = (entry.Fence, entry.Attributes);
        if (entry.InDetails && entry.Kind != RoleKind.Solution) reading.Diagnostics.Report(fence.Position, "lint.onlySolution", fence.Role.Key);
        return entry.Kind switch
        {
            RoleKind.Step => new StepBlock(fence.Position, attributes, entry.Name, ReadCommands(), _attributes.ReadHarmless(fence)),
            RoleKind.Cleanup => new CleanupBlock(fence.Position, attributes, ReadCommands()),
            RoleKind.Solution => ReadSolution(),
            RoleKind.Todo => ReadTodo(),
            RoleKind.File => ReadFile(),
            RoleKind.Let => new LetReader(reading).Read(),
            RoleKind.Predict => new PredictReader(reading).Read(),
            RoleKind.Transcript => TranscriptReader.Read(reading),
            _ => new CheckReader(reading, _attributes).Read() is { } check ? new CheckBlock(fence.Position, attributes, check) : null,
        };
    }

    /// <summary>The hint that a <c>&lt;details&gt;</c> is; null where it is something else, which is prose.</summary>
    public HintBlock? ReadHint(DetailsPart details, OutlineEntry? action)
    {
        var match = HintPattern().Match(details.Summary);
        if (!match.Success) return null;
        if (action is null) reading.Diagnostics.Report(details.Position, "lint.hintWithoutStep");
        var step = action?.Name ?? string.Empty;
        (_hints, _hintsFor) = (_hintsFor == step ? _hints + 1 : 1, step);
        var tier = _hints;
        if (match.Groups["tier"].Length > 0 && int.TryParse(match.Groups["tier"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said != tier)
            reading.Diagnostics.Report(details.Position, "lint.hintTier", said, tier);
        return new HintBlock(details.Position, BlockAttributes.None, step, tier, match.Groups["words"].Value, details.Inside);
    }

    private string ReadCommands()
    {
        var fence = reading.Current.Fence;
        if (fence.Lines.Text.AsSpan().Trim().IsEmpty) reading.Diagnostics.Report(fence.Position, "lint.noCommands");
        reading.UseInShell(fence.Lines.Text, offset => At(fence.Lines, offset));
        return fence.Lines.Text;
    }

    private SolutionBlock ReadSolution()
    {
        var entry = reading.Current;
        var todo = reading.Outline.Find(entry.Name, entry.Index, other => other.Kind == RoleKind.Todo);
        if (!entry.InDetails) reading.Diagnostics.Report(entry.Fence.Position, "lint.solutionOpen");
        if (todo is null)
            reading.Diagnostics.Report(entry.NamePosition, "lint.unknownTodo", entry.Name, NearestWord.Suggest(entry.Name, reading.Outline.Entries.Where(other => other.Kind == RoleKind.Todo).Select(other => other.Name)));
        else if (todo.Index > entry.Index)
            reading.Diagnostics.Report(entry.NamePosition, "lint.stepBelow", entry.Name, todo.Fence.Position.Line);
        return new SolutionBlock(entry.Fence.Position, entry.Attributes, entry.Name, ReadCommands(), _attributes.ReadHarmless(entry.Fence));
    }

    private TodoBlock ReadTodo()
    {
        var (entry, lines) = (reading.Current, reading.Current.Fence.Lines);
        var goal = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines.Line(i).Trim();
            if (line.StartsWith("#")) goal.Add(line.TrimStart('#').Trim().ToString());
            else if (!line.IsEmpty) reading.Diagnostics.Report(lines.At(i, 0), "lint.todoCommand");
        }

        return new TodoBlock(entry.Fence.Position, entry.Attributes, entry.Name, string.Join('\n', goal));
    }

    private FileBlock ReadFile()
    {
        var (fence, path) = (reading.Current.Fence, reading.Current.Name);
        if (path.Length > 0 && (path.StartsWith('/') || path.EndsWith('/') || path.Contains('\\', StringComparison.Ordinal) || path.Split('/').Any(part => part is "" or "." or "..")))
            reading.Diagnostics.Report(reading.Current.NamePosition, "lint.filePath", path);
        if (fence.Head.Language is "yaml" or "yml") YamlReader.CheckSyntax(fence.Lines, reading.Diagnostics);
        return new FileBlock(fence.Position, reading.Current.Attributes, path, fence.Lines.Text);
    }

    private static SourcePosition At(BlockLines lines, int offset)
    {
        var before = lines.Text.AsSpan(0, offset);
        return lines.At(before.Count('\n'), offset - before.LastIndexOf('\n') - 1);
    }

    [GeneratedRegex(@"^(hint|힌트)\s*(?<tier>[0-9]{0,3})\s*:?\s*(?<words>.*)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex HintPattern();
}
