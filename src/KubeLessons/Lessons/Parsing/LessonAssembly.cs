using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Puts the blocks of a lesson and the prose between them in order.</summary>
internal sealed class LessonAssembly
{
    private readonly LessonReading _reading;
    private readonly BlockReader _reader;
    private readonly ImmutableArray<Block>.Builder _blocks = ImmutableArray.CreateBuilder<Block>();
    private HeadingPart? _heading;
    private int _proseFrom;
    private int _next;

    private LessonAssembly(LessonReading reading)
    {
        _reading = reading;
        _reader = new BlockReader(reading);
    }

    /// <summary>All blocks in reading order.</summary>
    public static ImmutableArray<Block> Read(ImmutableArray<MarkdownPart> parts, LessonReading reading)
    {
        var assembly = new LessonAssembly(reading);
        foreach (var part in parts) assembly.Add(part);
        assembly.AddProse(reading.Source.LineCount);
        return assembly._blocks.DrainToImmutable();
    }

    private void Add(MarkdownPart part)
    {
        switch (part)
        {
            case FrontMatterPart:
                _proseFrom = part.LastLine + 1;
                break;
            case HeadingPart heading:
                AddProse(heading.FirstLine);
                _heading = heading;
                break;
            case FencePart:
                AddProse(part.FirstLine);
                AddFence();
                _proseFrom = part.LastLine + 1;
                break;
            case DetailsPart details:
                AddDetails(details);
                break;
        }
    }

    private void AddDetails(DetailsPart details)
    {
        var hint = details.Fences.IsEmpty ? _reader.ReadHint(details, _reading.Outline.ActionAbove(_next)) : null;
        if (hint is null && details.Fences.IsEmpty) return;
        AddProse(details.FirstLine);
        if (hint is not null) _blocks.Add(hint);
        for (var i = 0; i < details.Fences.Length; i++) AddFence();
        _proseFrom = details.LastLine + 1;
    }

    // Fences come in the same order here and in the outline.
    private void AddFence()
    {
        if (_reader.Read(_reading.Outline.Entries[_next++]) is { } block) _blocks.Add(block);
    }

    private void AddProse(int end)
    {
        var first = _proseFrom;
        var last = end - 1;
        while (first <= last && _reading.Source.Line(first).IsWhiteSpace()) first++;
        while (last >= first && _reading.Source.Line(last).IsWhiteSpace()) last--;
        if (first <= last)
        {
            var markdown = _reading.Source.Lines(first, last);
            _blocks.Add(new ProseBlock(_reading.Source.At(first, 0), BlockAttributes.None, markdown, _heading?.Level ?? 0, _heading?.Text));
        }

        _heading = null;
        _proseFrom = Math.Max(_proseFrom, end);
    }
}
