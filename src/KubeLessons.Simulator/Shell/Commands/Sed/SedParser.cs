using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Sed;

/// <summary>Reads a sed script. The first fault ends it: <c>-e expression #1, char 3: unterminated `s' command</c>.</summary>
internal sealed class SedParser(string script, bool extended)
{
    private readonly List<SedCommand> _commands = [];
    private readonly Stack<int> _blocks = new();
    private int _at;

    public string? Fault { get; private set; }

    /// <summary>The commands, with labels and blocks resolved; on a fault worth nothing.</summary>
    public List<SedCommand> Parse()
    {
        while (Fault is null)
        {
            SkipSeparators();
            if (_at >= script.Length)
            {
                break;
            }

            ParseCommand();
        }

        if (Fault is null && _blocks.Count > 0)
        {
            Fail("unmatched `{'", 0);
        }

        if (Fault is null)
        {
            ResolveLabels();
        }

        return _commands;
    }

    private char Current => _at < script.Length ? script[_at] : '\0';

    private void Fail(string message, int? at = null) => Fault ??= $"-e expression #1, char {at ?? _at}: {message}";

    private void SkipSeparators()
    {
        while (_at < script.Length && (char.IsWhiteSpace(Current) || Current == ';' || Current == '#'))
        {
            if (Current == '#')
            {
                var end = script.IndexOf('\n', _at);
                _at = end < 0 ? script.Length : end;
            }
            else
            {
                _at++;
            }
        }
    }

