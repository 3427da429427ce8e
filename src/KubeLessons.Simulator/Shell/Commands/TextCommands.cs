using System.Security.Cryptography;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Small commands that make or encode texts: <c>yes</c>, <c>seq</c>, <c>base64</c>, checksums, <c>basename</c>, <c>expr</c>…</summary>
internal static class TextCommands
{
    public static IEnumerable<Wait> Echo(Process self)
    {
        self.Output.Write(EchoText.Of(self.Arguments));
        yield break;
    }

    public static IEnumerable<Wait> Printf(Process self)
    {
        var command = new CommandContext(self, "printf");
        if (command.Arguments.IsEmpty)
        {
            command.Usage("missing operand");
            yield break;
        }

        var printed = PrintfText.Of(command.Arguments[0], self.Arguments[1..], self.World);
        command.Write(printed.Text);
        printed.Faults.ForEach(fault => command.Complain(fault.EndsWith(": invalid number", StringComparison.Ordinal)
            ? $"‘{fault[..fault.LastIndexOf(':')]}’: expected a numeric value" : fault));
        command.Exit();
    }

    public static IEnumerable<Wait> Test(Process self)
    {
        var arguments = self.CommandLine[1..];
        if (self.Name == "[")
        {
            if (arguments is not [.., "]"])
            {
                self.Error.Write("[: missing ']'\n");
                self.Exit(2);
                yield break;
            }

            arguments = arguments[..^1];
        }

        var test = new TestExpression(self, self.Environment.ContainsKey);
        var result = test.Evaluate(arguments);
        if (test.Fault is { } fault)
        {
            self.Error.Write($"{self.Name}: {fault}\n");
        }

        self.Exit(test.Fault is not null ? 2 : result ? 0 : 1);
    }

    public static IEnumerable<Wait> Yes(Process self)
    {
        var command = new CommandContext(self, "yes");
        if (command.Parse("") is null)
        {
            yield break;
        }

        var line = (command.Arguments.IsEmpty ? "y" : string.Join(' ', command.Arguments)) + "\n";
        var piece = string.Concat(Enumerable.Repeat(line, Math.Max(1, 8192 / line.Length)));
        while (true)
        {
            command.Write(piece);
            yield return Wait.Call(command.Room());
            yield return Wait.For(CommandContext.PieceCost);
        }
    }

    public static IEnumerable<Wait> Base64(Process self)
    {
        var command = new CommandContext(self, "base64");
        if (command.Parse("dDiw:", 1, false, new("decode", 'd'), new("wrap", 'w'), new("ignore-garbage", 'i')) is not { } options)
        {
            yield break;
        }

        var text = new StringBuilder();
        yield return Wait.Call(Input(command, options.Operands.Count == 0 ? "-" : options.Operands[0], text));
        if (command.Status != 0)
        {
            command.Exit();
            yield break;
        }

        if (options.Has('d') || options.Has('D'))
        {
            var digits = string.Concat(text.ToString().Where(c => !char.IsWhiteSpace(c) && (!options.Has('i') || char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')));
            var valid = digits.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/').Count();
            var whole = valid - (valid % 4);
            var tail = digits[whole..];
            var isWhole = tail.Length == 0 || (tail.Length == 4 && tail.TrimEnd('=').Length is 2 or 3 && valid + (4 - tail.TrimEnd('=').Length) == digits.Length);
            command.Write(Encoding.UTF8.GetString(Convert.FromBase64String(isWhole ? digits : digits[..whole])));
            if (!isWhole)
            {
                command.Die("invalid input");
            }

            yield break;
        }

        var width = int.TryParse(options.Value('w'), out var given) && given >= 0 ? given : 76;
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ToString()));
        command.Write(width == 0 ? encoded : string.Concat(encoded.Chunk(width).Select(chunk => new string(chunk) + "\n")));
        yield return Wait.Call(command.Room());
    }

    public static IEnumerable<Wait> Md5(Process self) => Checksum(self, MD5.HashData);

    public static IEnumerable<Wait> Sha1(Process self) => Checksum(self, SHA1.HashData);

    public static IEnumerable<Wait> Sha256(Process self) => Checksum(self, SHA256.HashData);

    public static IEnumerable<Wait> BaseName(Process self)
    {
        var command = new CommandContext(self, "basename");
        if (command.Parse("as:z", 1, true, new("multiple", 'a'), new("suffix", 's')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
            yield break;
        }

        var many = options.Has('a') || options.Has('s');
        var suffix = options.Value('s') ?? (!many && options.Operands.Count > 1 ? options.Operands[1] : "");
        foreach (var operand in many ? options.Operands : options.Operands.Take(1))
        {
            var name = operand.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : operand.Length > 0 ? "/" : "";
            command.WriteLine(suffix.Length > 0 && name != suffix && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);
        }
    }

    public static IEnumerable<Wait> DirectoryName(Process self)
    {
        var command = new CommandContext(self, "dirname");
        if (command.Parse("z") is not { } options)
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
            var trimmed = operand.TrimEnd('/');
            var slash = trimmed.LastIndexOf('/');
            var directory = trimmed.Length == 0 && operand.Length > 0 ? "/" : slash < 0 ? "." : trimmed[..slash].TrimEnd('/');
            command.WriteLine(directory.Length == 0 ? "/" : directory);
        }
    }

    public static IEnumerable<Wait> RealPath(Process self)
    {
        var command = new CommandContext(self, "realpath");
        if (command.Parse("emsLPqz", 1, false, new("canonicalize-missing", 'm'), new("canonicalize-existing", 'e')) is not { } options)
        {
            yield break;
        }

        foreach (var operand in options.Operands)
        {
            var path = LinkPaths.Canonical(self.Files, command.Resolve(operand));
            var exists = self.Files.Exists(path);
            if (!exists && !options.Has('m') && (options.Has('e') || !self.Files.IsDirectory(FileSystem.Parent(path))))
            {
                command.Complain($"{operand}: {PathAccess.NoSuchFile}");
            }
            else
            {
                command.WriteLine(path);
            }
        }

        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
        }

        command.Exit();
    }

