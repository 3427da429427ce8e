using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// A file that is open for writing. What is written at one instant reaches the file as one change; it is there before the
/// command that wrote it is over. What finds no room on the disk, or is no value for a setting of the kernel, is refused
/// (<see cref="TextStream.Refusal"/>).
/// </summary>
internal sealed class FileOutput
{
    /// <summary>A file may grow to this many characters; then the disk is "full" and the writer gets a broken stream.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private readonly Process _self;
    private readonly string _path;
    private readonly StringBuilder _pending = new();
    private long _pendingBytes;
    private Turn? _flush;

    public FileOutput(Process self, string path)
    {
        (_self, _path) = (self, path);
        Stream = new TextStream(self.World, Take);
    }

    public TextStream Stream { get; }

    public void Flush()
    {
        _flush?.Cancel();
        _flush = null;
        if (_pending.Length == 0)
        {
            return;
        }

        var text = _pending.ToString();
        _pending.Clear();
        _pendingBytes = 0;
        if ((_self.Files.Read(_path)?.Length ?? 0) + text.Length > MaxLength)
        {
            Stream.Break();
            return;
        }

        _self.Files.Append(_path, text);
    }

    private void Take(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (DiskRoom.WhyNotStored(_self, _path, text, _pendingBytes + bytes) is { } refusal)
        {
            Stream.Refuse(refusal);
            return;
        }

        _pending.Append(text);
        _pendingBytes += bytes;
        if (_pending.Length > MaxLength)
        {
            Flush();
        }
        else
        {
            _flush ??= _self.World.After(TimeSpan.Zero, Flush);
        }
    }
}
