using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>A line of a container's log with its time. A partial line (tag P) has no line feed yet.</summary>
public readonly record struct LogLine(DateTimeOffset At, bool IsError, string Text, bool IsPartial)
{
    /// <summary>The bytes that time, stream and tag take: <c>2026-01-05T00:00:01.000000000Z stdout F </c> and the line feed.</summary>
    private const int Frame = 41;

    internal long Bytes => Frame + Encoding.UTF8.GetByteCount(Text);

    /// <summary>As the log file of the CRI has it.</summary>
    internal void WriteTo(StringBuilder text) => text
        .Append(At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture))
        .Append(IsError ? " stderr " : " stdout ").Append(IsPartial ? "P " : "F ").Append(Text).Append('\n');
}

/// <summary>
/// The log file of a container while the runtime writes it, in the form of the CRI (time, stream, tag, text). The kubelet rotates
/// it: what was rotated away is another file, and not read any more by <c>kubectl logs</c>.
/// </summary>
public sealed class ContainerLog(World world) : LiveFile
{
    /// <summary>
    /// More is never kept of a log that nobody rotates, such as while the kubelet is away: then the oldest lines go. A real disk
    /// would fill.
    /// </summary>
    public const long MaxBytes = 40 * 1024 * 1024;

    private List<LogLine> _lines = [];
    private long _bytes;
    private StringBuilder? _text;
    private int _inText;
    private bool _isClosed;

    /// <summary>The lines since the last rotation, oldest first.</summary>
    public ReadOnlySpan<LogLine> Lines => CollectionsMarshal.AsSpan(_lines);

    /// <summary>Lines that were rotated away: line n of the container is line n - Rotated of <see cref="Lines"/>.</summary>
    public int Rotated { get; private set; }

    /// <summary>Raised after something was written, and when nothing more will be.</summary>
    public Signal Grew { get; } = new(world);

    public override long Length => _bytes;

    public override string Text
    {
        get
        {
            _text ??= new StringBuilder();
            for (; _inText < _lines.Count && (_isClosed || _inText < _lines.Count - 1 || !_lines[_inText].IsPartial); _inText++)
            {
                _lines[_inText].WriteTo(_text);
            }

            return _text.ToString();
        }
    }

    /// <summary>Appends a piece of output. Text without a line feed at its end is a partial line, which the next piece goes on.</summary>
    public void Append(string text, bool isError)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            var piece = (end < 0 ? rest : rest[..end]).ToString();
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (_lines.Count > 0 && _lines[^1] is { IsPartial: true } open && open.IsError == isError)
            {
                _bytes -= open.Bytes;
                _lines[^1] = open with { Text = open.Text + piece, IsPartial = end < 0 };
            }
            else
            {
                _lines.Add(new LogLine(world.UtcNow, isError, piece, end < 0));
            }

            _bytes += _lines[^1].Bytes;
        }

        if (_bytes > MaxBytes)
        {
            Rotate();
        }

        Grew.Raise();
    }

    /// <summary>Begins a new file. What was in the old one is returned.</summary>
    public RotatedLog Rotate()
    {
        var old = new RotatedLog(Text, _bytes);
        Rotated += _lines.Count;
        (_lines, _bytes, _text, _inText) = ([], 0, null, 0);
        return old;
    }

    /// <summary>Nothing more will be written: what there is of a last line without a line feed is in the file now.</summary>
    public void Close()
    {
        _isClosed = true;
        Grew.Raise();
    }

    public override void Replace(string text)
    {
        if (text == Text)
        {
            return;
        }

        Rotate();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', 4) is [var time, var stream, var tag, var rest] && (stream is "stdout" or "stderr")
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                _lines.Add(new LogLine(at, stream == "stderr", rest, tag == "P"));
                _bytes += _lines[^1].Bytes;
            }
        }

        Grew.Raise();
    }
}

/// <summary>A log file that was rotated away; an older one is compressed (its name ends in <c>.gz</c>).</summary>
public sealed class RotatedLog(string text, long length) : LiveFile
{
    public override string Text => text;

    public override long Length => length;

    public override void Replace(string changed) => (text, length) = (changed, Encoding.UTF8.GetByteCount(changed));

    /// <summary>The same, compressed; its text has a character a byte.</summary>
    public RotatedLog Compress()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return new RotatedLog(Encoding.Latin1.GetString(bytes.ToArray()), bytes.Length);
    }
}
