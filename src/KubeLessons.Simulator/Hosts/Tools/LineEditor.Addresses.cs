using System.Globalization;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

internal sealed partial class LineEditor
{
    // The lines that a command is for; without an address the current one.
    private bool Range(string command, out int from, out int to, out string rest)
    {
        var at = 0;
        (from, to) = (Math.Max(1, _current), Math.Max(1, _current));
        if (_lines.Count == 0)
        {
            // Nothing is there to be addressed: the command stands before what is to come.
            (from, to, rest) = (1, 0, command.TrimStart('0', '1', '%', '$', '.', ','));
            return true;
        }

        if (command.StartsWith('%') || command.StartsWith(','))
        {
            (from, to, rest) = (1, _lines.Count, command[1..]);
            return true;
        }

        if (Address(command, ref at) is { } first)
        {
            (from, to) = (first, first);
            if (at < command.Length && command[at] is ',' or ';')
            {
                at++;
                to = Address(command, ref at) ?? _current;
            }
        }

        rest = command[at..].TrimStart();
        var isEmptyStart = from == 0 && rest is ['a' or 'r' or 'i', ..] or "";
        return from <= to && to <= _lines.Count && (from >= 1 || isEmptyStart || _lines.Count == 0);
    }

    private int? Address(string text, ref int at)
    {
        int? found = null;
        if (at >= text.Length)
        {
            return null;
        }

        if (char.IsAsciiDigit(text[at]))
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            found = int.TryParse(text.AsSpan(start, at - start), out var number) ? number : int.MaxValue;
        }
        else if (text[at] is '.' or '$')
        {
            found = text[at++] == '.' ? _current : _lines.Count;
        }
        else if (text[at] is '/' or '?')
        {
            var end = text.IndexOf(text[at], at + 1);
            var pattern = text[(at + 1)..(end < 0 ? text.Length : end)];
            found = Search(pattern, text[at] == '/') ?? int.MaxValue;
            at = end < 0 ? text.Length : end + 1;
        }

        while (at + 1 < text.Length && text[at] is '+' or '-' && char.IsAsciiDigit(text[at + 1]))
        {
            var sign = text[at++] == '+' ? 1 : -1;
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            found = (found ?? _current) + (sign * int.Parse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture));
        }

        return found;
    }

    private int? Search(string pattern, bool isForward)
    {
        if (PosixRegex.Compile(pattern, extended: false) is not { } regex)
        {
            return null;
        }

        for (var step = 1; step <= _lines.Count; step++)
        {
            var index = (((_current - 1 + (isForward ? step : -step)) % _lines.Count) + _lines.Count) % _lines.Count;
            if (PosixRegex.MatchAt(regex, _lines[index], 0).Success)
            {
                return index + 1;
            }
        }

        return null;
    }
}
