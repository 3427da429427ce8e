namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Where a process reads from or writes to: a pipe, a terminal, or a sink. Text waits here until somebody reads it; a stream
/// with a sink hands it on at once.
/// </summary>
public sealed class TextStream
{
    /// <summary>A pipe holds this many characters (Linux: 64 KiB, pipe(7)); a program that writes more waits for its reader.</summary>
    public const int PipeCapacity = 65_536;

    private readonly Action<string>? _sink;
    private char[] _buffer = [];
    private int _start;
    private int _end;

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

    public bool IsFull => _end - _start >= PipeCapacity;

    /// <summary>Nothing to read, now or later.</summary>
    public bool IsAtEnd => IsClosed && !HasText;

    public bool HasText => _end > _start;

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

    /// <summary>Why what was written did not reach its file, in the words of strerror(3), such as "No space left on device"; null: it did.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The writer is told why his text was not taken. Whoever asks is the one who has to say so.</summary>
    public string? TakeRefusal()
    {
        var refusal = Refusal;
        Refusal = null;
        return refusal;
    }

    /// <summary>The file behind the stream did not take what was written.</summary>
    public void Refuse(string reason) => Refusal = reason;

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

        MakeRoom(text.Length);
        text.CopyTo(_buffer.AsSpan(_end));
        _end += text.Length;
        Changed.Raise();
    }

    public void WriteLine(string line = "") => Write(line + "\n");

    /// <summary>All that is buffered; "" when there is nothing now.</summary>
    public string Read() => Take(_end - _start);

    /// <summary>The next character; null when there is none now.</summary>
    public char? ReadChar() => HasText ? Take(1)[0] : null;

    /// <summary>The next whole line without its line feed (at the end: what is left); null when there is none now.</summary>
    public string? ReadLine()
    {
        var length = _buffer.AsSpan(_start, _end - _start).IndexOf('\n');
        if (length < 0)
        {
            return IsClosed && HasText ? Read() : null;
        }

        var line = Take(length);
        Take(1);
        return line;
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
        (_start, _end) = (0, 0);
        Changed.Raise();
    }

    private string Take(int length)
    {
        if (length == 0)
        {
            return "";
        }

        var text = new string(_buffer, _start, length);
        _start += length;
        if (!HasText)
        {
            (_start, _end) = (0, 0);
        }

        Changed.Raise();
        return text;
    }

    private void MakeRoom(int length)
    {
        if (_end + length <= _buffer.Length)
        {
            return;
        }

        var kept = _end - _start;
        var target = kept + length <= _buffer.Length / 2 ? _buffer : new char[Math.Max(256, (kept + length) * 2)];
        _buffer.AsSpan(_start, kept).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, kept);
    }
}
