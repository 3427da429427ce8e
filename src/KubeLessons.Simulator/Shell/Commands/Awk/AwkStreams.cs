using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>A record that was read; <see cref="Text"/> null: there is none.</summary>
internal sealed class ReadResult
{
    public string? Text { get; set; }

    public bool Failed { get; set; }

    public bool IsFirstOfFile { get; set; }

    public string FileName { get; set; } = "";
}

/// <summary>What an awk program reads from and writes to besides its own output: its operands, files and commands.</summary>
internal sealed class AwkStreams(CommandContext command, IReadOnlyList<string> operands, Action<string, string> assign)
{
    private readonly Dictionary<string, (string Text, int At)> _reading = [];
    private readonly Dictionary<string, FileOutput> _files = [];
    private readonly Dictionary<string, StringBuilder> _commands = [];
    private LineSource? _lines;
    private string? _wholeText;
    private int _wholeAt;
    private bool _isFirst;
    private int _next;
    private bool _hasFiles;

    /// <summary>The next record of the operands, or of standard input.</summary>
    public IEnumerable<Wait> ReadRecord(string separator, ReadResult result)
    {
        while (true)
        {
            if (_lines is null && _wholeText is null && !OpenNext())
            {
                yield break;
            }

            if (separator == "\n" && _lines is { } lines)
            {
                var state = lines.Next();
                if (state == LineState.Pending)
                {
                    yield return lines.More;
                    continue;
                }

                if (state == LineState.Line)
                {
                    (result.Text, result.IsFirstOfFile, result.FileName) = (lines.Line, lines.IsFirst, lines.FileName);
                    yield break;
                }

                _lines = null;
                continue;
            }

            if (_wholeText is null)
            {
                var all = new List<string>();
                yield return Wait.Call(LineFilters.ReadAll(_lines!, all, withEnds: true));
                (_wholeText, _wholeAt, _isFirst) = (string.Concat(all), 0, true);
            }

            result.FileName = _lines?.FileName ?? "";
            result.Text = TakeRecord(separator);
            if (result.Text is not null)
            {
                (result.IsFirstOfFile, _isFirst) = (_isFirst, false);
                yield break;
            }

            (_wholeText, _lines) = (null, null);
        }
    }

    public void SkipFile() => (_lines, _wholeText) = (null, null);

    /// <summary>The next line of a file.</summary>
    public IEnumerable<Wait> ReadFile(string path, ReadResult result)
    {
        if (!_reading.ContainsKey(path))
        {
            var text = PathAccess.Read(command.Self, path, out _);
            result.Failed = text is null;
            if (text is not null)
            {
                _reading[path] = (text, 0);
            }
        }

        TakeLine(path, result);
        return [];
    }

    /// <summary>The next line of what a command writes; the command has run to its end when the first is read.</summary>
    public IEnumerable<Wait> ReadCommand(string line, ReadResult result)
    {
        if (!_reading.ContainsKey(line))
        {
            var output = new StringBuilder();
            TextStream? stream = null;
            stream = new TextStream(command.World, piece =>
            {
                if (output.Append(piece).Length > AwkMachine.MaxLength)
                {
                    stream!.Break();
                }
            });
            yield return Wait.Call(Children.Run(command.Self, Shell(line), command.Self.Input, stream, new ChildResult()));
            _reading[line] = (output.ToString(), 0);
        }

        TakeLine(line, result);
    }

    /// <summary><c>system</c>: runs a command with awk's own streams.</summary>
    public IEnumerable<Wait> Run(string line, AwkResult status)
    {
        var result = new ChildResult();
        yield return Wait.Call(Children.Run(command.Self, Shell(line), command.Self.Input, command.Self.Output, result));
        status.Value = AwkValue.Of(result.ExitCode);
    }

