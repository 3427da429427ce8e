using System.Text;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Where a process reads from or writes to: a pipe, a terminal, or a sink. Text waits here until somebody reads it; a stream
/// with a sink hands it on at once.
/// </summary>
public sealed class TextStream
{
    /// <summary>A pipe holds this many characters (Linux: 64 KiB, pipe(7)); a program that writes more waits for its reader.</summary>
    public const int PipeCapacity = 65_536;

    private readonly StringBuilder _buffer = new();
    private readonly Action<string>? _sink;

    public TextStream(World world, Action<string>? sink = null)
    {
        Changed = new Signal(world);
        _sink = sink;
    }

    /// <summary>Raised when there is more to read, room to write, or the end was reached.</summary>
    public Signal Changed { get; }

    /// <summary>No more will be written. What is buffered can still be read.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Nobody will read any more: a writer gets SIGPIPE.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when this is a terminal: programs may print columns, prompts and colours.</summary>
    public bool IsTerminal { get; init; }

    public bool IsFull => _buffer.Length >= PipeCapacity;

    /// <summary>Nothing to read, now or later.</summary>
    public bool IsAtEnd => IsClosed && _buffer.Length == 0;

    public bool HasText => _buffer.Length > 0;

    public static TextStream Empty(World world)
    {
        var stream = new TextStream(world);
        stream.Close();
        return stream;
    }

    public static TextStream Of(World world, string text)
    {
        var stream = new TextStream(world);
        stream.Write(text);
        stream.Close();
        return stream;
    }

    /// <summary>Writes text; after the stream was closed or broken it is dropped.</summary>
    public void Write(string text)
    {
        if (IsClosed || IsBroken || text.Length == 0)
        {
            return;
        }

        if (_sink is not null)
        {
            _sink(text);
            return;
        }

        _buffer.Append(text);
        Changed.Raise();
    }

    public void WriteLine(string line = "") => Write(line + "\n");

    /// <summary>All that is buffered; "" when there is nothing now.</summary>
    public string Read()
    {
        var text = _buffer.ToString();
        _buffer.Clear();
        if (text.Length > 0)
        {
            Changed.Raise();
        }

        return text;
    }

    /// <summary>The next whole line without its line feed (at the end: what is left); null when there is none now.</summary>
    public string? ReadLine()
    {
        for (var i = 0; i < _buffer.Length; i++)
        {
            if (_buffer[i] == '\n')
            {
                var line = _buffer.ToString(0, i);
                _buffer.Remove(0, i + 1);
                Changed.Raise();
                return line;
            }
        }

        return IsClosed && _buffer.Length > 0 ? Read() : null;
    }

    public void Close()
    {
        IsClosed = true;
        Changed.Raise();
    }

    /// <summary>The reader is gone.</summary>
    public void Break()
    {
        IsBroken = true;
        _buffer.Clear();
        Changed.Raise();
    }
}
