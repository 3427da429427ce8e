using KubeLessons.Cli;

namespace KubeLessons.Cli.Tests;

/// <summary>The tool, run inside the test's process, with a folder of its own to work in.</summary>
internal sealed class Tool : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubelessons-").FullName;

    public string Folder => _folder;

    /// <summary>The repository's own lessons.</summary>
    public static string Lessons { get; } = FindLessons();

    public string Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(_folder, path));

    /// <summary>A copy of a lesson of the repository, with some of its text replaced.</summary>
    public string CopyLesson(string id, params (string Old, string New)[] changes)
    {
        var text = File.ReadAllText(Path.Combine(Lessons, id, "lesson.md"));
        foreach (var (old, replacement) in changes)
        {
            text.ShouldContain(old);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        return Path.GetDirectoryName(Write($"{id}/lesson.md", text))!;
    }

    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(
            output,
            error,
            new StringReader(""),
            IsTerminal: false,
            _folder,
            AppContext.BaseDirectory,
            new Dictionary<string, string> { ["KUBELESSONS_LESSONS"] = Lessons, ["LANG"] = "C.UTF-8" },
            TimeProvider.System);
        var exitCode = await CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string FindLessons()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "KubeLessons.sln")))
            {
                return Path.Combine(at.FullName, "lessons");
            }
        }

        throw new DirectoryNotFoundException("The repository's lessons were not found.");
    }
}
