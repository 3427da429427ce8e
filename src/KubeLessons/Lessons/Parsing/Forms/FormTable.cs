using System.Collections.Immutable;
using KubeLessons.Texts;

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
    private const int MostForms = 3;
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
        var ends = _stuck >= words.Length;
        var word = ends ? new Word(string.Empty, scalar.Value.Length) : words[_stuck];
        var expected = _nearest.Where(miss => miss.Expected is not null && Resembles(miss.Expected, word.Text)).ToList();
        if (expected.Count == 0) expected = _nearest.Where(miss => miss.Expected is not null).ToList();
        var literals = expected.SelectMany(miss => Starts(miss.Expected!)).ToList();
        if (!ends && NearestWord.Among(word.Text, literals) is { } nearest)
        {
            reading.Diagnostics.Report(scalar.At(word.Offset), "lint.lineWordNear", word.Text, nearest);
            return;
        }

        var needed = string.Join(", ", Short(expected.Select(miss => miss.Expected!)));
        var forms = (expected.Count == 0 ? _nearest : expected).Select(miss => miss.Form.Usage).Distinct(StringComparer.Ordinal).ToList();
        var place = scalar.At(word.Offset);
        object usage = forms.Count > MostForms ? Message.Of("lint.manyForms") : Message.Of("lint.forms", Shown(string.Join("  |  ", forms)));
        if (ends) reading.Diagnostics.Report(place, "lint.lineEnds", needed, usage);
        else if (expected.Count == 0) reading.Diagnostics.Report(place, "lint.lineGoesOn", word.Text, usage);
        else reading.Diagnostics.Report(place, "lint.lineWord", word.Text, needed, usage);
    }

    // Of "jsonpath=PATH", "jsonpath=PATH=VALUE" and so on the shortest says enough.
    private static IEnumerable<string> Short(IEnumerable<FormElement> expected) =>
        expected.GroupBy(Lead, StringComparer.Ordinal).Select(group => Shown(group.MinBy(element => element.Usage.Length)!.Usage));

    private static bool Resembles(FormElement element, string word) =>
        element is CaptureElement && Lead(element) is { Length: > 0 } lead && word.StartsWith(lead, StringComparison.Ordinal);

    private static string Lead(FormElement element) => element switch
    {
        CaptureElement { Pieces: [{ IsCapture: false } first, ..] } => first.Text,
        CaptureElement => string.Empty,
        _ => element.Usage,
    };

    private static string Shown(string usage) => usage.Replace("PATH", "{.path}", StringComparison.Ordinal);

    private static IEnumerable<string> Starts(FormElement element) => element switch
    {
        LiteralElement literal => literal.Alternatives,
        OptionalElement optional => Starts(optional.Elements[0]),
        _ => [],
    };
}
