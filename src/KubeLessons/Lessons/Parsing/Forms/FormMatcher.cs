using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>Compares the words of one line with the elements of one form, and remembers how far it came.</summary>
internal sealed class FormMatcher(string line, ImmutableArray<Word> words)
{
    private readonly Dictionary<string, Capture> _captures = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>The captures so far; the word chosen among alternatives is called <see cref="FormMatch.Choice"/>.</summary>
    public IReadOnlyDictionary<string, Capture> Captures => _captures;

    /// <summary>The chosen objects, where the form speaks of some.</summary>
    public SelectionWords? Selection { get; private set; }

    /// <summary>The first word (by number) that did not fit.</summary>
    public int Stuck { get; private set; }

    /// <summary>The element that was expected there; null where the line should have ended.</summary>
    public FormElement? Expected { get; private set; }

    /// <summary>Whether the whole line has the form.</summary>
    public bool Matches(ImmutableArray<FormElement> elements)
    {
        foreach (var element in elements)
            if (!Take(element)) return false;
        if (_next == words.Length) return true;
        if (Stuck <= _next && !(Stuck == _next && Expected is not null)) Miss(null);
        return false;
    }

    private bool Take(FormElement element) => element switch
    {
        OptionalElement optional => TakeOptional(optional),
        LiteralElement literal => TakeLiteral(literal),
        CaptureElement capture => TakeCapture(capture),
        _ => TakeSelection(),
    };

    // An optional part that starts but does not end is the author's mistake in that part; Matches then fails at the words left over.
    private bool TakeOptional(OptionalElement optional)
    {
        var start = _next;
        foreach (var element in optional.Elements)
        {
            if (Take(element)) continue;
            _next = start;
            break;
        }

        return true;
    }

    private bool TakeLiteral(LiteralElement literal)
    {
        if (_next >= words.Length || !literal.Alternatives.Contains(words[_next].Text)) return Miss(literal);
        if (literal.Alternatives.Length > 1) Keep(new Capture(FormMatch.Choice, words[_next].Text, words[_next].Offset));
        _next++;
        return true;
    }

    private bool TakeCapture(CaptureElement element)
    {
        if (_next >= words.Length) return Miss(element);
        var word = words[_next];
        var text = element.TakesRest ? line[word.Offset..].TrimEnd() : word.Text;
        if (element.Match(text, word.Offset) is not { } captures) return Miss(element);
        foreach (var capture in captures) Keep(capture);
        _next = element.TakesRest ? words.Length : _next + 1;
        return true;
    }

    private bool TakeSelection()
    {
        if (_next >= words.Length || words[_next].Text.StartsWith('-')) return Miss(new SelectionElement());
        var selection = new SelectionWords(words[_next++]);
        while (_next < words.Length)
        {
            if (words[_next].Text == "-A")
            {
                selection.Namespace = new Word(ResourceSelection.AllNamespaces, words[_next++].Offset);
                continue;
            }

            if (words[_next].Text is not ("-l" or "-n" or "on")) break;
            if (_next + 1 == words.Length)
            {
                _next++;
                return Miss(CaptureElement.Of(words[^1].Text switch { "-l" => "SELECTOR", "-n" => "NAMESPACE", _ => "NODE" }));
            }

            selection.Set(words[_next].Text, words[_next + 1]);
            _next += 2;
        }

        Selection = selection;
        return true;
    }

    private void Keep(Capture capture) => _captures[capture.Name] = capture;

    private bool Miss(FormElement? expected)
    {
        if (_next >= Stuck) (Stuck, Expected) = (_next, expected);
        return false;
    }
}

/// <summary>The words that choose objects, before they are judged.</summary>
internal sealed class SelectionWords(Word resource)
{
    public Word Resource => resource;

    public Word? Selector { get; private set; }

    public Word? Namespace { get; set; }

    public Word? On { get; private set; }

    public void Set(string flag, Word value)
    {
        if (flag == "-l") Selector = value;
        else if (flag == "-n") Namespace = value;
        else On = value;
    }
}
