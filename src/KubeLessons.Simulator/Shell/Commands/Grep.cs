using System.Text.RegularExpressions;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>grep</c>, <c>egrep</c>, <c>fgrep</c>: exit code 0 when something matched, 1 when nothing did, 2 on a fault.</summary>
internal static class Grep
{
    private const string Letters = "ivcnEFGPoqrRwxlLshHIaA:B:C:e:f:m:z\u0002::\u0003:\u0004:\u0005:b";

    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "grep");
        var arguments = command.Arguments;
        if (arguments is [['-', >= '0' and <= '9', ..] context, .. var rest] && int.TryParse(context[1..], out var around))
        {
            self.Become([self.CommandLine[0], "-C", around.ToString(), .. rest], self.Input, self.Output, self.Error);
        }

        if (command.Parse(Letters, 2, false,
            new("ignore-case", 'i'), new("invert-match", 'v'), new("count", 'c'), new("line-number", 'n'), new("extended-regexp", 'E'),
            new("fixed-strings", 'F'), new("only-matching", 'o'), new("quiet", 'q'), new("silent", 'q'), new("recursive", 'r'),
            new("word-regexp", 'w'), new("line-regexp", 'x'), new("files-with-matches", 'l'), new("files-without-match", 'L'),
            new("no-messages", 's'), new("no-filename", 'h'), new("with-filename", 'H'), new("after-context", 'A'),
            new("before-context", 'B'), new("context", 'C'), new("regexp", 'e'), new("file", 'f'), new("max-count", 'm'),
            new("perl-regexp", 'P'), new("text", 'a'), new("color", '\u0002'), new("colour", '\u0002'), new("include", '\u0003'),
            new("exclude", '\u0004'), new("exclude-dir", '\u0005')) is not { } options)
        {
            yield break;
        }

        if (GrepSettings.Of(command, options, out var files) is not { } settings)
        {
            yield break;
        }

        var search = new GrepSearch(command, settings);
        foreach (var file in files)
        {
            yield return Wait.Call(search.Run(file));
            if (settings.IsQuiet && search.HasMatched)
            {
                break;
            }
        }

        self.Exit(search.HasMatched && (command.Status == 0 || settings.IsQuiet) ? 0 : command.Status != 0 ? command.Status : 1);
    }
}

/// <summary>What grep was asked for.</summary>
internal sealed record GrepSettings(Regex Pattern)
{
    public bool Inverts { get; private init; }

    public bool Counts { get; private init; }

    public bool Numbers { get; private init; }

    public bool OnlyMatching { get; private init; }

    public bool IsQuiet { get; private init; }

    public bool WholeWords { get; private init; }

    public bool WholeLines { get; private init; }

    /// <summary>l: names of files that match; L: of those that do not; else nothing.</summary>
    public char NamesOnly { get; private init; }

    public bool ShowsNames { get; private init; }

    public int Before { get; private init; }

    public int After { get; private init; }

    public int MaxCount { get; private init; }

