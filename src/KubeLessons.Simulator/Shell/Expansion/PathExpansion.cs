using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>Globs against a file system: <c>/etc/*.conf</c>, <c>*/manifests/kube-?*</c>.</summary>
internal static class PathExpansion
{
    /// <summary>A pattern may match this many paths; more are left out.</summary>
    public const int MaxMatches = 100_000;

    /// <summary>The paths that match, in order, written as the pattern is (relative or absolute); none: empty.</summary>
    public static List<string> Expand(FileSystem files, string workingDirectory, string pattern, bool includesHidden = false)
    {
        var matches = new List<string> { pattern.StartsWith('/') ? "/" : "" };
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var next = new List<string>();
            foreach (var directory in matches)
            {
                AddMatches(files, workingDirectory, directory, parts[i], includesHidden, next);
            }

            matches = next;
            if (i < parts.Length - 1 || pattern.EndsWith('/'))
            {
                matches = [.. matches.Where(path => files.IsDirectory(FileSystem.Resolve(workingDirectory, path))).Select(path => path + "/")];
            }
        }

        matches.Sort(StringComparer.Ordinal);
        return matches;
    }

    private static void AddMatches(
        FileSystem files, string workingDirectory, string directory, string part, bool includesHidden, List<string> into)
    {
        if (!GlobPattern.HasSpecial(part))
        {
            var path = directory + Unescape(part);
            if (files.FindNoFollow(FileSystem.Resolve(workingDirectory, path)) is not null)
            {
                into.Add(path);
            }

            return;
        }

        var glob = GlobPattern.Parse(part);
        foreach (var name in files.List(FileSystem.Resolve(workingDirectory, directory)))
        {
            if ((!name.StartsWith('.') || part.StartsWith('.') || includesHidden) && glob.IsMatch(name) && into.Count < MaxMatches)
            {
                into.Add(directory + name);
            }
        }
    }

    private static string Unescape(string pattern) => pattern.Contains('\\') ? Unescaped(pattern) : pattern;

    private static string Unescaped(string pattern)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                i++;
            }

            text.Append(pattern[i]);
        }

        return text.ToString();
    }
}
