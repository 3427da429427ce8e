using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>cp</c> and <c>mv</c>.</summary>
internal static class CopyCommands
{
    public static IEnumerable<Wait> Copy(Process self) => Run(self, "cp", moves: false);

    public static IEnumerable<Wait> Move(Process self) => Run(self, "mv", moves: true);

    private static IEnumerable<Wait> Run(Process self, string name, bool moves)
    {
        var command = new CommandContext(self, name);
        if (command.Parse("rRapfinuvTLPdt:bl", 1, false,
            new("recursive", 'r'), new("archive", 'a'), new("preserve", 'p'), new("force", 'f'), new("no-clobber", 'n'),
            new("verbose", 'v'), new("target-directory", 't'), new("interactive", 'i'), new("update", 'u'), new("backup", 'b')) is not { } options)
        {
            yield break;
        }

        var sources = options.Operands.ToList();
        var target = options.Value('t');
        if (target is null && sources.Count > 1)
        {
            target = sources[^1];
            sources.RemoveAt(sources.Count - 1);
        }

        if (sources.Count == 0 || target is null)
        {
            command.Usage(sources.Count == 0 ? "missing file operand" : $"missing destination file operand after '{sources[0]}'");
            yield break;
        }

        var intoDirectory = self.Files.IsDirectory(command.Resolve(target)) && !options.Has('T');
        if (!intoDirectory && sources.Count > 1)
        {
            command.Usage($"target '{target}' is not a directory");
            yield break;
        }

        foreach (var source in sources)
        {
            var shown = intoDirectory ? target.TrimEnd('/') + "/" + source.TrimEnd('/').Split('/')[^1] : target;
            One(command, options, source, shown, moves);
        }

        command.Exit();
    }

    private static void One(CommandContext command, CommandOptions options, string source, string target, bool moves)
    {
        var files = command.Self.Files;
        var (from, to) = (command.Resolve(source), command.Resolve(target));
        if (files.FindNoFollow(from) is not { } node)
        {
            command.Complain($"cannot stat '{source}': {PathAccess.MissingReason(command.Self, from)}");
        }
        else if (node.Kind == FileKind.Directory && !moves && !options.Has('r') && !options.Has('R') && !options.Has('a'))
        {
            command.Complain($"-r not specified; omitting directory '{source}'");
        }
        else if (from == to)
        {
            command.Complain($"'{source}' and '{target}' are the same file");
        }
        else if (to.StartsWith(from + "/", StringComparison.Ordinal))
        {
            command.Complain(moves ? $"cannot move '{source}' to a subdirectory of itself, '{target}'" : $"cannot copy a directory, '{source}', into itself, '{target}'");
        }
        else if (options.Has('n') && files.Exists(to))
        {
        }
        else if (node.Kind != FileKind.Directory && files.IsDirectory(to))
        {
            command.Complain($"cannot overwrite directory '{target}' with non-directory");
        }
        else if (PathAccess.WhyNotCreatable(command.Self, to) is { } reason)
        {
            command.Complain(moves ? $"cannot move '{source}' to '{target}': {reason}" : $"cannot create regular file '{target}': {reason}");
        }
        else if (!PathAccess.Allows(command.Self, node, 4))
        {
            command.Complain($"cannot open '{source}' for reading: {PathAccess.Denied}");
        }
        else
        {
            // Within a file system a file only gets another name: its times stay, and who watches the directory sees no write.
            if (moves && node.Kind == FileKind.File && node.Live is null && files.HolderOf(from) == files && files.HolderOf(to) == files)
            {
                files.Rename(from, to);
                command.Write(options.Has('v') ? $"renamed '{source}' -> '{target}'\n" : "");
                return;
            }

            if (node.Kind == FileKind.File && DiskRoom.WhyNotStored(command.Self, to, node.Content) is { } refusal)
            {
                // The file was opened, and made if need be, before it could not be filled.
                files.Write(to, "", node.Mode, node.Owner);
                command.Complain($"error writing '{target}': {refusal}");
                return;
            }

            Transfer(files, from, to, keepsLinks: moves || options.Has('a') || options.Has('d') || options.Has('P'));
            if (moves)
            {
                files.Remove(from);
            }

            command.Write(options.Has('v') ? $"{(moves ? "renamed " : "")}'{source}' -> '{target}'\n" : "");
        }
    }

    private static void Transfer(FileSystem files, string from, string to, bool keepsLinks)
    {
        var node = keepsLinks ? files.FindNoFollow(from) : files.Find(from);
        switch (node?.Kind)
        {
            case FileKind.Directory:
                files.MakeDirectories(to);
                foreach (var name in files.List(from))
                {
                    Transfer(files, from + "/" + name, to + "/" + name, keepsLinks: true);
                }

                break;
            case FileKind.Link:
                files.Remove(to);
                files.Link(to, node.Content);
                break;
            case FileKind.File:
                files.Write(to, node.Content, node.Mode, node.Owner);
                break;
        }
    }
}