    public static GrepSettings? Of(CommandContext command, CommandOptions options, out List<string> files)
    {
        files = [.. options.Operands];
        var patterns = options.Values('e').SelectMany(pattern => pattern.Split('\n')).ToList();
        if (options.Value('f') is { } patternFile)
        {
            if (PathAccess.Read(command.Self, patternFile, out var reason) is not { } text)
            {
                command.Die($"{patternFile}: {reason}", 2);
                return null;
            }

            patterns.AddRange(text.TrimEnd('\n').Split('\n'));
        }
        else if (!options.Has('e'))
        {
            if (files.Count == 0)
            {
                command.Self.Error.Write("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
                command.Self.Exit(2);
                return null;
            }

            patterns.AddRange(files[0].Split('\n'));
            files.RemoveAt(0);
        }

        if (Compile(command, options, patterns) is not { } regex || Number(command, options, 'A', out var after) || Number(command, options, 'B', out var before)
            || Number(command, options, 'C', out var both) || Number(command, options, 'm', out var max))
        {
            return null;
        }

        var recursive = options.Has('r') || options.Has('R');
        var several = files.Count > 1 || (recursive && (files.Count == 0 || command.Self.Files.IsDirectory(command.Resolve(files[0]))));
        files = recursive ? Tree(command, options, files) : files.Count == 0 ? ["-"] : files;
        return new GrepSettings(regex)
        {
            Inverts = options.Has('v'),
            Counts = options.Has('c'),
            Numbers = options.Has('n'),
            OnlyMatching = options.Has('o'),
            IsQuiet = options.Has('q'),
            WholeWords = options.Has('w'),
            WholeLines = options.Has('x'),
            NamesOnly = options.Has('l') ? 'l' : options.Has('L') ? 'L' : '\0',
            ShowsNames = options.Has('H') || (several && !options.Has('h')),
            Before = before >= 0 ? before : Math.Max(both, 0),
            After = after >= 0 ? after : Math.Max(both, 0),
            MaxCount = max >= 0 ? max : int.MaxValue,
        };
    }

    private static Regex? Compile(CommandContext command, CommandOptions options, List<string> patterns)
    {
        var extended = command.Self.Name == "egrep" || options.Has('E') || options.Has('P');
        var isFixed = command.Self.Name == "fgrep" || options.Has('F');
        var texts = patterns.Select(pattern => isFixed ? PosixRegex.EscapeExtended(pattern)
            : options.Has('P') ? pattern.Replace("\\d", "[0-9]").Replace("(?:", "(").Replace("+?", "+").Replace("*?", "*") : pattern).ToList();
        var whole = texts.Count == 1 ? texts[0] : string.Join(extended || isFixed ? "|" : "\\|", texts);
        if (options.Has('x'))
        {
            whole = extended || isFixed ? $"^({whole})$" : $"^\\({whole}\\)$";
        }

        var regex = PosixRegex.Compile(whole, extended || isFixed, options.Has('i'), out var fault);
        if (regex is null)
        {
            command.Die(fault!, 2);
        }

        return regex;
    }

    // True, after complaining, when it is no number; -1: not given.
    private static bool Number(CommandContext command, CommandOptions options, char letter, out int number)
    {
        number = -1;
        if (options.Value(letter) is { } text && (!int.TryParse(text, out number) || number < 0))
        {
            command.Die(letter == 'm' ? "invalid max count" : $"{text}: invalid context length argument", 2);
            return true;
        }

        return false;
    }

    private static List<string> Tree(CommandContext command, CommandOptions options, List<string> roots)
    {
        var files = new List<string>();
        var includes = options.Values('\u0003').Select(glob => Expansion.GlobPattern.Parse(glob)).ToList();
        var excludes = options.Values('\u0004').Select(glob => Expansion.GlobPattern.Parse(glob)).ToList();
        foreach (var root in roots.DefaultIfEmpty("."))
        {
            var absolute = command.Resolve(root);
            if (!command.Self.Files.IsDirectory(absolute))
            {
                files.Add(root);
                continue;
            }

            Add(absolute, root == "." && roots.Count == 0 ? "" : root.TrimEnd('/') + "/");
        }

        return files;

        void Add(string directory, string shown)
        {
            foreach (var name in command.Self.Files.List(directory))
            {
                var path = directory == "/" ? "/" + name : directory + "/" + name;
                switch (command.Self.Files.FindNoFollow(path)?.Kind)
                {
                    case FileKind.Directory when !options.Values('\u0005').Contains(name) && shown.Length < 1000:
                        Add(path, shown + name + "/");
                        break;
                    case FileKind.File when (includes.Count == 0 || includes.Exists(glob => glob.IsMatch(name))) && !excludes.Exists(glob => glob.IsMatch(name)):
                        files.Add(shown + name);
                        break;
                }
            }
        }
    }
}
