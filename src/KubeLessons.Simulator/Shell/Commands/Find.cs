using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>
/// <c>find</c>: -name -iname -path -type -size -mtime -mmin -newer -empty -perm -user -maxdepth -mindepth -prune -print -print0
/// -exec -delete -quit, joined by -a, -o, ! and parentheses.
/// </summary>
internal static class Find
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "find");
        var arguments = command.Arguments;
        var roots = arguments.TakeWhile(argument => argument is not (['-', _, ..] or "!" or "(")).ToList();
        var parser = new FindParser(command, arguments[roots.Count..]);
        var test = parser.Parse();
        if (parser.Fault is { } fault)
        {
            command.Die(fault);
            yield break;
        }

        foreach (var root in roots.DefaultIfEmpty("."))
        {
            var path = command.Resolve(root);
            if (self.Files.FindNoFollow(path) is null)
            {
                command.Complain($"‘{root}’: {PathAccess.MissingReason(self, path)}");
                continue;
            }

            yield return Wait.Call(Walk(command, parser, test, root, path));
        }

        yield return Wait.Call(parser.RunBatches());
        command.Exit();
    }

    private static IEnumerable<Wait> Walk(CommandContext command, FindParser parser, FindTest test, string root, string rootPath)
    {
        var files = command.Self.Files;
        var pending = new Stack<FindEntry>();
        pending.Push(new FindEntry(root, rootPath, files.FindNoFollow(rootPath)!, 0));
        var visited = 0;
        var deletions = new Stack<string>();
        while (pending.TryPop(out var entry))
        {
            if (++visited % 5000 == 0)
            {
                yield return Wait.For(CommandContext.PieceCost);
            }

            if (entry.Depth >= parser.MinDepth)
            {
                yield return Wait.Call(test(entry));
            }

            if (entry.IsDeleted)
            {
                deletions.Push(entry.Path);
            }

            if (entry.Quits)
            {
                break;
            }

            if (entry.Node.Kind == FileKind.Directory && entry.Depth < parser.MaxDepth && !entry.IsPruned)
            {
                foreach (var name in files.List(entry.Path).Reverse())
                {
                    var path = entry.Path == "/" ? "/" + name : entry.Path + "/" + name;
                    if (files.FindNoFollow(path) is { } node)
                    {
                        pending.Push(new FindEntry(entry.Shown.EndsWith('/') ? entry.Shown + name : entry.Shown + "/" + name, path, node, entry.Depth + 1));
                    }
                }
            }

            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        foreach (var path in deletions)
        {
            if (files.FindNoFollow(path)?.Kind == FileKind.Directory && files.List(path).Length > 0)
            {
                command.Complain($"cannot delete ‘{path}’: Directory not empty");
            }
            else if (path != rootPath || root != ".")
            {
                files.Remove(path);
            }
        }
    }
}

/// <summary>What find looks at, and what the tests have said about it.</summary>
internal sealed class FindEntry(string shown, string path, FileNode node, int depth)
{
    public string Shown { get; } = shown;

    public string Path { get; } = path;

    public FileNode Node { get; } = node;

    public int Depth { get; } = depth;

    public string Name => Shown.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "/";

    /// <summary>Whether the last test held.</summary>
    public bool Holds { get; set; } = true;

    public bool IsPruned { get; set; }

    public bool IsDeleted { get; set; }

    public bool Quits { get; set; }
}

/// <summary>A test or action of find; it leaves its outcome in <see cref="FindEntry.Holds"/>.</summary>
internal delegate IEnumerable<Wait> FindTest(FindEntry entry);
