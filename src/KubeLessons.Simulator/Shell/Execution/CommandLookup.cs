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

    public static FoundCommand Find(Process self, ShellState state, ImmutableArray<string> words)
    {
        var name = words[0];
        if (name.Contains('/'))
        {
            return OfPath(self, words, FileAccess.Resolve(self, name));
        }

        if (PathOf(self, state.Variables.Value("PATH"), name) is { } path && name.Length > 0)
        {
            return OfPath(self, words, path);
        }

        var reason = state.Dialect == ShellDialect.Ash ? "not found"
            : state.Variables.Value("PATH") is "" or null ? FileAccess.NoSuchFile : "command not found";
        return new FoundCommand(null, words, null, $"{name}: {reason}", 127);
    }

    /// <summary>Where a command is found on the path; null: nowhere.</summary>
    public static string? PathOf(Process self, string? searchPath, string name)
    {
        string? programPath = null;
        foreach (var entry in (searchPath ?? DefaultPath).Split(':'))
        {
            var directory = FileAccess.Resolve(self, entry);
            var path = directory == "/" ? "/" + name : directory + "/" + name;
            if (self.Files.Find(path) is { Kind: FileKind.File } file && FileAccess.Allows(self, file, 1))
            {
                return path;
            }

            if (programPath is null && FileAccess.IsProgramDirectory(directory) && self.Programs.Find(name) is not null)
            {
                programPath = Canonical(name);
            }
        }

        return programPath;
    }

    private static string Canonical(string name) => "/usr/bin/" + name;

    private static FoundCommand OfPath(Process self, ImmutableArray<string> words, string path)
    {
        var installed = FileAccess.IsProgramDirectory(FileSystem.Parent(path)) ? self.Programs.Find(path) : null;
        if (self.Files.Find(path) is not { } node)
        {
            return installed is null
                ? Missing(words, $"{words[0]}: {FileAccess.MissingReason(self, path)}", 127)
                : new FoundCommand(installed, words, path, null, 0);
        }

        if (node.Kind == FileKind.Directory)
        {
            return Missing(words, $"{words[0]}: {FileAccess.IsADirectory}", 126);
        }

        if (!FileAccess.Allows(self, node, 1))
        {
            return Missing(words, $"{words[0]}: {FileAccess.Denied}", 126);
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
        if (interpreter.Length == 0 || !FileAccess.IsProgramDirectory(FileSystem.Parent(interpreter)) || self.Programs.Find(interpreter) is not { } program)
        {
            return Missing(words, $"{words[0]}: {interpreter}: bad interpreter: {FileAccess.NoSuchFile}", 126);
        }

        ImmutableArray<string> arguments = [interpreter, .. parts[1..], shown, .. words[1..]];
        return new FoundCommand(program, arguments, path, null, 0);
    }

    private static FoundCommand Missing(ImmutableArray<string> words, string reason, int status) =>
        new(null, words, null, reason, status);
}