    public static IEnumerable<Wait> ReadLink(Process self)
    {
        var command = new CommandContext(self, "readlink");
        if (command.Parse("femnqsvz", 1, false, new("canonicalize", 'f'), new("no-newline", 'n')) is not { } options)
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
            var canonical = options.Has('f') || options.Has('e') || options.Has('m');
            var path = command.Resolve(operand);
            var text = canonical ? LinkPaths.Canonical(self.Files, path)
                : self.Files.FindNoFollow(path) is { Kind: FileKind.Link } link ? link.Content : null;
            if (text is null || (options.Has('e') && !self.Files.Exists(text)))
            {
                command.Status = 1;
            }
            else
            {
                command.Write(text + (options.Has('n') ? "" : "\n"));
            }
        }

        command.Exit();
    }

    private static IEnumerable<Wait> Checksum(Process self, Func<byte[], byte[]> hash)
    {
        var command = new CommandContext(self);
        if (command.Parse("bctwz", 1, false, new("check", 'c'), new("quiet", 'w')) is not { } options)
        {
            yield break;
        }

        foreach (var operand in options.Operands.DefaultIfEmpty("-"))
        {
            var text = new StringBuilder();
            var before = command.Status;
            command.Status = 0;
            yield return Wait.Call(Input(command, operand, text));
            if (command.Status != 0)
            {
                continue;
            }

            command.Status = before;
            if (options.Has('c'))
            {
                Verify(command, text.ToString(), hash);
            }
            else
            {
                command.WriteLine(Hex(hash, text.ToString()) + "  " + operand);
            }
        }

        command.Exit();
    }

    private static void Verify(CommandContext command, string list, Func<byte[], byte[]> hash)
    {
        var failed = 0;
        foreach (var line in list.Split('\n').Where(line => line.Length > 0))
        {
            var parts = line.Split(' ', 2);
            var file = parts.Length > 1 ? parts[1].TrimStart(' ', '*') : "";
            var text = PathAccess.Read(command.Self, file, out var reason);
            if (text is null)
            {
                command.Complain($"{file}: {reason}");
            }

            var isSame = text is not null && Hex(hash, text) == parts[0];
            failed += isSame ? 0 : 1;
            command.WriteLine($"{file}: {(isSame ? "OK" : text is null ? "FAILED open or read" : "FAILED")}");
        }

        if (failed > 0)
        {
            command.Complain($"WARNING: {failed} computed checksum{(failed == 1 ? "" : "s")} did NOT match");
        }
    }

    private static string Hex(Func<byte[], byte[]> hash, string text) => Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<Wait> Input(CommandContext command, string file, StringBuilder into)
    {
        if (file == "-")
        {
            return command.ReadInput(into);
        }

        if (PathAccess.Read(command.Self, file, out var reason) is { } text)
        {
            into.Append(text);
        }
        else
        {
            command.Complain($"{file}: {reason}");
        }

        return [];
    }
}

/// <summary>Paths without symbolic links in them.</summary>
internal static class LinkPaths
{
    /// <summary>The path with every link on its way followed; what is not there stays as it is.</summary>
    public static string Canonical(FileSystem files, string path)
    {
        var result = "";
        var parts = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; parts.TryPop(out var part);)
        {
            var next = result + "/" + part;
            if (files.FindNoFollow(next) is { Kind: FileKind.Link } link && ++links <= FileSystem.MaxLinks)
            {
                var target = FileSystem.Resolve(result.Length == 0 ? "/" : result, link.Content);
                foreach (var piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    parts.Push(piece);
                }

                result = "";
            }
            else
            {
                result = next;
            }
        }

        return result.Length == 0 ? "/" : result;
    }
}
