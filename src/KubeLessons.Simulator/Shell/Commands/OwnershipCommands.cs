using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>chmod</c>, <c>chown</c> and <c>stat</c>.</summary>
internal static class OwnershipCommands
{
    public static IEnumerable<Wait> ChangeMode(Process self)
    {
        var command = new CommandContext(self, "chmod");

        // A mode may begin with a dash (chmod -x file).
        var arguments = command.Arguments;
        var letters = arguments.TakeWhile(argument => argument is ['-', 'R' or 'v' or 'f' or 'c', ..] && argument[1..].All("Rvfc".Contains)).ToList();
        var operands = arguments[letters.Count..];
        if (operands.Length < 2)
        {
            command.Usage(operands.Length == 0 ? "missing operand" : $"missing operand after ‘{operands[0]}’");
            yield break;
        }

        if (ModeText.Apply(operands[0], 0, isDirectory: false) is null)
        {
            command.Usage($"invalid mode: ‘{operands[0]}’");
            yield break;
        }

        foreach (var operand in operands[1..])
        {
            foreach (var path in Paths(command, operand, letters.Exists(option => option.Contains('R')), "cannot access"))
            {
                var node = self.Files.Find(path)!;
                if (self.Start.User != "root" && self.Start.User != node.Owner)
                {
                    command.Complain($"changing permissions of '{operand}': Operation not permitted");
                    continue;
                }

                self.Files.SetMode(path, ModeText.Apply(operands[0], node.Mode, node.Kind == FileKind.Directory)!.Value);
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> ChangeOwner(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("Rvfch", 1, false, new("recursive", 'R'), new("verbose", 'v')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count < 2)
        {
            command.Usage(options.Operands.Count == 0 ? "missing operand" : $"missing operand after ‘{options.Operands[0]}’");
            yield break;
        }

        var owner = options.Operands[0].Split(':', '.')[0];
        foreach (var operand in options.Operands.Skip(1))
        {
            foreach (var path in Paths(command, operand, options.Has('R'), "cannot access"))
            {
                if (self.Start.User != "root")
                {
                    command.Complain($"changing ownership of '{operand}': Operation not permitted");
                }
                else if (command.Name == "chown" && owner.Length > 0)
                {
                    self.Files.SetOwner(path, owner);
                }
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Stat(Process self)
    {
        var command = new CommandContext(self, "stat");
        if (command.Parse("c:fLt\u0002:", 1, false, new("format", 'c'), new("printf", '\u0002'), new("dereference", 'L'), new("file-system", 'f')) is not { } options)
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
            var node = options.Has('L') ? self.Files.Find(path) : self.Files.FindNoFollow(path);
            if (node is null)
            {
                command.Complain($"cannot statx '{operand}': {PathAccess.MissingReason(self, path)}");
            }
            else if (options.Value('c') is { } format)
            {
                command.WriteLine(Format(command, format, operand, path, node));
            }
            else if (options.Value('\u0002') is { } printed)
            {
                command.Write(Syntax.Escapes.Decode(Format(command, printed, operand, path, node), Syntax.EscapeStyle.PrintfFormat));
            }
            else
            {
                var id = node.Owner == "root" ? 0 : 1000;
                var time = TimeFormat.Format("%Y-%m-%d %H:%M:%S.%N %z", node.Modified);
                command.Write($"  File: {operand}{(node.Kind == FileKind.Link ? " -> " + node.Content : "")}\n"
                    + $"  Size: {EntryText.Size(node),-10}\tBlocks: {(EntryText.Size(node) + 4095) / 4096 * 8,-10} IO Block: 4096   {Kind(node)}\n"
                    + $"Device: 254,1\tInode: {FileInodes.Of(path),-11} Links: {EntryText.Links(self.Files, path, node)}\n"
                    + $"Access: ({Octal(node).PadLeft(4, '0')}/{EntryText.Mode(node)})  Uid: ({id,5}/{node.Owner,8})   Gid: ({id,5}/{node.Owner,8})\n"
                    + $"Access: {time}\nModify: {time}\nChange: {time}\n Birth: {time}\n");
            }
        }

        command.Exit();
    }

    private static string Octal(FileNode node) => Convert.ToString(node.Mode, 8);

    private static string Kind(FileNode node) => node.Kind switch
    {
        FileKind.Directory => "directory",
        FileKind.Link => "symbolic link",
        _ => node.Content.Length == 0 ? "regular empty file" : "regular file",
    };

    private static string Format(CommandContext command, string format, string operand, string path, FileNode node)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(format[++i] switch
            {
                'n' => operand,
                'N' => $"'{operand}'{(node.Kind == FileKind.Link ? $" -> '{node.Content}'" : "")}",
                's' => EntryText.Size(node).ToString(),
                'a' => Octal(node),
                'A' => EntryText.Mode(node),
                'U' or 'G' => node.Owner,
                'u' or 'g' => node.Owner == "root" ? "0" : "1000",
                'F' => Kind(node),
                'h' => EntryText.Links(command.Self.Files, path, node).ToString(),
                'i' => FileInodes.Of(path).ToString(),
                'y' or 'x' or 'z' or 'w' => TimeFormat.Format("%Y-%m-%d %H:%M:%S.%N %z", node.Modified),
                'Y' or 'X' or 'Z' or 'W' => node.Modified.ToUnixTimeSeconds().ToString(),
                'b' => ((EntryText.Size(node) + 4095) / 4096 * 8).ToString(),
                'B' => "512",
                'o' => "4096",
                '%' => "%",
                var other => "?" + other,
            });
        }

        return text.ToString();
    }

    private static List<string> Paths(CommandContext command, string operand, bool recursive, string complaint)
    {
        var path = command.Resolve(operand);
        if (!command.Self.Files.Exists(path))
        {
            command.Complain($"{complaint} '{operand}': {PathAccess.MissingReason(command.Self, path)}");
            return [];
        }

        return recursive ? [path, .. command.Self.Files.Below(path).Where(command.Self.Files.Exists)] : [path];
    }
}