    /// <summary>Writes to a file or, with "|", to a command that runs when it is closed. Null, or what is wrong.</summary>
    public string? Write(string redirect, string target, string text)
    {
        if (redirect == "|")
        {
            if (!_commands.TryGetValue(target, out var input))
            {
                _commands[target] = input = new StringBuilder();
            }

            if (input.Append(text).Length > AwkMachine.MaxLength)
            {
                return $"more than {AwkMachine.MaxLength} characters for {target}";
            }

            return null;
        }

        switch (target)
        {
            case "/dev/stdout" or "-":
                command.Write(text);
                return null;
            case "/dev/stderr":
                command.Self.Error.Write(text);
                return null;
            case "/dev/null":
                return null;
        }

        if (!_files.TryGetValue(target, out var file))
        {
            if (PathAccess.WhyNotWritable(command.Self, target) is { } reason)
            {
                return $"cannot redirect to `{target}': {reason}";
            }

            var path = command.Resolve(target);
            if (redirect == ">" || !command.Self.Files.Exists(path))
            {
                command.Self.Files.Write(path, "");
            }

            _files[target] = file = new FileOutput(command.Self, path);
        }

        file.Stream.Write(text);
        return null;
    }

    public IEnumerable<Wait> Close(string name)
    {
        _reading.Remove(name);
        if (_files.Remove(name, out var file))
        {
            file.Flush();
        }

        if (_commands.Remove(name, out var input))
        {
            yield return Wait.Call(Children.Run(
                command.Self, Shell(name), TextStream.Of(command.World, input.ToString()), command.Self.Output, new ChildResult()));
        }
    }

    public IEnumerable<Wait> CloseAll()
    {
        foreach (var name in _files.Keys.Concat(_commands.Keys).ToList())
        {
            yield return Wait.Call(Close(name));
        }
    }

    private static System.Collections.Immutable.ImmutableArray<string> Shell(string line) => ["sh", "-c", line];

    private bool OpenNext()
    {
        while (_next < operands.Count)
        {
            var operand = operands[_next++];
            var equals = operand.IndexOf('=');
            if (equals > 0 && ShellLexer.IsName(operand.AsSpan(0, equals)))
            {
                assign(operand[..equals], operand[(equals + 1)..]);
                continue;
            }

            _hasFiles = true;
            _lines = new LineSource(command, [operand], (file, reason) => $"cannot open \"{file}\" ({reason})") { FailureStatus = 2 };
            return true;
        }

        if (_hasFiles)
        {
            return false;
        }

        _hasFiles = true;
        _lines = new LineSource(command, []);
        return true;
    }

    // RS of one character, or "" for paragraphs, or a pattern.
    private string? TakeRecord(string separator)
    {
        var text = _wholeText!;
        while (separator.Length == 0 && _wholeAt < text.Length && text[_wholeAt] == '\n')
        {
            _wholeAt++;
        }

        if (_wholeAt >= text.Length)
        {
            return null;
        }

        var (end, length) = FindEnd(text, separator);
        var record = end < 0 ? text[_wholeAt..] : text[_wholeAt..end];
        _wholeAt = end < 0 ? text.Length : end + length;
        return separator.Length == 0 ? record.TrimEnd('\n') : record;
    }

    private (int End, int Length) FindEnd(string text, string separator)
    {
        if (separator.Length <= 1)
        {
            var mark = separator.Length == 0 ? "\n\n" : separator;
            return (text.IndexOf(mark, _wholeAt, StringComparison.Ordinal), mark.Length);
        }

        var match = PosixRegex.Compile(separator, extended: true) is { } regex ? PosixRegex.MatchAt(regex, text, _wholeAt) : null;
        return match is { Success: true, Length: > 0 } ? (match.Index, match.Length) : (-1, 0);
    }

    private void TakeLine(string name, ReadResult result)
    {
        if (!_reading.TryGetValue(name, out var source) || source.At >= source.Text.Length)
        {
            return;
        }

        var end = source.Text.IndexOf('\n', source.At);
        result.Text = end < 0 ? source.Text[source.At..] : source.Text[source.At..end];
        _reading[name] = (source.Text, end < 0 ? source.Text.Length : end + 1);
    }
}
