namespace KubeLessons.Simulator.Api;

/// <summary>Tables of facts about the Kubernetes API that are carried as data: tab-separated lines, <c>#</c> begins a comment.</summary>
internal static class DataFile
{
    /// <summary>The rows of an embedded file, each split at its tabs.</summary>
    /// <exception cref="InvalidOperationException">There is no such file in the assembly.</exception>
    public static IEnumerable<string[]> Rows(string fileName)
    {
        using var reader = Open(fileName);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split('\t');
            }
        }
    }

    /// <summary>The whole text of an embedded file.</summary>
    /// <exception cref="InvalidOperationException">There is no such file in the assembly.</exception>
    public static string Text(string fileName)
    {
        using var reader = Open(fileName);
        return reader.ReadToEnd();
    }

    private static StreamReader Open(string fileName) => new(
        typeof(DataFile).Assembly.GetManifestResourceStream(fileName)
            ?? throw new InvalidOperationException($"The data file {fileName} is not embedded."));
}
