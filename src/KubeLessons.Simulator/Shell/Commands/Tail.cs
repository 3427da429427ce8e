using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>tail</c>: the last lines or characters, or from the n-th on; with -f, what is added later.</summary>
internal static class Tail
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Arguments is [['-' or '+', >= '0' and <= '9', ..] old, .. var rest])
        {
            self.Become(["tail", "-n", old[0] == '+' ? old : old[1..], .. rest], self.Input, self.Output, self.Error);
        }

        if (command.Parse("n:c:fFqvs:z", 1, false,
            new("lines", 'n'), new("bytes", 'c'), new("follow", 'f'), new("quiet", 'q'), new("verbose", 'v'), new("retry", 'F')) is not { } options)
        {
            yield break;
        }

        var counted = options.Value('c') ?? options.Value('n') ?? "10";
        if (CountText.Parse(counted.TrimStart('+')) is not { } count)
        {
            command.Die($"invalid number of {(options.Has('c') ? "bytes" : "lines")}: ‘{counted}’");
            yield break;
        }

        var part = new Part(Math.Abs(count), counted.StartsWith('+'), options.Has('c'));
        var files = options.Operands.DefaultIfEmpty("-").ToList();
        var named = (files.Count > 1 && !options.Has('q')) || options.Has('v');
        var followed = new List<Followed>();
        foreach (var file in files)
        {
            var text = new StringBuilder();
            if (file == "-")
            {
                yield return Wait.Call(command.ReadInput(text));
            }
            else if (PathAccess.Read(self, file, out var reason) is { } content)
            {
                text.Append(content);
                followed.Add(new Followed(command.Resolve(file), file) { Length = content.Length });
            }
            else
            {
                command.Complain(reason == PathAccess.IsADirectory ? $"error reading '{file}': {reason}" : $"cannot open '{file}' for reading: {reason}");
                continue;
            }

            command.Write(named ? $"{(file == files[0] ? "" : "\n")}==> {(file == "-" ? "standard input" : file)} <==\n" : "");
            command.Write(part.Of(text.ToString()));
            yield return Wait.Call(command.Room());
        }

        if ((options.Has('f') || options.Has('F')) && files.Any(file => file != "-"))
        {
            if (followed.Count == 0)
            {
                command.Complain("no files remaining");
            }
            else
            {
                yield return Wait.Call(Follow(command, followed, named));
            }
        }

        command.Exit();
    }

    private sealed record Followed(string Path, string Name)
    {
        public int Length { get; set; }
    }

    private readonly record struct Part(long Count, bool FromStart, bool Characters)
    {
        public string Of(string text)
        {
            if (Characters)
            {
                return FromStart
                    ? text[(int)Math.Min(text.Length, Math.Max(0, Count - 1))..]
                    : text[(int)Math.Max(0, text.Length - Count)..];
            }

            var at = FromStart ? AfterLines(text, Count - 1) : BeforeLast(text, Count);
            return text[at..];
        }

        private static int AfterLines(string text, long count)
        {
            var at = 0;
            for (; count > 0 && at < text.Length; count--)
            {
                var next = text.IndexOf('\n', at);
                at = next < 0 ? text.Length : next + 1;
            }

            return at;
        }

        private static int BeforeLast(string text, long count)
        {
            var at = text.Length;
            for (; count > 0 && at > 0; count--)
            {
                at = at < 2 ? 0 : text.LastIndexOf('\n', at - 2) + 1;
            }

            return at;
        }
    }

    // Follows by name, as -F does: a file that became shorter is read from its beginning.
    private static IEnumerable<Wait> Follow(CommandContext command, List<Followed> files, bool named)
    {
        var changed = new Signal(command.World);
        void OnChanged(string path) => changed.Raise();
        // A file may lie in something that is mounted, which tells of its own changes.
        var holders = files.Select(file => command.Self.Files.HolderOf(file.Path)).Distinct().ToList();
        holders.ForEach(holder => holder.Changed += OnChanged);
        var last = files[^1];
        try
        {
            while (true)
            {
                foreach (var file in files)
                {
                    var text = command.Self.Files.Read(file.Path) ?? "";
                    if (text.Length < file.Length)
                    {
                        command.Self.Error.Write($"tail: {file.Name}: file truncated\n");
                        file.Length = 0;
                    }

                    if (text.Length == file.Length)
                    {
                        continue;
                    }

                    command.Write((named && file != last ? $"\n==> {file.Name} <==\n" : "") + text[file.Length..]);
                    (last, file.Length) = (file, text.Length);
                    yield return Wait.Call(command.Room());
                }

                if (command.Self.Output.IsBroken)
                {
                    yield return Wait.Call(command.Room());
                }

                yield return Wait.On(changed);
            }
        }
        finally
        {
            holders.ForEach(holder => holder.Changed -= OnChanged);
        }
    }
}
