using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Safety;

/// <summary>A file as it was: its mode, owner and content in base64; without content it was not there.</summary>
internal sealed record KeptFile(string Path, string Mode, string Owner, string? Content)
{
    public JsonObject ToJson() => new() { ["path"] = Path, ["mode"] = Mode, ["owner"] = Owner, ["content"] = Content };

    public static KeptFile FromJson(JsonObject json) =>
        new((string)json["path"]!, (string)json["mode"]!, (string)json["owner"]!, (string?)json["content"]);
}

/// <summary>
/// Keeps the files of a node that a command names, and those in the folders that it names: the settings of Kubernetes and of its
/// runtime, and what a lesson moves them to.
/// </summary>
internal static partial class KeptFiles
{
    /// <summary>A file that is longer is no setting, and is not kept.</summary>
    private const int LongestBytes = 1 << 20;

    /// <summary>The absolute paths in a command's text that are kept.</summary>
    public static IReadOnlyList<string> PathsIn(string command) =>
        [.. Paths().Matches(command).Select(match => match.Value.TrimEnd('.', ',', ';')).Distinct(StringComparer.Ordinal)];

    /// <summary>Prints the files: a line for each of path, mode, owner, content.</summary>
    public static string Script(IEnumerable<string> paths) =>
        $$"""
        one() { if [ -f "$1" ] && [ "$(stat -c %s "$1")" -le {{LongestBytes}} ]; then printf '%s\t%s\t%s\t%s\n' "$1" "$(stat -c %a "$1")" "$(stat -c %u:%g "$1")" "$(base64 -w0 "$1")"; fi; }
        for p in {{string.Join(' ', paths)}}; do
          if [ -d "$p" ]; then printf '%s/\t-\t-\t-\n' "$p"; find "$p" -maxdepth 2 -type f 2>/dev/null | head -n 200 | while read -r f; do one "$f"; done
          elif [ -e "$p" ]; then one "$p"
          else printf '%s\t-\t-\t-\n' "$p"; fi
        done
        true
        """;

    /// <summary>What the script printed. A folder ends in a slash and has no content.</summary>
    public static IReadOnlyList<KeptFile> Parse(string printed) =>
    [
        .. printed.Split('\n').Select(line => line.Split('\t')).Where(parts => parts.Length == 4)
            .Select(parts => new KeptFile(parts[0], parts[1], parts[2], parts[3] == "-" ? null : parts[3])),
    ];

    /// <summary>The commands that put files back: what was changed or taken away, and away with what came and is named.</summary>
    public static IEnumerable<string> Repair(IReadOnlyList<KeptFile> before, IReadOnlyList<KeptFile> now, string commands)
    {
        var words = new SpokenOf(commands);
        foreach (var file in before.Where(file => file.Content is not null))
        {
            var current = now.FirstOrDefault(each => each.Path == file.Path);
            if (current is null || current.Content != file.Content || current.Mode != file.Mode || current.Owner != file.Owner)
            {
                var path = SshAccess.Quote(file.Path);
                // Written beside and moved, so that whoever watches the folder never sees half a file.
                yield return $"mkdir -p \"$(dirname {path})\" && t=$(mktemp) && printf %s '{file.Content}' | base64 -d > \"$t\" && chmod {file.Mode} \"$t\""
                    + $" && chown {file.Owner} \"$t\" && mv -f \"$t\" {path}";
            }
        }

        foreach (var file in now.Where(file => file.Content is not null && before.All(each => each.Path != file.Path || each.Content is null)))
        {
            if (words.Has(file.Path[(file.Path.LastIndexOf('/') + 1)..]))
            {
                yield return $"rm -f {SshAccess.Quote(file.Path)}";
            }
        }
    }

    /// <summary>A repair as it is told: without the file's content.</summary>
    public static string Told(string line) => Content().Replace(line, "printf %s … |");

    [GeneratedRegex(@"(?<![\w.\-/~])/(?:etc|opt|var/lib/kubelet|var/lib/etcd|usr/lib/systemd|lib/systemd|root|home|tmp|srv|var/tmp)/[\w.\-/]+", RegexOptions.CultureInvariant)]
    private static partial Regex Paths();

    [GeneratedRegex(@"printf %s '[A-Za-z0-9+/=]*' \|", RegexOptions.CultureInvariant)]
    private static partial Regex Content();
}
