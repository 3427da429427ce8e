using System.Text;
using System.Text.RegularExpressions;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands.Sed;

/// <summary>Runs a sed script over lines: the pattern space, the hold space, and what is to be printed.</summary>
internal sealed class SedMachine(CommandContext command, List<SedCommand> commands, bool isQuiet, Action<string> write)
{
    /// <summary>The pattern and hold space may have this many characters.</summary>
    public const int MaxSpace = 4 * 1024 * 1024;

    // What Execute says when D begins a new cycle without reading a line.
    private const int Restart = -2;

    // So many commands run before a little time passes: a loop in the script does not hold the turn.
    private const int StepsPerTurn = 10_000;

    private readonly bool[] _isInRange = new bool[commands.Count];
    private readonly long[] _rangeEnd = new long[commands.Count];
    private readonly List<string> _appended = [];
    private readonly Dictionary<string, FileOutput> _files = [];
    private LineSource _lines = null!;
    private string _space = "";
    private string _hold = "";
    private string? _ahead;
    private bool _aheadIsWhole;
    private bool _isWhole;
    private bool _substituted;
    private bool _deleted;
    private bool _ends;
    private long _number;
    private int _steps;
    private Regex? _lastPattern;

    public int ExitCode { get; private set; }

    public IEnumerable<Wait> Run(IReadOnlyList<string> files)
    {
        _lines = new LineSource(command, files, WhyUnread) { FailureStatus = IsDirectory(files) ? 4 : 2 };
        yield return Wait.Call(LookAhead());
        var restarts = false;
        while (!_ends && (restarts || _ahead is not null))
        {
            if (!restarts)
            {
                yield return Wait.Call(Advance());
            }

            restarts = false;
            for (var i = 0; i < commands.Count && !_ends;)
            {
                if (++_steps % StepsPerTurn == 0)
                {
                    yield return Wait.For(CommandContext.PieceCost);
                }

                var current = commands[i];
                if (!Selects(current, i))
                {
                    i = current.Letter == '{' ? current.Target : i + 1;
                    continue;
                }

                if (current.Letter is 'n' or 'N')
                {
                    if (_ahead is null)
                    {
                        // GNU prints the pattern space when there is no next line.
                        _ends = true;
                        Print(!isQuiet);
                        break;
                    }

                    if (current.Letter == 'n')
                    {
                        Print(!isQuiet);
                    }

                    var before = _space;
                    yield return Wait.Call(Advance());
                    _space = current.Letter == 'N' ? before + "\n" + _space : _space;
                    i++;
                    continue;
                }

                var next = Execute(current, i);
                if (next == Restart)
                {
                    restarts = true;
                    break;
                }

                i = next;
            }

            if (!_ends && !restarts && !_deleted)
            {
                Print(!isQuiet);
            }

            FlushAppended();
            _deleted = false;
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        foreach (var file in _files.Values)
        {
            file.Flush();
        }
    }

    private bool IsDirectory(IReadOnlyList<string> files) => files.Any(file => command.Self.Files.IsDirectory(command.Resolve(file)));

    private static string WhyUnread(string file, string reason) =>
        reason == PathAccess.IsADirectory ? $"read error on {file}: {reason}" : $"can't read {file}: {reason}";

    // The last line is known as such ("$") because one line is read ahead.
    private IEnumerable<Wait> LookAhead()
    {
        LineState state;
        while ((state = _lines.Next()) == LineState.Pending)
        {
            yield return _lines.More;
        }

        (_ahead, _aheadIsWhole) = state == LineState.Line ? (_lines.Line, _lines.IsWhole) : (null, true);
    }

    private IEnumerable<Wait> Advance()
    {
        FlushAppended();
        (_space, _isWhole) = (_ahead!, _aheadIsWhole);
        _number++;
        _substituted = false;
        yield return Wait.Call(LookAhead());
    }

    private bool Selects(SedCommand current, int index)
    {
        if (current.From is null)
        {
            return !current.IsNegated;
        }

        var selected = current.To is null ? Matches(current.From) : InRange(current, index);
        return selected != current.IsNegated;
    }

    private bool InRange(SedCommand current, int index)
    {
        if (_isInRange[index])
        {
            var isEnd = current.To switch
            {
                LineAddress line => _number >= line.Number,
                OffsetAddress => _number >= _rangeEnd[index],
                _ => Matches(current.To!),
            };
            _isInRange[index] = !isEnd;
            return current.To is not LineAddress end || _number <= end.Number;
        }

        var startsAtZero = current.From is LineAddress { Number: 0 } && current.To is RegexAddress && _number == 1;
        if (startsAtZero)
        {
            _isInRange[index] = !Matches(current.To!);
            return true;
        }

        if (!Matches(current.From!))
        {
            return false;
        }

        _rangeEnd[index] = _number + (current.To is OffsetAddress offset ? offset.Count : 0);
        _isInRange[index] = current.To is not LineAddress single || single.Number > _number;
        _isInRange[index] &= current.To is not OffsetAddress { Count: 0 };
        return true;
    }

    private bool Matches(SedAddress address) => address switch
    {
        LineAddress line => _number == line.Number,
        LastLineAddress => _ahead is null,
        StepAddress step => step.Step <= 0 ? _number == step.First : _number >= step.First && (_number - step.First) % step.Step == 0,
        RegexAddress regex => Remember(regex.Pattern) is { } pattern && PosixRegex.MatchAt(pattern, _space, 0).Success,
        _ => false,
    };

    private Regex? Remember(Regex? pattern) => _lastPattern = pattern ?? _lastPattern;

    // Returns the index of the next command; one behind the last ends the cycle.
    private int Execute(SedCommand current, int index)
    {
        switch (current.Letter)
        {
            case 's':
                Substitute(current);
                break;
            case 'y':
                _space = string.Concat(_space.Select(c => current.Text.IndexOf(c) is >= 0 and var at ? current.Replacement[at] : c));
                break;
            case 'p':
                Print(true);
                break;
            case 'P':
                write(_space.Split('\n')[0] + "\n");
                break;
            case 'd':
                _deleted = true;
                return commands.Count;
            case 'D':
                var end = _space.IndexOf('\n');
                _deleted = true;
                _space = end < 0 ? "" : _space[(end + 1)..];
                return end < 0 ? commands.Count : Restart;
            case 'q':
                Print(!isQuiet);
                (ExitCode, _ends) = (current.ExitCode, true);
                break;
            case 'Q':
                (ExitCode, _ends) = (current.ExitCode, true);
                break;
            case 'b':
                return current.Target;
            case 't' when _substituted:
                _substituted = false;
                return current.Target;
            case 'T' when !_substituted:
                return current.Target;
            case 'T':
                _substituted = false;
                break;
            default:
                ExecuteText(current, index);
                return current.Letter == 'c' ? AfterChange() : index + 1;
        }

        return index + 1;
    }

    private int AfterChange()
    {
        _deleted = true;
        return commands.Count;
    }

    private void ExecuteText(SedCommand current, int index)
    {
        switch (current.Letter)
        {
            case 'a':
                _appended.Add(current.Text + "\n");
                break;
            case 'i':
                write(current.Text + "\n");
                break;
            case 'c':
                // Of a range, the text stands once, at its end.
                write(current.To is null || current.IsNegated || !_isInRange[index] ? current.Text + "\n" : "");
                break;
            case '=':
                write(_number + "\n");
                break;
            case 'g':
                _space = _hold;
                break;
            case 'G':
                _space = Bounded(_space + "\n" + _hold);
                break;
            case 'h':
                _hold = _space;
                break;
            case 'H':
                _hold = Bounded(_hold + "\n" + _space);
                break;
            case 'x':
                (_space, _hold) = (_hold, _space);
                break;
            case 'z':
                _space = "";
                break;
            case 'F':
                write(_lines.FileName + "\n");
                break;
            case 'l':
                write(_space.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n") + "$\n");
                break;
            case 'r':
                _appended.Add(PathAccess.Read(command.Self, current.Text, out _) ?? "");
                break;
            case 'w':
                WriteFile(current.Text, _space + "\n");
                break;
        }
    }

    private void Substitute(SedCommand current)
    {
        if (Remember(current.Pattern) is not { } pattern)
        {
            return;
        }

        var result = new StringBuilder();
        var (at, copied, count, changed) = (0, 0, 0, false);
        while (at <= _space.Length && result.Length < MaxSpace && !(changed && !current.IsGlobal))
        {
            var match = PosixRegex.MatchAt(pattern, _space, at);
            if (!match.Success)
            {
                break;
            }

            var end = match.Index + match.Length;
            at = match.Length == 0 ? end + 1 : end;
            if (match.Length == 0 && count > 0 && match.Index == copied)
            {
                // An empty match right behind another one does not count.
                continue;
            }

            result.Append(_space, copied, match.Index - copied);
            copied = end;
            if (++count < current.Occurrence)
            {
                result.Append(match.Value);
                continue;
            }

            SedReplacement.Append(result, current.Replacement, match);
            changed = true;
        }

        if (!changed)
        {
            return;
        }

        _space = result.Append(_space, copied, _space.Length - copied).ToString();
        _substituted = true;
        if (current.Prints)
        {
            Print(true);
        }

        if (current.WriteFile is { } file)
        {
            WriteFile(file, _space + "\n");
        }
    }

    private static string Bounded(string text) => text.Length > MaxSpace ? text[..MaxSpace] : text;

    private void Print(bool prints)
    {
        if (prints)
        {
            write(_space + (_isWhole || _ahead is not null ? "\n" : ""));
        }
    }

    private void FlushAppended()
    {
        foreach (var text in _appended)
        {
            write(text);
        }

        _appended.Clear();
    }

    private void WriteFile(string path, string text)
    {
        if (path is "/dev/stdout")
        {
            write(text);
            return;
        }

        if (!_files.TryGetValue(path, out var file))
        {
            if (PathAccess.WhyNotWritable(command.Self, path) is { } reason)
            {
                command.Complain($"couldn't open file {path}: {reason}", 4);
                return;
            }

            command.Self.Files.Write(command.Resolve(path), "");
            _files[path] = file = new FileOutput(command.Self, command.Resolve(path));
        }

        file.Stream.Write(text);
    }
}
