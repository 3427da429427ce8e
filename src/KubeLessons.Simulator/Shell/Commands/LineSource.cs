using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

internal enum LineState
{
    Line,

    /// <summary>None now: wait for <see cref="LineSource.More"/>.</summary>
    Pending,

    End,
}

/// <summary>
/// The lines of the files that a filter is given, one after the other; of standard input, when there are none or for "-".
/// What cannot be read is complained about and passed over.
/// </summary>
internal sealed class LineSource
{
    private readonly CommandContext _command;
    private readonly IReadOnlyList<string> _operands;
    private readonly Func<string, string, string> _complaint;
    private int _next;
    private bool _isOpen;
    private bool _isInput;
    private string _text = "";
    private int _at;

    /// <param name="command">The command that reads.</param>
    /// <param name="operands">The files.</param>
    /// <param name="complaint">How it words that a file cannot be read, from the file and the reason.</param>
    public LineSource(CommandContext command, IReadOnlyList<string> operands, Func<string, string, string>? complaint = null)
    {
        (_command, _complaint) = (command, complaint ?? ((file, reason) => $"{file}: {reason}"));
        _operands = operands.Count == 0 ? ["-"] : operands;
    }

    /// <summary>The line, without its line feed.</summary>
    public string Line { get; private set; } = "";

    /// <summary>Whether it ended in a line feed: the last line of a file may not.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The line with its line feed, if it had one.</summary>
    public string Text => IsWhole ? Line + "\n" : Line;

    /// <summary>The file that the line is from; "-" is standard input.</summary>
    public string FileName { get; private set; } = "-";

    /// <summary>Whether the line is its file's first.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>Counts the files that were opened.</summary>
    public int FileNumber { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The exit code of a file that cannot be read.</summary>
    public int FailureStatus { get; init; } = 1;

    public Wait More => Wait.On(_command.Self.Input.Changed);

    /// <summary>Moves to the next line.</summary>
    public LineState Next()
    {
        while (true)
        {
            if (!_isOpen && !OpenNext())
            {
                return LineState.End;
            }

            var end = _text.IndexOf('\n', _at);
            if (end < 0 && _isInput && !_command.Self.Input.IsAtEnd)
            {
                if (!_command.Self.Input.HasText)
                {
                    return LineState.Pending;
                }

                _text = _text[_at..] + _command.Self.Input.Read();
                _at = 0;
            }
            else if (end < 0 && _at == _text.Length)
            {
                _isOpen = false;
            }
            else
            {
                Take(end);
                return LineState.Line;
            }
        }
    }

    /// <summary>Gives up the rest of the file that is being read.</summary>
    public void SkipFile()
    {
        _isOpen = false;
    }

    private bool _hasRead;

    private void Take(int end)
    {
        IsWhole = end >= 0;
        Line = IsWhole ? _text[_at..end] : _text[_at..];
        _at = IsWhole ? end + 1 : _text.Length;
        IsFirst = !_hasRead;
        _hasRead = true;
    }

    private bool OpenNext()
    {
        while (_next < _operands.Count)
        {
            var name = _operands[_next++];
            FileName = name;
            if (name == "-" || _command.Resolve(name) == "/dev/stdin")
            {
                (_isOpen, _isInput, _text, _at, _hasRead) = (true, true, "", 0, false);
                FileNumber++;
                return true;
            }

            if (PathAccess.Read(_command.Self, name, out var reason) is { } text)
            {
                (_isOpen, _isInput, _text, _at, _hasRead) = (true, false, text, 0, false);
                FileNumber++;
                return true;
            }

            Failures++;
            _command.Complain(_complaint(name, reason), FailureStatus);
        }

        return false;
    }
}
