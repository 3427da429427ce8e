using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Commands that make and remove files and directories.</summary>
internal static class FileCommands
{
    public static IEnumerable<Wait> Touch(Process self)
    {
        var command = new CommandContext(self, "touch");
        if (command.Parse("acmd:r:t:h", 1, false, new("no-create", 'c'), new("date", 'd'), new("reference", 'r')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing file operand");
            yield break;
        }

        foreach (var operand in options.Operands)
        {
            var path = command.Resolve(operand);
            var reason = operand.Length == 0 ? PathAccess.NoSuchFile
                : self.Files.Exists(path) ? (self.Files.IsReadOnlyAt(path) ? PathAccess.ReadOnly : null)
                : operand.EndsWith('/') ? PathAccess.NoSuchFile : PathAccess.WhyNotCreatable(self, path);
            if (reason is not null)
            {
                command.Complain($"cannot touch '{operand}': {reason}");
            }
            else if (self.Files.Read(path) is { } content)
            {
                self.Files.Write(path, content);
            }
            else if (!self.Files.Exists(path) && !options.Has('c'))
            {
                self.Files.Write(path, "", 0b110_100_100, self.Start.User);
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> MakeDirectory(Process self)
    {
        var command = new CommandContext(self, "mkdir");
        if (command.Parse("pm:vZ", 1, false, new("parents", 'p'), new("mode", 'm'), new("verbose", 'v')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
            yield break;
        }

        foreach (var operand in options.Operands)
        {
            var path = command.Resolve(operand);
            var existing = self.Files.Find(path);
            var reason = existing is not null
                ? options.Has('p') && existing.Kind == FileKind.Directory ? null : "File exists"
                : options.Has('p') ? WhyNoParents(self, path) : PathAccess.WhyNotCreatable(self, path);
            if (reason is not null || operand.Length == 0)
            {
                command.Complain($"cannot create directory ‘{operand}’: {(operand.Length == 0 ? PathAccess.NoSuchFile : reason)}");
                continue;
            }

            if (existing is null)
            {
                self.Files.MakeDirectories(path);
                if (options.Value('m') is { } mode && ModeText.Apply(mode, 0b111_101_101, isDirectory: true) is { } bits)
                {
                    self.Files.SetMode(path, bits);
                }

                command.Write(options.Has('v') ? $"mkdir: created directory '{operand}'\n" : "");
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> RemoveDirectory(Process self)
    {
        var command = new CommandContext(self, "rmdir");
        if (command.Parse("pv\u0002", 1, false, new("parents", 'p'), new("verbose", 'v'), new("ignore-fail-on-non-empty", '\u0002')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
            yield break;
        }

        foreach (var operand in options.Operands)
        {
            var path = command.Resolve(operand);
            for (var at = path; at != "/"; at = FileSystem.Parent(at))
            {
                var reason = self.Files.Find(at) is not { } node ? PathAccess.MissingReason(self, at)
                    : node.Kind != FileKind.Directory ? PathAccess.NotADirectory
                    : self.Files.List(at).Length > 0 ? "Directory not empty" : null;
                if (reason is null)
                {
                    self.Files.Remove(at);
                }
                else if (!options.Has('\u0002') || reason != "Directory not empty")
                {
                    command.Complain($"failed to remove '{operand}': {reason}");
                }

                if (!options.Has('p') || reason is not null || !operand.Contains('/'))
                {
                    break;
                }
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Remove(Process self)
    {
        var command = new CommandContext(self, "rm");
        if (command.Parse("rRfidvI\u0002", 1, false,
            new("recursive", 'r'), new("force", 'f'), new("dir", 'd'), new("verbose", 'v'), new("interactive", 'i'), new("no-preserve-root", '\u0002')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            if (!options.Has('f'))
            {
                command.Usage("missing operand");
            }

            yield break;
        }

        var recursive = options.Has('r') || options.Has('R');
        foreach (var operand in options.Operands)
        {
            var path = command.Resolve(operand);
            if (self.Files.FindNoFollow(path) is not { } node || operand.Length == 0)
            {
                if (!options.Has('f'))
                {
                    command.Complain($"cannot remove '{operand}': {PathAccess.MissingReason(self, path)}");
                }
            }
            else if (path == "/")
            {
                self.Error.Write("rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n");
                command.Status = 1;
            }
            else if (operand.TrimEnd('/').Split('/')[^1] is "." or ".." && recursive)
            {
                command.Complain($"refusing to remove '.' or '..' directory: skipping '{operand}'");
            }
            else if (node.Kind == FileKind.Directory && !recursive && !(options.Has('d') && self.Files.List(path).Length == 0))
            {
                command.Complain($"cannot remove '{operand}': {(options.Has('d') ? "Directory not empty" : PathAccess.IsADirectory)}");
            }
            else if (PathAccess.WhyNotCreatable(self, path) is { } reason)
            {
                command.Complain($"cannot remove '{operand}': {reason}");
            }
            else
            {
                self.Files.Remove(path);
                command.Write(options.Has('v') ? $"removed {(node.Kind == FileKind.Directory ? "directory " : "")}'{operand}'\n" : "");
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Link(Process self)
    {
        var command = new CommandContext(self, "ln");
        if (command.Parse("sfnvTrib", 1, false, new("symbolic", 's'), new("force", 'f'), new("no-dereference", 'n'), new("verbose", 'v')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing file operand");
            yield break;
        }

        var target = options.Operands[0];
        var name = options.Operands.Count > 1 ? options.Operands[^1] : target.TrimEnd('/').Split('/')[^1];
        var path = command.Resolve(name);
        if (self.Files.IsDirectory(path) && !options.Has('n') && !options.Has('T'))
        {
            name = name.TrimEnd('/') + "/" + target.TrimEnd('/').Split('/')[^1];
            path = command.Resolve(name);
        }

        var kind = options.Has('s') ? "symbolic" : "hard";
        if (!options.Has('s') && self.Files.Find(command.Resolve(target)) is not { Kind: FileKind.File })
        {
            command.Complain(self.Files.Exists(command.Resolve(target))
                ? $"{target}: hard link not allowed for directory" : $"failed to access '{target}': {PathAccess.NoSuchFile}");
        }
        else if (self.Files.FindNoFollow(path) is not null && !options.Has('f'))
        {
            command.Complain($"failed to create {kind} link '{name}': File exists");
        }
        else if (PathAccess.WhyNotCreatable(self, path) is { } reason)
        {
            command.Complain($"failed to create {kind} link '{name}': {reason}");
        }
        else
        {
            self.Files.Remove(path);
            if (options.Has('s'))
            {
                self.Files.Link(path, target);
            }
            else
            {
                var node = self.Files.Find(command.Resolve(target))!;
                self.Files.Write(path, node.Content, node.Mode, node.Owner);
            }
        }

        command.Exit();
    }

    private static string? WhyNoParents(Process self, string path)
    {
        var parent = FileSystem.Parent(path);
        while (parent != "/" && !self.Files.Exists(parent))
        {
            parent = FileSystem.Parent(parent);
        }

        return !self.Files.IsDirectory(parent) ? PathAccess.NotADirectory
            : self.Files.IsReadOnlyAt(path) && !self.Files.Exists(path) ? PathAccess.ReadOnly
            : self.Files.Find(parent) is { } node && !PathAccess.Allows(self, node, 2) ? PathAccess.Denied : null;
    }
}
