using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>ps(1) of procps-ng 4: -e, -f, -o, -p, -C, -u, --ppid, --sort, --forest, --no-headers; and the BSD style (aux, axo, f).</summary>
internal sealed class ProcessStatus(Process self)
{
    private const string Usage = "\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

    private readonly List<ProcessColumn> _columns = [];
    private readonly List<Func<Process, bool>> _selections = [];
    private readonly List<(ProcessColumn Column, bool IsDescending)> _order = [];
    private bool _all;
    private bool _isFull;
    private bool _isUserStyle;
    private bool _isForest;
    private bool _hasHeader = true;

    public static IEnumerable<Wait> Main(Process self)
    {
        new ProcessStatus(self).Run();
        return [];
    }

    private void Run()
    {
        if (Read(self.Arguments.ToArray()) is { } fault)
        {
            self.Error.Write($"error: {fault}\n{Usage}");
            self.Exit(1);
            return;
        }

        var columns = _columns.Count > 0 ? _columns : [.. Standard().Select(name => ProcessColumn.Find(name)!)];
        var shown = ProcessTools.Visible(self).Where(IsSelected).ToList();
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            var (column, isDescending) = _order[i];
            shown = [.. isDescending ? shown.OrderByDescending(process => column.Key(self, process), ProcessColumn.Keys) : shown.OrderBy(process => column.Key(self, process), ProcessColumn.Keys)];
        }

        var rows = _isForest ? Forest(shown) : shown.Select(process => ("", process));
        var text = new StringBuilder();
        if (_hasHeader && columns.Any(column => column.Header.Length > 0))
        {
            Line(text, columns, column => column.Header);
        }

        foreach (var (branch, process) in rows)
        {
            Line(text, columns, column => column.IsCommand ? branch + column.Text(self, process) : column.Text(self, process));
        }

