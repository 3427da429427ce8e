using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>The current record and its fields: each is made from the other when it is needed.</summary>
internal sealed class AwkRecord
{
    /// <summary>A record may have this many fields.</summary>
    public const int MaxFields = 50_000;

    private readonly List<AwkValue> _fields = [];
    private string _text = "";
    private bool _isSplit = true;
    private bool _isJoined = true;

    /// <summary>FS</summary>
    public string Separator { get; set; } = " ";

    /// <summary>OFS</summary>
    public string OutputSeparator { get; set; } = " ";

    public Func<string, Regex?> Compile { get; init; } = _ => null;

    public int Count
    {
        get
        {
            Split();
            return _fields.Count;
        }
    }

    public string Text
    {
        get
        {
            if (!_isJoined)
            {
                _text = string.Join(OutputSeparator, _fields.Select(value => value.ToText()));
                _isJoined = true;
            }

            return _text;
        }
    }

    public void SetText(string text) => (_text, _isSplit, _isJoined) = (text, false, true);

    public AwkValue Get(int number)
    {
        if (number == 0)
        {
            return AwkValue.FromInput(Text);
        }

        Split();
        return number <= _fields.Count ? _fields[number - 1] : AwkValue.Unset;
    }

    public void Set(int number, AwkValue value)
    {
        if (number == 0)
        {
            SetText(value.ToText());
            return;
        }

        Split();
        while (_fields.Count < number)
        {
            _fields.Add(AwkValue.Of(""));
        }

        _fields[number - 1] = value;
        _isJoined = false;
    }

    /// <summary>Setting NF cuts fields off or adds empty ones.</summary>
    public void SetCount(int count)
    {
        Split();
        while (_fields.Count < count)
        {
            _fields.Add(AwkValue.Of(""));
        }

        _fields.RemoveRange(count, _fields.Count - count);
        _isJoined = false;
    }

    /// <summary>Splits a text as FS (or split's third argument) says.</summary>
    public static List<string> SplitText(string text, string separator, Func<string, Regex?> compile)
    {
        if (text.Length == 0)
        {
            return [];
        }

        if (separator == " ")
        {
            return [.. text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)];
        }

        if (separator.Length == 0)
        {
            return [.. text.Select(c => c.ToString())];
        }

        if (separator.Length == 1 && separator != "\\")
        {
            return [.. text.Split(separator[0])];
        }

        var parts = new List<string>();
        var (start, at) = (0, 0);
        var regex = compile(separator);
        while (regex is not null && at < text.Length && PosixRegex.MatchAt(regex, text, at) is { Success: true } match)
        {
            if (match.Length == 0)
            {
                at = match.Index + 1;
                continue;
            }

            parts.Add(text[start..match.Index]);
            start = at = match.Index + match.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private void Split()
    {
        if (_isSplit)
        {
            return;
        }

        _isSplit = true;
        _fields.Clear();
        foreach (var part in SplitText(_text, Separator, Compile).Take(MaxFields))
        {
            _fields.Add(AwkValue.FromInput(part));
        }
    }
}
