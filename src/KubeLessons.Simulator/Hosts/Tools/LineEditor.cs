using System.Text;
using System.Text.RegularExpressions;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>
/// vi, vim, ex and ed where there is no screen: the editor's commands are lines of standard input (or vim's <c>-c COMMAND</c>), with or
/// without their colon. Addresses are N, ., $, %, /RE/, +N and ranges; the commands are p, #, d, s/RE/TEXT/[g][i], a, i and c (text up to
/// a line with a dot), m, t, r, g and v with d, p or s, =, w, wq, x, q and q!. Without w, nothing is written.
/// </summary>
internal sealed partial class LineEditor(Process self)
{
    private readonly List<string> _lines = [];
    private readonly Queue<string> _commands = new();
    private string _path = "";
    private int _current;
    private bool _isChanged;
    private bool _hasEnded;

    public IEnumerable<Wait> Main()
    {
        var isEd = self.Name == "ed";
        var isQuiet = false;
        var words = self.Arguments.ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "-c" or "--cmd" when i + 1 < words.Length:
                    _commands.Enqueue(words[++i]);
                    break;
                case ['+', ..] when words[i].Length > 1:
                    _commands.Enqueue(words[i][1..]);
                    break;
                case "-s" or "-es" or "-e" or "-Es" or "-" or "-n" or "-u" or "-N" or "-i":
                    isQuiet = true;
                    break;
                case ['-', ..]:
                    break;
                default:
                    _path = words[i];
                    break;
            }
        }

        if (!isEd && self.Name != "ex" && !isQuiet && _commands.Count == 0)
        {
            self.Error.WriteLine("Vim: Warning: Input is not from a terminal");
        }

        if (_path.Length > 0 && !Load(_path, isEd && !isQuiet))
        {
            yield break;
        }

        while (!_hasEnded)
        {
            if (_commands.Count == 0 && self.Input.ReadLine() is { } line)
            {
                _commands.Enqueue(line);
            }

            if (_commands.Count == 0)
            {
                if (self.Input.IsAtEnd)
                {
                    break;
                }

                yield return Wait.On(self.Input.Changed);
                continue;
            }

            var command = _commands.Dequeue();
            if (NeedsText().IsMatch(command))
            {
                var text = new List<string>();
                while (true)
                {
                    if (_commands.TryDequeue(out var next) || (next = self.Input.ReadLine()) is not null)
                    {
                        if (next == ".")
                        {
                            break;
                        }

                        text.Add(next);
                    }
                    else if (self.Input.IsAtEnd)
                    {
                        break;
                    }
                    else
                    {
                        yield return Wait.On(self.Input.Changed);
                    }
                }

                Insert(command, text);
            }
            else
            {
                Obey(command.TrimStart(':', ' '));
            }
        }

        // Whoever leaves with changes that were not written loses them, and is told.
        if (!_hasEnded && _isChanged)
        {
            self.Error.WriteLine("E37: No write since last change (add ! to override)");
            self.Exit(1);
        }
    }

    [GeneratedRegex(@"^[: ]*([0-9.$%,+\-]|/[^/]*/)*[aic]$")]
    private static partial Regex NeedsText();

    private bool Load(string path, bool tells)
    {
        var place = FileSystem.Resolve(self.WorkingDirectory, path);
        if (self.Files.IsDirectory(place))
        {
            self.Error.WriteLine($"\"{path}\" is a directory");
            self.Exit(1);
            return false;
        }

        if (self.Files.Read(place) is { } text)
        {
            _lines.AddRange(text.Split('\n'));
            if (_lines[^1].Length == 0)
            {
                _lines.RemoveAt(_lines.Count - 1);
            }

            self.Output.Write(tells ? Encoding.UTF8.GetByteCount(text) + "\n" : "");
        }
        else if (tells)
        {
            self.Error.WriteLine($"{path}: No such file or directory");
        }

        _current = _lines.Count;
        return true;
    }

    private void Fault(string words) => self.Error.WriteLine(self.Name == "ed" ? "?" : words);

    private void Insert(string command, List<string> text)
    {
        if (!Range(command.TrimStart(':', ' ')[..^1], out var from, out var to, out _))
        {
            Fault("E16: Invalid range");
            return;
        }

        var at = command[^1] switch { 'a' => to, 'i' => Math.Max(0, from - 1), _ => from - 1 };
        if (command[^1] == 'c')
        {
            _lines.RemoveRange(from - 1, to - from + 1);
        }

        _lines.InsertRange(at, text);
        _current = at + text.Count;
        _isChanged = true;
    }

    private void Obey(string command)
    {
        if (command.Length == 0)
        {
            return;
        }

        if (!Range(command, out var from, out var to, out var rest))
        {
            Fault("E16: Invalid range");
            return;
        }

        var isWhole = rest.Length == command.Length;
        switch (rest)
        {
            case "":
                _current = to;
                Print(to, to, false);
                break;
            case "p" or "l" or "P":
                Print(from, to, false);
                break;
            case "#" or "nu" or "number" or "n" when !isWhole || rest != "n":
                Print(from, to, true);
                break;
            case "d" or "delete":
                Delete(from, to);
                break;
            case "=":
                self.Output.WriteLine((isWhole ? _lines.Count : to).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "q" or "quit" when _isChanged:
                Fault("E37: No write since last change (add ! to override)");
                break;
            case "q" or "quit" or "q!" or "quit!" or "qa!" or "Q":
                _hasEnded = true;
                break;
            case "x" or "wq" or "wq!" or "x!" or "ZZ" or "xit":
                _hasEnded = Write(_path, 1, _lines.Count);
                break;
            case ['s', var mark, ..] when !char.IsAsciiLetterOrDigit(mark):
                Substitute(rest, from, to);
                break;
            case ['g' or 'v', var mark, ..] when !char.IsAsciiLetterOrDigit(mark):
                Everywhere(rest, isWhole ? 1 : from, isWhole ? _lines.Count : to);
                break;
            case ['m' or 't', ..] when Range(rest[1..].Trim(), out _, out var target, out var left) && left.Length == 0:
                Move(from, to, rest[1..].Trim() == "0" ? 0 : target, rest[0] == 't');
                break;
            case ['w', ..]:
                var name = rest.TrimStart('w').TrimStart('!').Trim();
                Write(name.Length == 0 ? _path : name, isWhole ? 1 : from, isWhole ? _lines.Count : to);
                break;
            case ['r', ' ', ..]:
                Read(rest[2..].Trim(), to);
                break;
            case "set" or "syntax" or "noh" or "H" or ['s', 'e', 't', ' ', ..] or ['s', 'y', 'n', ..]:
                break;
            default:
                Fault($"E492: Not an editor command: {rest}");
                break;
        }
    }

    private void Print(int from, int to, bool isNumbered)
    {
        for (var number = from; number <= to && number >= 1; number++)
        {
            self.Output.WriteLine(isNumbered ? $"{number,7} {_lines[number - 1]}" : _lines[number - 1]);
        }

        _current = to;
    }

    private void Delete(int from, int to)
    {
        if (from < 1)
        {
            Fault("E16: Invalid range");
            return;
        }

        _lines.RemoveRange(from - 1, to - from + 1);
        _current = Math.Min(from, _lines.Count);
        _isChanged = true;
    }

    private void Move(int from, int to, int target, bool isCopy)
    {
        var moved = _lines.GetRange(from - 1, to - from + 1);
        if (!isCopy)
        {
            _lines.RemoveRange(from - 1, moved.Count);
            target -= target >= to ? moved.Count : 0;
        }

        _lines.InsertRange(target, moved);
        _current = target + moved.Count;
        _isChanged = true;
    }

    private void Everywhere(string command, int from, int to)
    {
        var end = command.IndexOf(command[1], 2);
        if (end < 0 || PosixRegex.Compile(command[2..end], extended: false) is not { } regex)
        {
            Fault("E35: No previous regular expression");
            return;
        }

        var action = command[(end + 1)..] is { Length: > 0 } given ? given : "p";

        // From the last to the first, so that a line that goes does not move those that are still to be looked at.
        var chosen = Enumerable.Range(from, Math.Max(0, to - from + 1)).Where(number => PosixRegex.MatchAt(regex, _lines[number - 1], 0).Success == (command[0] == 'g')).ToList();
        if (action == "d")
        {
            chosen.Reverse();
        }

        foreach (var number in chosen)
        {
            _current = number;
            Obey(action);
        }
    }
}
