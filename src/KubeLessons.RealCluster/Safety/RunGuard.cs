using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Safety;

/// <summary>Watches over what a run does: writes it down before it is done, and undoes it at the end.</summary>
internal sealed partial class RunGuard(Journal journal, Undoing undoing, NodeShell shell)
{
    private readonly HashSet<(string Address, string Path)> _kept = [];

    public string RunId => journal.RunId;

    /// <summary>The learner's working folder on every node.</summary>
    public string Folder => FolderOf(RunId);

    public static string FolderOf(string runId) => $"/tmp/kubelessons-{runId}";

    /// <summary>Writes down what a command is about to do on a node, and what the files were that it names.</summary>
    public async Task BeforeAsync(MappedNode node, string script, CancellationToken cancellation)
    {
        var paths = KeptFiles.PathsIn(script).Where(path => !path.StartsWith(Folder, StringComparison.Ordinal) && _kept.Add((node.Address, path))).ToList();
        if (paths.Count > 0 && await shell.LookAsync(node.Address, KeptFiles.Script(paths), cancellation).ConfigureAwait(false) is { } printed)
        {
            journal.Write("files", new JsonObject
            {
                ["address"] = node.Address,
                ["paths"] = new JsonArray([.. paths.Select(path => (JsonNode?)JsonValue.Create(path))]),
                ["files"] = new JsonArray([.. KeptFiles.Parse(printed).Select(file => (JsonNode?)file.ToJson())]),
            });
        }

        journal.Write("command", new JsonObject { ["address"] = node.Address, ["script"] = script });
    }

    /// <summary>Writes down what a command says that it made: names may be of the cluster's choosing.</summary>
    public Task AfterAsync(MappedNode node, string output, CancellationToken cancellation)
    {
        var made = string.Join('\n', Made().Matches(output).Select(match => match.Value));
        if (made.Length > 0)
        {
            journal.Write("made", new JsonObject { ["address"] = node.Address, ["said"] = made });
        }

        return Task.CompletedTask;
    }

    public Task UndoAsync(bool isHurried) => undoing.RunAsync(isHurried);

    [GeneratedRegex(@"^\S+ (?:\S+ )?(?:created|exposed|autoscaled)\b.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Made();
}
