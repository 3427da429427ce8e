using System.Text;
using System.Text.Json.Nodes;

namespace KubeLessons.RealCluster.Safety;

/// <summary>
/// The book of one run, in a file of the user's own: what was there before, and each command before it is run. A line is on the disk
/// before the tool goes on, so that whatever ends the tool, the next start knows all that may have been done. The file is locked
/// while its run lives; a file that can be locked has lost its run.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;

    private Journal(FileStream file, List<JsonObject> entries) => (_file, Entries) = (file, entries);

    /// <summary>All entries, in order.</summary>
    public List<JsonObject> Entries { get; }

    public string Path => _file.Name;

    /// <summary>The run's name.</summary>
    public string RunId => System.IO.Path.GetFileNameWithoutExtension(_file.Name);

    public static Journal Begin(string stateFolder, string runId)
    {
        var folder = FolderIn(stateFolder);
        Directory.CreateDirectory(folder);
        return new Journal(new FileStream(System.IO.Path.Combine(folder, runId + ".jsonl"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None), []);
    }

    /// <summary>The journals of runs that ended without undoing what they did, oldest first. Whoever takes one disposes of it.</summary>
    public static IEnumerable<Journal> Orphans(string stateFolder)
    {
        var folder = FolderIn(stateFolder);
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            if (TryOpen(path) is { } journal)
            {
                yield return journal;
            }
        }
    }

    /// <summary>Whether any journal lies there: then a run goes on, or one was cut off.</summary>
    public static bool AnyIn(string stateFolder) =>
        Directory.Exists(FolderIn(stateFolder)) && Directory.EnumerateFiles(FolderIn(stateFolder), "*.jsonl").Any();

    public void Write(string kind, JsonObject entry)
    {
        entry.Insert(0, "kind", kind);
        Entries.Add(entry);
        _file.Seek(0, SeekOrigin.End);
        _file.Write(Encoding.UTF8.GetBytes(entry.ToJsonString() + "\n"));
        _file.Flush(flushToDisk: true);
    }

    public IEnumerable<JsonObject> Of(string kind) => Entries.Where(entry => (string?)entry["kind"] == kind);

    /// <summary>All is undone: the book is closed for good.</summary>
    public void Close()
    {
        File.Delete(_file.Name);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private static string FolderIn(string stateFolder) => System.IO.Path.Combine(stateFolder, "journals");

    private static Journal? TryOpen(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            using var reader = new StreamReader(file, Encoding.UTF8, false, 4096, leaveOpen: true);
            var entries = new List<JsonObject>();
            while (reader.ReadLine() is { } line)
            {
                // The last line may be cut off; what it announced was not begun.
                if (TryParse(line) is { } entry)
                {
                    entries.Add(entry);
                }
            }

            return new Journal(file, entries);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static JsonObject? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
