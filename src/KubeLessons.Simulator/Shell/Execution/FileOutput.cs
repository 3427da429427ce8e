using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// A file that is open for writing. What is written at one instant reaches the file as one change; it is there before the
/// command that wrote it is over.
/// </summary>
internal sealed class FileOutput
{
    /// <summary>A file may grow to this many characters; then the disk is "full" and the writer gets a broken stream.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private readonly World _world;
    private readonly FileSystem _files;
    private readonly string _path;
    private readonly StringBuilder _pending = new();
    private Turn? _flush;

    public FileOutput(World world, FileSystem files, string path)
    {
        (_world, _files, _path) = (world, files, path);
        Stream = new TextStream(world, Take);
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
        if ((_files.Read(_path)?.Length ?? 0) + text.Length > MaxLength)
        {
            Stream.Break();
            return;
        }

        _files.Append(_path, text);
    }

    private void Take(string text)
    {
        _pending.Append(text);
        if (_pending.Length > MaxLength)
        {
            Flush();
        }
        else
        {
            _flush ??= _world.After(TimeSpan.Zero, Flush);
        }
    }
}