        self.Output.Write(text.ToString());
        self.Exit(shown.Count == 0 ? 1 : 0);
    }

    private string[] Standard() =>
        _isUserStyle ? ["user", "pid", "%cpu", "%mem", "vsz", "rss", "tty", "stat", "start_time", "bsdtime", "args"]
        : _isFull ? ["uid_name", "pid", "ppid", "c", "stime", "tty", "time", "cmd"]
        : ["pid", "tty", "time", "ucmd"];

    private bool IsSelected(Process process) =>
        _all || (_selections.Count > 0 ? _selections.Exists(selection => selection(process)) : process == self || process == self.Start.Parent);

    private static void Line(StringBuilder text, List<ProcessColumn> columns, Func<ProcessColumn, string> cell)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var (column, value) = (columns[i], cell(columns[i]));
            var isLast = i == columns.Count - 1;
            // A text that does not fit is cut, unless nothing follows it; a number pushes the others to the right.
            text.Append(i > 0 ? " " : "");
            text.Append(column.IsRight ? value.PadLeft(column.Width) : isLast ? value : column.IsCut && value.Length > column.Width ? value[..column.Width] : value.PadRight(column.Width));
        }

        text.Append('\n');
    }

    private string? Read(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            var fault = word.StartsWith("--", StringComparison.Ordinal) ? ReadLong(words, ref i)
                : word.StartsWith('-') ? ReadLetters(word[1..], words, ref i)
                : word.All(letter => char.IsAsciiDigit(letter) || letter == ',') ? AddIds(word)
                : ReadBsd(word, words, ref i);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? ReadLong(string[] words, ref int index)
    {
        var equals = words[index].IndexOf('=');
        var name = equals < 0 ? words[index] : words[index][..equals];
        if (name is "--sort" or "--pid" or "--ppid" or "--user" or "--format")
        {
            var value = equals >= 0 ? words[index][(equals + 1)..] : ++index < words.Length ? words[index] : "";
            return name switch
            {
                "--sort" => AddOrder(value),
                "--format" => AddColumns(value),
                "--pid" => AddIds(value),
                "--ppid" => AddIds(value, ofParent: true),
                _ => AddUsers(value),
            };
        }

        switch (name)
        {
            case "--no-headers" or "--no-heading" or "--no-headings" or "--noheader" or "--noheaders" or "--noheading" or "--noheadings":
                _hasHeader = false;
                return null;
            case "--forest":
                _isForest = true;
                return null;
            case "--headers" or "--cols" or "--width":
                return null;
            default:
                return "unknown gnu long option";
        }
    }

    private string? ReadLetters(string letters, string[] words, ref int index)
    {
        for (var at = 0; at < letters.Length; at++)
        {
            switch (letters[at])
            {
                case 'e' or 'A':
                    _all = true;
                    break;
                case 'f' or 'F':
                    _isFull = true;
                    break;
                case 'H':
                    _isForest = true;
                    break;
                case 'w' or 'y' or 'l' or 'c' or 'j' or 'L' or 'T' or 'M':
                    break;
                case 'a' or 'd':
                    _all = true;
                    break;
                case 'o' or 'p' or 'C' or 'u' or 'U' or 'q':
                    var letter = letters[at];
                    var value = at + 1 < letters.Length ? letters[(at + 1)..] : ++index < words.Length ? words[index] : null;
                    return value is null ? Missing(letter) : letter switch
                    {
                        'o' => AddColumns(value),
                        'C' => AddNames(value),
                        'u' or 'U' => AddUsers(value),
                        _ => AddIds(value),
                    };
                case 'x':
                    return "must set personality to get -x option";
                default:
                    return "unsupported SysV option";
            }
        }

        return null;
    }

    private string? ReadBsd(string letters, string[] words, ref int index)
    {
        for (var at = 0; at < letters.Length; at++)
        {
            switch (letters[at])
            {
                case 'a' or 'x' or 'g':
                    _all = true;
                    break;
                case 'u':
                    _isUserStyle = true;
                    break;
                case 'f':
                    _isForest = true;
                    break;
                case 'w' or 'c' or 'e' or 'j' or 'l' or 'm' or 'H' or 'T' or 'r' or 'n':
                    break;
                case 'h':
                    _hasHeader = false;
                    break;
                case 'o' or 'O':
                    var value = at + 1 < letters.Length ? letters[(at + 1)..] : ++index < words.Length ? words[index] : null;
                    return value is null ? Missing('o') : AddColumns(value);
                case 'p':
                    return AddIds(at + 1 < letters.Length ? letters[(at + 1)..] : ++index < words.Length ? words[index] : "");
                default:
                    return "unsupported option (BSD syntax)";
            }
        }

        return null;
    }

    private static string Missing(char letter) => letter switch
    {
        'o' => "format specification must follow -o",
        'C' => "list of command names must follow -C",
        'u' or 'U' => $"list of users must follow -{letter}",
        _ => $"list of process IDs must follow -{letter}",
    };

    // "pid,comm", "pid= comm=", "pid=NUMBER" whose title goes on to the end.
    private string? AddColumns(string text)
    {
        foreach (var name in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = name.IndexOf('=');
            if (ProcessColumn.Find(equals < 0 ? name : name[..equals]) is not { } column)
            {
                return $"unknown user-defined format specifier \"{(equals < 0 ? name : name[..equals])}\"";
            }

            _columns.Add(equals < 0 ? column : column with { Header = name[(equals + 1)..], Width = name.Length == equals + 1 ? column.Width : Math.Max(column.Width, name.Length - equals - 1) });
        }

        return null;
    }

    private string? AddOrder(string text)
    {
        foreach (var key in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ProcessColumn.Find(key.TrimStart('+', '-')) is not { } column)
            {
                return "unknown sort specifier";
            }

            _order.Add((column, key[0] == '-'));
        }

        return null;
    }

    private string? AddIds(string text, bool ofParent = false)
    {
        var ids = new HashSet<int>();
        foreach (var word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return "process ID list syntax error";
            }

            ids.Add(id);
        }

        _selections.Add(process => ids.Contains(ofParent ? ProcessTools.Parent(self, process) : process.IdSeenBy(self)));
        return ids.Count == 0 ? "process ID list syntax error" : null;
    }

    private string? AddNames(string text)
    {
        var names = text.Split(',').ToHashSet(StringComparer.Ordinal);
        _selections.Add(process => names.Contains(process.Name));
        return null;
    }

    private string? AddUsers(string text)
    {
        var users = text.Split(',').Select(user => user == "0" ? "root" : user).ToHashSet(StringComparer.Ordinal);
        _selections.Add(process => users.Contains(process.Start.User));
        return null;
    }

    private static IEnumerable<(string Branch, Process Process)> Forest(List<Process> processes)
    {
        var known = processes.ToHashSet();
        var children = processes.ToLookup(process => process.Start.Parent is { } parent && known.Contains(parent) ? parent : null);
        var rows = new List<(string, Process)>();
        foreach (var root in children[null])
        {
            rows.Add(("", root));
            AddBelow(root, "");
        }

        return rows;

        void AddBelow(Process parent, string indent)
        {
            var below = children[parent].ToList();
            for (var i = 0; i < below.Count; i++)
            {
                rows.Add((indent + " \\_ ", below[i]));
                AddBelow(below[i], indent + (i == below.Count - 1 ? "    " : " |  "));
            }
        }
    }
}
