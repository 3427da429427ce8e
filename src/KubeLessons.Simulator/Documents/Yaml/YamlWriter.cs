using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// Writes a <see cref="Doc"/> as Go's yaml.v2 does: two spaces a level, lists at their key's column, lines folded at the first
/// space after column 80, text quoted only where it would read as something else.
/// </summary>
internal sealed class YamlWriter
{
    private const int Indent = 2;
    private const int BestWidth = 80;
    private readonly StringBuilder _out = new();
    private int _lineStart;

    private int Column => _out.Length - _lineStart;

    public string Write(Doc value)
    {
        switch (value)
        {
            case DocObject { Count: > 0 } map:
                WriteMap(map, 0);
                break;
            case DocArray { Items.Length: > 0 } list:
                WriteList(list, 0);
                break;
            default:
                WriteScalar(value, Indent, key: false);
                NewLine();
                break;
        }

        return _out.ToString();
    }

    private void WriteMap(DocObject map, int indent, bool indentFirst = true)
    {
        var keys = map.Fields.Select(field => field.Key).ToArray();
        Array.Sort(keys, YamlKeyOrder.Compare);
        foreach (var key in keys)
        {
            _out.Append(' ', indentFirst ? indent : 0);
            indentFirst = true;

            WriteScalar(key, indent + Indent, key: true);
            _out.Append(':');
            WriteValue(map[key]!, indent);
        }
    }

    private void WriteValue(Doc value, int indent)
    {
        switch (value)
        {
            case DocObject { Count: > 0 } map:
                NewLine();
                WriteMap(map, indent + Indent);
                break;
            case DocArray { Items.Length: > 0 } list:
                NewLine();
                WriteList(list, indent);
                break;
            default:
                _out.Append(' ');
                WriteScalar(value, indent + Indent, key: false);
                NewLine();
                break;
        }
    }

    private void WriteList(DocArray list, int indent, bool indentFirst = true)
    {
        foreach (var item in list.Items)
        {
            _out.Append(' ', indentFirst ? indent : 0);
            indentFirst = true;

            _out.Append("- ");
            switch (item)
            {
                case DocObject { Count: > 0 } map:
                    WriteMap(map, indent + Indent, indentFirst: false);
                    break;
                case DocArray { Items.Length: > 0 } inner:
                    WriteList(inner, indent + Indent, indentFirst: false);
                    break;
                default:
                    WriteScalar(item, indent + Indent, key: false);
                    NewLine();
                    break;
            }
        }
    }

    private void NewLine()
    {
        // A literal block has ended its last line itself.
        if (_out.Length > _lineStart || _out.Length == 0)
        {
            _out.Append('\n');
        }

        _lineStart = _out.Length;
    }

    private void Fold(int indent)
    {
        _out.Append('\n');
        _lineStart = _out.Length;
        _out.Append(' ', indent);
    }

    private void WriteScalar(Doc value, int indent, bool key)
    {
        switch (value)
        {
            case DocText:
                WriteText(value.AsText!, indent, key);
                break;
            case DocNumber number:
                _out.Append(NumberText(number));
                break;
            case DocBool:
                _out.Append(value.AsBool == true ? "true" : "false");
                break;
            case DocObject:
                _out.Append("{}");
                break;
            case DocArray:
                _out.Append("[]");
                break;
            default:
                _out.Append("null");
                break;
        }
    }

    private static string NumberText(DocNumber number) =>
        number.AsInt is not null || number.AsDouble is not { } value
            ? number.Literal
            : value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);

    private void WriteText(string text, int indent, bool key)
    {
        var shape = YamlTextShape.Of(text);
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            if (shape.AllowsBlock && !key)
            {
                WriteLiteral(text, indent);
            }
            else
            {
                WriteDoubleQuoted(text, indent, !key);
            }
        }
        else if (YamlScalar.IsAmbiguous(text) || (!shape.AllowsPlain && !shape.AllowsSingleQuotes))
        {
            WriteDoubleQuoted(text, indent, !key);
        }
        else if (shape.AllowsPlain)
        {
            WriteFolded(text, indent, !key, quote: false);
        }
        else
        {
            _out.Append('\'');
            WriteFolded(text, indent, !key, quote: true);
            _out.Append('\'');
        }
    }

    private void WriteFolded(string text, int indent, bool mayFold, bool quote)
    {
        var afterSpace = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var canFold = mayFold && c == ' ' && !afterSpace && Column > BestWidth && i + 1 < text.Length && text[i + 1] != ' ' && (!quote || i > 0);
            afterSpace = c == ' ';
            if (canFold)
            {
                Fold(indent);
                continue;
            }

            _out.Append(c);
            if (quote && c == '\'')
            {
                _out.Append(c);
            }
        }
    }

    private void WriteDoubleQuoted(string text, int indent, bool mayFold)
    {
        _out.Append('"');
        var afterSpace = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ' ')
            {
                if (mayFold && !afterSpace && Column > BestWidth && i > 0 && i < text.Length - 1)
                {
                    Fold(indent);
                    if (text[i + 1] == ' ')
                    {
                        _out.Append('\\');
                    }
                }
                else
                {
                    _out.Append(' ');
                }

                afterSpace = true;
                continue;
            }

            afterSpace = false;
            AppendEscaped(text, ref i);
        }

        _out.Append('"');
    }

    private void AppendEscaped(string text, ref int i)
    {
        var c = text[i];
        var escape = c switch
        {
            '\0' => "\\0",
            '\a' => "\\a",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\v' => "\\v",
            '\f' => "\\f",
            '\r' => "\\r",
            '\u001b' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u0085' => "\\N",
            '\u2028' => "\\L",
            '\u2029' => "\\P",
            _ => null,
        };
        if (escape is not null)
        {
            _out.Append(escape);
        }
        else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        {
            _out.Append("\\U").Append(char.ConvertToUtf32(c, text[++i]).ToString("X8", CultureInfo.InvariantCulture));
        }
        else if (YamlTextShape.IsPrintable(c))
        {
            _out.Append(c);
        }
        else
        {
            _out.Append(c <= 0xFF ? "\\x" : "\\u").Append(((int)c).ToString(c <= 0xFF ? "X2" : "X4", CultureInfo.InvariantCulture));
        }
    }

    private void WriteLiteral(string text, int indent)
    {
        _out.Append('|');
        if (text[0] is ' ' or '\n')
        {
            _out.Append(Indent);
        }

        if (text[^1] != '\n')
        {
            _out.Append('-');
        }
        else if (text.Length == 1 || text[^2] == '\n')
        {
            _out.Append('+');
        }

        _out.Append('\n');
        var lines = text.Split('\n');
        var count = text[^1] == '\n' ? lines.Length - 1 : lines.Length;
        for (var i = 0; i < count; i++)
        {
            if (lines[i].Length > 0)
            {
                _out.Append(' ', indent).Append(lines[i]);
            }

            _out.Append('\n');
        }

        _lineStart = _out.Length;
    }
}
