using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// What a name that is neither function nor builtin runs: a program with its arguments, or nothing and why, with the exit
/// code that goes with it (127 not found, 126 found but not to be run).
/// </summary>
internal sealed record FoundCommand(ProgramMain? Program, ImmutableArray<string> Arguments, string? Path, string? Reason, int Status);

internal static class CommandLookup
{
    /// <summary>Arguments may have this many characters together (Linux: a quarter of the stack's limit).</summary>
    public const long MaxArgumentLength = 2 * 1024 * 1024;

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What a shell finds.</summary>
    public static FoundCommand Find(Process self, ShellState state, ImmutableArray<string> words) =>
        Find(self, state.Variables.Value("PATH"), state.Dialect, words);

    /// <summary>What a program finds that starts another one, such as xargs.</summary>
    public static FoundCommand Find(Process self, ImmutableArray<string> words) =>
        Find(self, self.Environment.GetValueOrDefault("PATH"), ShellDialect.Bash, words);

    private static FoundCommand Find(Process self, string? searchPath, ShellDialect dialect, ImmutableArray<string> words)
    {
        var name = words[0];
        if (name.Contains('/'))
        {
            return OfPath(self, words, PathAccess.Resolve(self, name));
        }

        if (PathOf(self, searchPath, name) is { } path && name.Length > 0)
        {
            return OfPath(self, words, path);
        }

        var reason = dialect == ShellDialect.Ash ? "not found" : searchPath is "" ? PathAccess.NoSuchFile : "command not found";
        return new FoundCommand(null, words, null, $"{name}: {reason}", 127);
    }

    /// <summary>Where a command is found on the path; null: nowhere.</summary>
    public static string? PathOf(Process self, string? searchPath, string name)
    {
        string? programPath = null;
        foreach (var entry in (searchPath ?? DefaultPath).Split(':'))
        {
            var directory = PathAccess.Resolve(self, entry);
            var path = directory == "/" ? "/" + name : directory + "/" + name;
            if (self.Files.Find(path) is { Kind: FileKind.File } file && PathAccess.Allows(self, file, 1))
            {
                return path;
            }

            if (programPath is null && PathAccess.IsProgramDirectory(directory) && self.Programs.Find(name) is not null)
            {
                programPath = Canonical(name);
            }
        }

        return programPath;
    }

    private static string Canonical(string name) => "/usr/bin/" + name;

    private static FoundCommand OfPath(Process self, ImmutableArray<string> words, string path)
    {
        var installed = PathAccess.IsProgramDirectory(FileSystem.Parent(path)) ? self.Programs.Find(path) : null;
        if (self.Files.Find(path) is not { } node)
        {
            return installed is null
                ? Missing(words, $"{words[0]}: {PathAccess.MissingReason(self, path)}", 127)
                : new FoundCommand(installed, words, path, null, 0);
        }

        if (node.Kind == FileKind.Directory)
        {
            return Missing(words, $"{words[0]}: {PathAccess.IsADirectory}", 126);
        }

        if (!PathAccess.Allows(self, node, 1))
        {
            return Missing(words, $"{words[0]}: {PathAccess.Denied}", 126);
        }

        return installed is not null && !node.Content.StartsWith("#!", StringComparison.Ordinal)
            ? new FoundCommand(installed, words, path, null, 0)
            : OfScript(self, words, path, node.Content);
    }

    // A file with #! is run by the program that it names; any other text by the shell.
    private static FoundCommand OfScript(Process self, ImmutableArray<string> words, string path, string content)
    {
        var shown = words[0].Contains('/') ? words[0] : path;
        if (!content.StartsWith("#!", StringComparison.Ordinal))
        {
            var shell = self.Programs.Find("bash") ?? self.Programs.Find("sh");
            return shell is null
                ? Missing(words, $"{words[0]}: cannot execute: required file not found", 127)
                : new FoundCommand(shell, ["bash", shown, .. words[1..]], path, null, 0);
        }

        var line = content[2..].Split('\n')[0].Trim();
        var parts = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var interpreter = parts.Length == 0 ? "" : parts[0];
        if (interpreter.Length == 0 || !PathAccess.IsProgramDirectory(FileSystem.Parent(interpreter)) || self.Programs.Find(interpreter) is not { } program)
        {
            return Missing(words, $"{words[0]}: {interpreter}: bad interpreter: {PathAccess.NoSuchFile}", 127);
        }

        ImmutableArray<string> arguments = [interpreter, .. parts[1..], shown, .. words[1..]];
        return new FoundCommand(program, arguments, path, null, 0);
    }

    private static FoundCommand Missing(ImmutableArray<string> words, string reason, int status) =>
        new(null, words, null, reason, status);
}
