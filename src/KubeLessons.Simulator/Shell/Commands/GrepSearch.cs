using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Looks through files for a pattern and prints what grep prints.</summary>
internal sealed class GrepSearch(CommandContext command, GrepSettings settings)
{
    private readonly Queue<string> _before = new();
    private bool _hasPrinted;

    public bool HasMatched { get; private set; }

    public IEnumerable<Wait> Run(string file)
    {
        var lines = new LineSource(command, [file]) { FailureStatus = 2 };
        var (number, count, after, lastPrinted) = (0, 0, 0, 0);
        _before.Clear();
        while (count < settings.MaxCount || after > 0)
        {
            var state = lines.Next();
            if (state == LineState.End)
            {
                break;
            }

            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            number++;
            if (count < settings.MaxCount && IsMatch(lines.Line) != settings.Inverts)
            {
                count++;
                HasMatched = true;
                if (settings.IsQuiet || settings.NamesOnly != '\0')
                {
                    break;
                }

                if (!settings.Counts)
                {
                    PrintBefore(file, number, lastPrinted);
                    PrintMatch(file, number, lines.Line);
                    (after, lastPrinted) = (settings.After, number);
                }
            }
            else if (after > 0)
            {
                Print(file, number, lines.Line, '-');
                after--;
                lastPrinted = number;
            }
            else if (settings.Before > 0)
            {
                Remember(lines.Line);
            }

            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        Summarise(lines, file, count);
    }

    private void Summarise(LineSource lines, string file, int count)
    {
        if (lines.Failures > 0 || settings.IsQuiet)
        {
            return;
        }

        var shown = file == "-" ? "(standard input)" : file;
        if (settings.NamesOnly != '\0')
        {
            if ((count > 0) == (settings.NamesOnly == 'l'))
            {
                command.WriteLine(shown);
            }
        }
        else if (settings.Counts)
        {
            command.WriteLine((settings.ShowsNames ? shown + ":" : "") + count);
        }
    }

    private bool IsMatch(string line) => settings.WholeWords ? Words(line).Any() : PosixRegex.MatchAt(settings.Pattern, line, 0).Success;

    private IEnumerable<Match> Matches(string line)
    {
        if (settings.WholeWords)
        {
            foreach (var word in Words(line))
            {
                yield return word;
            }

            yield break;
        }

        for (var at = 0; at <= line.Length;)
        {
            var match = PosixRegex.MatchAt(settings.Pattern, line, at);
            if (!match.Success)
            {
                yield break;
            }

            yield return match;
            at = match.Index + Math.Max(1, match.Length);
        }
    }

    // Matches that begin and end where a word does.
    private IEnumerable<Match> Words(string line)
    {
        for (var at = 0; at <= line.Length;)
        {
            var match = PosixRegex.MatchAt(settings.Pattern, line, at);
            if (!match.Success)
            {
                yield break;
            }

            var end = match.Index + match.Length;
            var isWord = (match.Index == 0 || !IsWordLetter(line[match.Index - 1])) && (end == line.Length || !IsWordLetter(line[end]));
            if (isWord)
            {
                yield return match;
            }

            at = isWord ? match.Index + Math.Max(1, match.Length) : match.Index + 1;
        }
    }

    private static bool IsWordLetter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Remember(string line)
    {
        _before.Enqueue(line);
        if (_before.Count > settings.Before)
        {
            _before.Dequeue();
        }
    }

    private void PrintBefore(string file, int number, int lastPrinted)
    {
        var hasContext = settings.Before + settings.After > 0;
        if (hasContext && _hasPrinted && (lastPrinted == 0 || number - _before.Count > lastPrinted + 1))
        {
            command.WriteLine("--");
        }

        var first = number - _before.Count;
        foreach (var line in _before)
        {
            Print(file, first++, line, '-');
        }

        _before.Clear();
    }

    private void PrintMatch(string file, int number, string line)
    {
        if (!settings.OnlyMatching)
        {
            Print(file, number, line, ':');
            return;
        }

        foreach (var match in settings.Inverts ? [] : Matches(line))
        {
            if (match.Length > 0)
            {
                Print(file, number, match.Value, ':');
            }
        }
    }

    private void Print(string file, int number, string text, char separator)
    {
        _hasPrinted = true;
        var name = settings.ShowsNames ? (file == "-" ? "(standard input)" : file) + separator : "";
        command.WriteLine(name + (settings.Numbers ? $"{number}{separator}" : "") + text);
    }
}
