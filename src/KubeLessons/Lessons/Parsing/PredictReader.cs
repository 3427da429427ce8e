using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing.Forms;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the content of a prediction.</summary>
internal sealed class PredictReader(LessonReading reading)
{
    private readonly ConditionReader _conditions = new(reading);

    /// <summary>The prediction of the current fence; null, and reported, when it has no content to speak of.</summary>
    public PredictBlock? Read()
    {
        var entry = reading.Current;
        var next = reading.Outline.ActionBelow(entry.Index);
        if (next is null) reading.Diagnostics.Report(entry.Fence.Position, "lint.predictWithoutStep", entry.Name);
        if (YamlReader.ReadFields(entry.Fence.Lines, entry.Fence.Position, reading.Diagnostics, "ask", "choices", "observe", "at") is not { } fields) return null;
        var observe = fields.Scalar("observe");
        if (observe is not null) reading.Use(observe);
        var value = observe is null ? null : ObservedValueForms.Table.Read(observe, reading);
        return new PredictBlock(
            entry.Fence.Position,
            entry.Attributes,
            entry.Name,
            fields.Text("ask", required: true) ?? string.Empty,
            ReadChoices(fields, observed: fields.Has("observe")),
            value,
            ReadMoment(fields, next?.Name ?? string.Empty));
    }

    private ImmutableArray<PredictChoice> ReadChoices(Fields fields, bool observed)
    {
        var node = fields.Required("choices");
        IEnumerable<PredictChoice?> read = node switch
        {
            YamlList list => list.Items.Select((item, index) => ReadChoice($"{index + 1}", item, item.Position, valueIsKey: false, observed)),
            YamlMapping mapping => mapping.Entries.Select(entry => ReadChoice(entry.Key.Value, entry.Value, entry.Key.Position, valueIsKey: true, observed)),
            _ => [],
        };
        var choices = read.OfType<PredictChoice>().ToImmutableArray();
        if (node is YamlScalar) fields.WrongKind("choices", node, "lint.kind.list");
        else if (node is not null && choices.Length < 2) reading.Diagnostics.Report(node.Position, "lint.twoChoices");
        ReportUndecided(choices, observed);
        return choices;
    }

    private PredictChoice? ReadChoice(string key, YamlNode node, SourcePosition position, bool valueIsKey, bool observed)
    {
        if (node is YamlScalar { IsNull: false } text) return new PredictChoice(key, text.Value, observed ? (valueIsKey ? key : text.Value) : null, [], position);
        if (Fields.Open(node, position, reading.Diagnostics, "text", "value", "when") is not { } fields) return null;
        var words = fields.Text("text", required: true) ?? string.Empty;
        if (observed && fields.Has("when")) reading.Diagnostics.Report(fields.At("when"), "lint.whenAndObserve");
        if (!observed && fields.Has("value")) reading.Diagnostics.Report(fields.At("value"), "lint.valueWithoutObserve");
        var value = observed ? fields.Text("value") ?? (valueIsKey ? key : words) : null;
        return new PredictChoice(key, words, value, _conditions.ReadAll(fields.Node("when")), position);
    }

    // One choice may stay open: it is right when no other is.
    private void ReportUndecided(ImmutableArray<PredictChoice> choices, bool observed)
    {
        if (!observed)
        {
            foreach (var choice in choices.Where(choice => choice.When.IsEmpty).Skip(1)) reading.Diagnostics.Report(choice.Position, "lint.choiceUndecided", choice.Key);
            return;
        }

        foreach (var same in choices.GroupBy(choice => choice.Value, StringComparer.Ordinal).SelectMany(group => group.Skip(1)))
            reading.Diagnostics.Report(same.Position, "lint.sameValue", same.Value ?? string.Empty);
    }

    // "60s", "stop" or "stop + 60s".
    private PredictMoment ReadMoment(Fields fields, string next)
    {
        if (fields.Scalar("at") is not { } at) return new PredictMoment(next, Duration.Zero);
        if (DurationReader.LooksLike(at.Value)) return new PredictMoment(next, DurationReader.Read(at, reading.Diagnostics) ?? Duration.Zero);
        var plus = at.Value.IndexOf('+', StringComparison.Ordinal);
        var name = (plus < 0 ? at.Value : at.Value[..plus]).Trim();
        var found = reading.Outline.Find(name, reading.Current.Index, entry => entry.IsAction);
        if (found is not null && found.Index < reading.Current.Index)
            reading.Diagnostics.Report(at.Position, "lint.predictAbove", name);
        else
            reading.Step(name, at.Position);
        if (plus < 0) return new PredictMoment(name, Duration.Zero);
        var rest = at.Value[(plus + 1)..];
        var blank = rest.Length - rest.TrimStart().Length;
        var delay = new YamlScalar(at.At(plus + 1 + blank), rest.Trim(), at.IsPlain, at.Shift < 0 ? -1 : 0);
        return new PredictMoment(name, DurationReader.Read(delay, reading.Diagnostics) ?? Duration.Zero);
    }
}