    private void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            _at++;
        }
    }

    private void ParseCommand()
    {
        var from = ParseAddress(isSecond: false);
        SedAddress? to = null;
        SkipBlanks();
        if (Current == ',' && from is not null)
        {
            _at++;
            SkipBlanks();
            to = ParseAddress(isSecond: true);
            if (to is null)
            {
                Fail("unexpected `,'", _at + (_at < script.Length ? 1 : 0));
            }

            SkipBlanks();
        }

        var isNegated = false;
        while (Current == '!')
        {
            isNegated = true;
            _at++;
            SkipBlanks();
        }

        if (Fault is not null)
        {
            return;
        }

        if (_at >= script.Length)
        {
            Fail("missing command");
            return;
        }

        var letter = script[_at++];
        if (letter == '}' && from is not null)
        {
            Fail("} doesn't want any addresses");
            return;
        }

        ParseBody(new SedCommand(letter, from, to, isNegated));
    }

    private void ParseBody(SedCommand command)
    {
        switch (command.Letter)
        {
            case '{':
                _blocks.Push(_commands.Count);
                _commands.Add(command);
                break;
            case '}':
                if (!_blocks.TryPop(out var open))
                {
                    Fail("unexpected `}'");
                    return;
                }

                _commands.Add(command);
                _commands[open] = _commands[open] with { Target = _commands.Count };
                ExpectEnd();
                break;
            case 's':
                ParseSubstitute(command);
                break;
            case 'y':
                ParseTransliterate(command);
                break;
            case 'a' or 'i' or 'c':
                ParseText(command);
                break;
            case 'b' or 't' or 'T' or ':':
                SkipBlanks();
                var label = ReadWhile(c => c is not ('\n' or ';') && (c != '}' || command.Letter == ':')).TrimEnd();
                if (command.Letter == ':' && label.Length == 0)
                {
                    Fail("\":\" lacks a label");
                }

                _commands.Add(command with { Text = label });
                break;
            case 'r' or 'w' or 'R' or 'W':
                SkipBlanks();
                _commands.Add(command with { Text = ReadWhile(c => c != '\n') });
                break;
            case 'q' or 'Q':
                SkipBlanks();
                var digits = ReadWhile(char.IsAsciiDigit);
                _commands.Add(command with { ExitCode = int.TryParse(digits, out var code) ? code & 0xFF : 0 });
                ExpectEnd();
                break;
            case 'd' or 'D' or 'p' or 'P' or 'n' or 'N' or 'g' or 'G' or 'h' or 'H' or 'x' or '=' or 'l' or 'z' or 'F':
                _commands.Add(command);
                ExpectEnd();
                break;
            default:
                Fail($"unknown command: `{command.Letter}'");
                break;
        }
    }

    private void ExpectEnd()
    {
        SkipBlanks();
        if (_at < script.Length && Current is not (';' or '\n' or '}' or '#'))
        {
            Fail("extra characters after command", _at + 1);
        }
    }

    private string ReadWhile(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < script.Length && belongs(Current))
        {
            _at++;
        }

        return script[start.._at];
    }

    private SedAddress? ParseAddress(bool isSecond)
    {
        if (char.IsAsciiDigit(Current))
        {
            var number = Number();
            if (Current == '~' && !isSecond)
            {
                _at++;
                return new StepAddress(number, Number());
            }

            return new LineAddress(number);
        }

        switch (Current)
        {
            case '$':
                _at++;
                return new LastLineAddress();
            case '+' when isSecond:
                _at++;
                return new OffsetAddress(Number());
            case '/' or '\\':
                _at += Current == '\\' ? 1 : 0;
                var delimiter = Current;
                _at++;
                if (ReadDelimited(delimiter, isPattern: true) is not { } pattern)
                {
                    Fail("unterminated address regex");
                    return null;
                }

                var ignoresCase = Current == 'I';
                _at += ignoresCase ? 1 : 0;
                return new RegexAddress(Compile(pattern, ignoresCase));
            default:
                return null;
        }
    }

    private long Number() => long.TryParse(ReadWhile(char.IsAsciiDigit), out var number) ? number : 0;

    private Regex? Compile(string pattern, bool ignoresCase)
    {
        if (pattern.Length == 0)
        {
            return null;
        }

        var regex = PosixRegex.Compile(pattern, extended, ignoresCase, out var fault);
        if (regex is null)
        {
            Fail(fault!);
        }

        return regex;
    }

    // The text up to the delimiter; "\delimiter" is the delimiter, and "\n" a line feed.
    private string? ReadDelimited(char delimiter, bool isPattern)
    {
        var text = new StringBuilder();
        var inBracket = false;
        for (; _at < script.Length; _at++)
        {
            var c = script[_at];
            if (c == '\\' && _at + 1 < script.Length)
            {
                var next = script[++_at];
                text.Append(next == delimiter && !(isPattern && "().*[]^$+?{}|".Contains(next)) ? next.ToString()
                    : next == 'n' && isPattern ? "\n" : "\\" + next);
                continue;
            }

            if (c == delimiter && !(inBracket && isPattern))
            {
                _at++;
                return text.ToString();
            }

            if (isPattern)
            {
                inBracket = inBracket
                    ? !(c == ']' && !EndsWithOpenBracket(text))
                    : c == '[' && script.IndexOf(']', _at) > 0;
            }

            text.Append(c);
        }

        return null;
    }

    private static bool EndsWithOpenBracket(StringBuilder text) =>
        text.Length > 0 && (text[^1] == '[' || (text.Length > 1 && text[^1] == '^' && text[^2] == '['));

    private void ParseSubstitute(SedCommand command)
    {
        var delimiter = Current;
        _at++;
        if (delimiter is '\0' or '\n' or '\\' || ReadDelimited(delimiter, isPattern: true) is not { } pattern
            || ReadDelimited(delimiter, isPattern: false) is not { } replacement)
        {
            Fail("unterminated `s' command");
            return;
        }

        var (isGlobal, prints, ignoresCase, occurrence) = (false, false, false, 1);
        string? file = null;
        while (_at < script.Length && Current is not (';' or '\n' or '}' or '#' or ' ' or '\t') && Fault is null)
        {
            switch (Current)
            {
                case 'g':
                    isGlobal = true;
                    break;
                case 'p':
                    prints = true;
                    break;
                case 'i' or 'I':
                    ignoresCase = true;
                    break;
                case 'm' or 'M' or 'e':
                    break;
                case >= '1' and <= '9':
                    occurrence = (int)Math.Min(Number(), int.MaxValue);
                    continue;
                case 'w':
                    _at++;
                    SkipBlanks();
                    file = ReadWhile(c => c != '\n');
                    continue;
                default:
                    Fail("unknown option to `s'", _at + 1);
                    break;
            }

            _at++;
        }

        var regex = Compile(pattern, ignoresCase);
        var groups = regex?.GetGroupNumbers().Length ?? 10;
        for (var i = 0; i + 1 < replacement.Length; i++)
        {
            if (replacement[i] == '\\' && char.IsAsciiDigit(replacement[++i]) && replacement[i] - '0' >= groups)
            {
                Fail($"invalid reference \\{replacement[i]} on `s' command's RHS");
            }
        }

        _commands.Add(command with
        {
            Pattern = regex,
            Replacement = replacement,
            IsGlobal = isGlobal,
            Prints = prints,
            Occurrence = occurrence,
            WriteFile = file,
        });
        ExpectEnd();
    }

    private void ParseTransliterate(SedCommand command)
    {
        var delimiter = Current;
        _at++;
        if (delimiter == '\0' || ReadDelimited(delimiter, isPattern: false) is not { } from || ReadDelimited(delimiter, isPattern: false) is not { } to)
        {
            Fail("unterminated `y' command");
            return;
        }

        (from, to) = (Unescape(from), Unescape(to));
        if (from.Length != to.Length)
        {
            Fail("strings for `y' command are different lengths");
        }

        _commands.Add(command with { Text = from, Replacement = to });
        ExpectEnd();
    }

    private static string Unescape(string text) => text.Replace("\\n", "\n").Replace("\\\\", "\\");

    // "a text" on one line (a backslash keeps its leading blanks), or "a\" and the text on the next ones, each but the last
    // ending in a backslash.
    private void ParseText(SedCommand command)
    {
        SkipBlanks();
        if (Current == '\\')
        {
            _at++;
            var rest = script.AsSpan(_at).TrimStart(" \t");
            _at = rest.StartsWith("\n") ? script.Length - rest.Length + 1 : _at;
        }

        if (_at >= script.Length)
        {
            Fail("expected \\ after `a', `c' or `i'");
            return;
        }

        var text = new StringBuilder();
        while (_at < script.Length && Current != '\n')
        {
            if (Current == '\\' && _at + 1 < script.Length)
            {
                _at++;
                text.Append(Current switch { 'n' => '\n', 't' => '\t', var other => other });
            }
            else
            {
                text.Append(Current);
            }

            _at++;
        }

        _commands.Add(command with { Text = text.ToString() });
    }

    private void ResolveLabels()
    {
        for (var i = 0; i < _commands.Count; i++)
        {
            if (_commands[i].Letter is not ('b' or 't' or 'T'))
            {
                continue;
            }

            var label = _commands[i].Text;
            var target = label.Length == 0 ? _commands.Count : _commands.FindIndex(command => command.Letter == ':' && command.Text == label);
            if (target < 0)
            {
                Fault ??= $"can't find label for jump to `{label}'";
            }

            _commands[i] = _commands[i] with { Target = target };
        }
    }
}
