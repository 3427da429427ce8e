using System.Text;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>One field: its text, and the same as a pattern; <see cref="IsPattern"/> when something unquoted in it is special.</summary>
internal readonly record struct Field(string Text, string Pattern, bool IsPattern);

/// <summary>
/// Puts the parts of a word together and splits what was expanded outside quotes at IFS. It keeps two texts: what the field
/// says, and the same as a pattern with everything quoted escaped.
/// </summary>
internal sealed class FieldBuilder(string ifs, bool splits, Func<string, string>? escape = null)
{
    /// <summary>A word's expansion may have this many characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>A word's expansion may give this many fields.</summary>
    public const int MaxFields = 200_000;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _pattern = new();
    private readonly List<Field> _fields = [];
    private bool _exists;
    private bool _mayBePattern;
    private bool _endedBySpace;
    private int _length;

    public bool IsTooLong => _length > MaxLength || _fields.Count > MaxFields;

    /// <summary>Text that was written without quotes: it may be a pattern, it is not split.</summary>
    public void AddLiteral(string text)
    {
        Append(text, isQuoted: false);
        _exists = true;
    }

    public void AddQuoted(string text)
    {
        Append(text, isQuoted: true);
        _exists = true;
    }

    /// <summary>What an unquoted expansion gave: it is split at IFS and may be a pattern.</summary>
    public void AddExpansion(string text)
    {
        if (!splits || ifs.Length == 0 || text.AsSpan().IndexOfAny(ifs) < 0)
        {
            Append(text, isQuoted: false);
            _exists |= text.Length > 0;
            return;
        }

        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !ifs.Contains(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                Append(text[start..i], isQuoted: false);
                _exists = true;
            }

            if (i < text.Length)
            {
                Separate(text[i]);
            }

            start = i + 1;
        }
    }

    /// <summary>Ends the field even if it is empty: the next element of <c>"$@"</c> begins.</summary>
    public void NextField(bool keepsEmpty)
    {
        if (_exists || keepsEmpty)
        {
            EndField();
        }
    }

    /// <summary>An empty quoted text makes a field, too.</summary>
    public void Exist() => _exists = true;

    public List<Field> ToFields()
    {
        if (_exists)
        {
            EndField();
        }

        return _fields;
    }

    /// <summary>The whole as one text, fields joined by spaces.</summary>
    public string ToText() => Whole(field => field.Text);

    /// <summary>The whole as one pattern.</summary>
    public string ToPattern() => Whole(field => field.Pattern);

    private string Whole(Func<Field, string> part)
    {
        var fields = ToFields();
        return fields.Count switch { 0 => "", 1 => part(fields[0]), _ => string.Join(' ', fields.Select(part)) };
    }

    // IFS white space merges and counts for nothing at the ends; any other separator ends a field, be it empty.
    private void Separate(char separator)
    {
        var isSpace = separator is ' ' or '\t' or '\n';
        if (_exists)
        {
            EndField();
            _endedBySpace = isSpace;
        }
        else if (!isSpace && _endedBySpace)
        {
            _endedBySpace = false;
        }
        else if (!isSpace)
        {
            EndField();
        }
    }

    private void Append(string text, bool isQuoted)
    {
        if (text.Length == 0)
        {
            return;
        }

        _endedBySpace = false;
        _length += text.Length;
        if (IsTooLong)
        {
            return;
        }

        _text.Append(text);
        _pattern.Append(!isQuoted ? text : escape is null ? GlobPattern.Escape(text) : escape(text));
        _mayBePattern |= !isQuoted && text.AsSpan().IndexOfAny("*?[\\") >= 0;
    }

    private void EndField()
    {
        if (!IsTooLong)
        {
            _fields.Add(new Field(_text.ToString(), _pattern.ToString(), _mayBePattern));
        }

        _text.Clear();
        _pattern.Clear();
        (_exists, _mayBePattern, _endedBySpace) = (false, false, false);
    }
}
