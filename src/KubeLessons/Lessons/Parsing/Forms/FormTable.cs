using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>All the ways to write one kind of thing, tried in order.</summary>
internal sealed class FormTable<T>(params ImmutableArray<Form<T>> forms)
    where T : class
{
    /// <summary>Longer lines are refused unread: no condition needs so much.</summary>
    private const int LongestLine = 4096;

    /// <summary>The usage lines in order.</summary>
    public IEnumerable<string> Usages => forms.Select(form => form.Usage);

    /// <summary>The words that a line may start with.</summary>
    public IEnumerable<string> Heads => forms.Select(form => form.Head).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Reads a line; null when it has none of the forms or a part is wrong, which is then reported with what would be right.</summary>
    public T? Read(YamlScalar scalar, LessonReading reading)
    {
        var line = scalar.Value;
        var words = line.Length > LongestLine ? [] : Words.Of(line);
        if (words.IsEmpty)
        {
            reading.Diagnostics.Report(scalar.Position, line.Length > LongestLine ? "lint.lineTooLong" : "lint.lineEmpty", LongestLine);
            return null;
        }

        var headed = forms.Where(form => form.Head == Form<T>.HeadOf(words[0].Text)).ToList();
        var candidates = headed.Count > 0 ? headed : [.. forms.Where(form => form.Head is null)];
        var best = new FormMiss<T>();
        foreach (var form in candidates)
        {
            var matcher = new FormMatcher(line, words);
            if (matcher.Matches(form.Elements)) return form.Build(new FormMatch(scalar, matcher, reading));
            best.Add(form, matcher);
        }

        if (headed.Count > 0 || ResourceTypes.IsKnown(FormMatch.TypeOf(words[0].Text)))
            best.Report(scalar, words, reading);
        else
            reading.Diagnostics.Report(
                scalar.At(words[0].Offset), "lint.unknownStart", words[0].Text, NearestWord.Suggest(FormMatch.TypeOf(words[0].Text), ["TYPE/NAME", .. Heads, .. ResourceTypes.Usual]));
        return null;
    }
}

/// <summary>Of the forms that a line does not have, those that it came nearest to.</summary>
internal sealed class FormMiss<T>
    where T : class
{
    private readonly List<(Form<T> Form, FormElement? Expected)> _nearest = [];
    private int _stuck = -1;

    public void Add(Form<T> form, FormMatcher matcher)
    {
        if (matcher.Stuck < _stuck) return;
        if (matcher.Stuck > _stuck) _nearest.Clear();
        _stuck = matcher.Stuck;
        _nearest.Add((form, matcher.Expected));
    }

    public void Report(YamlScalar scalar, ImmutableArray<Word> words, LessonReading reading)
    {
        var usages = string.Join("  or  ", _nearest.Select(miss => miss.Form.Usage).Distinct(StringComparer.Ordinal));
        var expected = _nearest.Select(miss => miss.Expected).OfType<FormElement>().ToList();
        if (_stuck >= words.Length)
        {
            reading.Diagnostics.Report(scalar.At(scalar.Value.Length), "lint.lineEnds", string.Join(", ", expected.Select(element => element.Usage).Distinct(StringComparer.Ordinal)), usages);
            return;
        }

        var word = words[_stuck];
        var literals = expected.SelectMany(Starts).ToList();
        if (expected.Count == 0)
            reading.Diagnostics.Report(scalar.At(word.Offset), "lint.lineGoesOn", word.Text, usages);
        else if (NearestWord.Among(word.Text, literals) is { } nearest)
            reading.Diagnostics.Report(scalar.At(word.Offset), "lint.lineWordNear", word.Text, nearest);
        else
            reading.Diagnostics.Report(scalar.At(word.Offset), "lint.lineWord", word.Text, string.Join(", ", expected.Select(element => element.Usage).Distinct(StringComparer.Ordinal)), usages);
    }

    private static IEnumerable<string> Starts(FormElement element) => element switch
    {
        LiteralElement literal => literal.Alternatives,
        OptionalElement optional => Starts(optional.Elements[0]),
        _ => [],
    };
}
