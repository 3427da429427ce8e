using System.Runtime.InteropServices;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>A line of a container's log with its time. A partial line (tag P) has no line feed yet.</summary>
public readonly record struct LogLine(DateTimeOffset At, bool IsError, string Text, bool IsPartial);

/// <summary>
/// A container's log file in the form of the CRI (time, stream, tag, text). It is rotated when it has grown to its limit: what
/// was rotated away is not read any more, as kubectl logs does not.
/// </summary>
public sealed class ContainerLog(World world)
{
    /// <summary>A log file is rotated at this size (KubeletConfiguration.containerLogMaxSize 10Mi).</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    private readonly List<LogLine> _lines = [];
    private int _bytes;

    /// <summary>The lines since the last rotation, oldest first.</summary>
    public ReadOnlySpan<LogLine> Lines => CollectionsMarshal.AsSpan(_lines);

    /// <summary>Lines that were rotated away: line n of the container is line n - Rotated of <see cref="Lines"/>.</summary>
    public int Rotated { get; private set; }

    /// <summary>Raised after something was written, and when nothing more will be.</summary>
    public Signal Grew { get; } = new(world);

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
                _lines[^1] = open with { Text = open.Text + piece, IsPartial = end < 0 };
            }
            else
            {
                _lines.Add(new LogLine(world.UtcNow, isError, piece, end < 0));
            }

            _bytes += piece.Length + 40;
        }

        if (_bytes > MaxBytes)
        {
            Rotated += _lines.Count;
            _lines.Clear();
            _bytes = 0;
        }

        Grew.Raise();
    }
}
