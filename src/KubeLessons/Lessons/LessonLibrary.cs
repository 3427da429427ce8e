using System.Collections.Immutable;
using System.Text.RegularExpressions;
using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Lessons;

/// <summary>
/// The lessons at hand. A lesson is a folder with <c>lesson.md</c> (English), <c>lesson.ko.md</c> and so on, and manifests under <c>files/</c>; its
/// id is the folder's name. The host names the files and reads them when asked, so that listing ids reads nothing.
/// </summary>
public sealed partial class LessonLibrary
{
    private readonly Func<string, string> _read;

    /// <summary>A library of these files; all that are no lesson's are passed over.</summary>
    /// <param name="paths">Paths with <c>/</c> or <c>\</c>.</param>
    /// <param name="read">Gives a file's text by its path as it was named.</param>
    public LessonLibrary(IEnumerable<string> paths, Func<string, string> read)
    {
        _read = read;
        var all = paths.Select(path => (Path: path, Slashed: Slashed(path))).OrderBy(path => path.Slashed, StringComparer.Ordinal).ToList();
        var entries = ImmutableArray.CreateBuilder<LessonEntry>();
        foreach (var folder in all.Select(path => (path.Path, Match: FilePattern().Match(path.Slashed))).Where(path => path.Match.Success).GroupBy(path => path.Match.Groups["folder"].Value, StringComparer.Ordinal))
        {
            var files = folder.ToImmutableSortedDictionary(path => path.Match.Groups["lang"].Value is { Length: > 0 } lang ? lang : LessonEntry.English, path => path.Path, StringComparer.Ordinal);
            var inside = folder.Key + "/files/";
            var attachments = all.Where(path => path.Slashed.StartsWith(inside, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(path => path.Slashed[inside.Length..], path => path.Path, StringComparer.Ordinal);
            entries.Add(new LessonEntry(folder.Key[(folder.Key.LastIndexOf('/') + 1)..], folder.Key, files, attachments));
        }

        Entries = [.. entries.OrderBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    /// <summary>A library of texts by their paths.</summary>
    public static LessonLibrary Of(IReadOnlyDictionary<string, string> files) => new(files.Keys, path => files[path]);

    /// <summary>The lessons in the order of their ids.</summary>
    public ImmutableArray<LessonEntry> Entries { get; }

    /// <summary>Reads a lesson in a language; where it has not been translated, in English, else in whichever there is.</summary>
    public LessonParseResult Open(LessonEntry entry, string? language = null)
    {
        var path = entry.FileFor(language);
        return LessonParser.Parse(path, _read(path));
    }

    /// <summary>The text of a lesson's file or attachment, by its path.</summary>
    public string Read(string path) => _read(path);

    /// <summary>
    /// Finds a lesson by its id, by the path of its folder or of one of its files, or by a part of an id that no other has (<c>kubelet</c> for
    /// <c>03-kubelet</c>; letter case does not matter).
    /// </summary>
    public LessonLookup Find(string reference)
    {
        var path = Slashed(reference).TrimEnd('/');
        foreach (var entry in Entries)
        {
            if (entry.Id == path || entry.Folder == path) return new LessonLookup.Found(entry, null);
            foreach (var (language, file) in entry.Files)
                if (Slashed(file) == path) return new LessonLookup.Found(entry, language);
        }

        var partial = path.Length == 0 ? [] : Entries.Where(entry => entry.Id.Contains(path, StringComparison.OrdinalIgnoreCase)).ToList();
        return partial.Count switch
        {
            1 => new LessonLookup.Found(partial[0], null),
            0 => new LessonLookup.Unknown(reference, Nearest(path)),
            _ => new LessonLookup.Ambiguous(reference, [.. partial.Select(entry => entry.Id)]),
        };
    }

    // Who types a name without its number, and misspells it, still means that lesson.
    private string? Nearest(string reference)
    {
        if (NearestWord.Among(reference, Entries.Select(entry => entry.Id)) is { } id) return id;
        var name = NearestWord.Among(reference, Entries.Select(entry => NameOf(entry.Id)));
        return name is null ? null : Entries.First(entry => NameOf(entry.Id) == name).Id;
    }

    private static string NameOf(string id) => id.TrimStart("0123456789-".ToCharArray());

    private static string Slashed(string path) => path.Replace('\\', '/');

    [GeneratedRegex("^(?<folder>(.*/)?[^/]+)/lesson(\\.(?<lang>[a-z]{2}))?\\.md$", RegexOptions.CultureInvariant)]
    private static partial Regex FilePattern();
}
