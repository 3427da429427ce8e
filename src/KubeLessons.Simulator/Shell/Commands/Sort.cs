using System.Globalization;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>sort</c> in the C locale's order.</summary>
internal static class Sort
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("nrhVfbduszigMck:t:o:mS:T:", 2, false,
            new("numeric-sort", 'n'), new("reverse", 'r'), new("unique", 'u'), new("key", 'k'), new("field-separator", 't'),
            new("human-numeric-sort", 'h'), new("version-sort", 'V'), new("ignore-case", 'f'), new("stable", 's'),
            new("output", 'o'), new("check", 'c'), new("ignore-leading-blanks", 'b'), new("dictionary-order", 'd')) is not { } options)
        {
            yield break;
        }

        if (SortOrder.Of(options, out var fault) is not { } order)
        {
            command.Die(fault!, 2);
            yield break;
        }

        var lines = new List<string>();
        var source = new LineSource(command, options.Operands, (file, reason) => $"cannot read: {file}: {reason}") { FailureStatus = 2 };
        yield return Wait.Call(LineFilters.ReadAll(source, lines, withEnds: false));
        if (source.Failures > 0)
        {
            self.Exit(2);
            yield break;
        }

        if (options.Has('c'))
        {
            var wrong = Enumerable.Range(1, Math.Max(0, lines.Count - 1)).FirstOrDefault(i => order.Compare(lines[i - 1], lines[i]) > (options.Has('u') ? -1 : 0));
            if (wrong > 0)
            {
                command.Complain($"{(options.Operands is [var name, ..] ? name : "-")}:{wrong + 1}: disorder: {lines[wrong]}");
            }

            command.Exit();
            yield break;
        }

        IEnumerable<string> sorted = lines.Order(order);
        sorted = options.Has('u') ? Unique(sorted, order) : sorted;
        if (options.Value('o') is { } output)
        {
            if (PathAccess.WhyNotWritable(self, output) is { } reason)
            {
                command.Die($"open failed: {output}: {reason}", 2);
                yield break;
            }

            self.Files.Write(command.Resolve(output), string.Concat(sorted.Select(line => line + "\n")));
            yield break;
        }

        foreach (var line in sorted)
        {
            command.WriteLine(line);
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    private static IEnumerable<string> Unique(IEnumerable<string> sorted, SortOrder order)
    {
        string? last = null;
        foreach (var line in sorted)
        {
            if (last is null || order.CompareKeys(last, line) != 0)
            {
                yield return line;
                last = line;
            }
        }
    }
}

/// <summary>How lines are compared: by keys, each with its own flags, then as a whole.</summary>
internal sealed class SortOrder : IComparer<string>
{
    private readonly List<Key> _keys = [];
    private readonly char? _separator;
    private readonly bool _isStable;
    private readonly bool _reversesWhole;

    private SortOrder(char? separator, bool isStable, bool reversesWhole) =>
        (_separator, _isStable, _reversesWhole) = (separator, isStable, reversesWhole);

    private readonly record struct Key(int FromField, int FromChar, int ToField, int ToChar, string Flags)
    {
        public bool Has(char flag) => Flags.Contains(flag);
    }

    public static SortOrder? Of(CommandOptions options, out string? fault)
    {
        fault = null;
        var flags = string.Concat(options.Letters.Where("nrhVfbdgMi".Contains));
        var separator = options.Value('t');
        if (separator is not null && (separator.Length != 1 && separator != "\\0"))
        {
            fault = separator.Length == 0 ? "empty tab" : $"multi-character tab ‘{separator}’";
            return null;
        }

        var order = new SortOrder(separator?[0], options.Has('s') || options.Has('u'), options.Has('r'));
        foreach (var text in options.Values('k'))
        {
            if (Parse(text, flags) is not { } key)
            {
                fault = text.StartsWith('0') ? $"field number is zero: invalid field specification ‘{text}’" : $"invalid number at field start: invalid count at start of ‘{text}’";
                return null;
            }

            order._keys.Add(key);
        }

        if (order._keys.Count == 0)
        {
            order._keys.Add(new Key(1, 1, 0, 0, flags));
        }

        return order;
    }

    public int Compare(string? x, string? y)
    {
        var result = CompareKeys(x!, y!);
        return result != 0 || _isStable ? result : (_reversesWhole ? -1 : 1) * string.CompareOrdinal(x, y);
    }

    public int CompareKeys(string x, string y)
    {
        foreach (var key in _keys)
        {
            var result = Compare(Part(x, key), Part(y, key), key);
            if (result != 0)
            {
                return key.Has('r') ? -result : result;
            }
        }

        return 0;
    }

    private static Key? Parse(string text, string globalFlags)
    {
        var ends = text.Split(',', 2);
        if (Place(ends[0], out var from, out var fromChar, out var flags) is false || from == 0)
        {
            return null;
        }

        var (to, toChar) = (0, 0);
        if (ends.Length == 2)
        {
            if (!Place(ends[1], out to, out toChar, out var endFlags))
            {
                return null;
            }

            flags += endFlags;
        }

        return new Key(from, Math.Max(fromChar, 1), to, toChar, flags.Length == 0 ? globalFlags : flags);
    }

    private static bool Place(string text, out int field, out int character, out string flags)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        character = 0;
        flags = "";
        if (!int.TryParse(text.AsSpan(0, digits), out field))
        {
            return false;
        }

        var rest = text[digits..];
        if (rest.StartsWith('.'))
        {
            var count = rest.Skip(1).TakeWhile(char.IsAsciiDigit).Count();
            if (!int.TryParse(rest.AsSpan(1, count), out character))
            {
                return false;
            }

            rest = rest[(1 + count)..];
        }

        flags = rest;
        return rest.All("nrhVfbdgMi".Contains);
    }

    private string Part(string line, Key key)
    {
        if (key is { FromField: 1, FromChar: 1, ToField: 0 })
        {
            return key.Has('b') ? line.TrimStart() : line;
        }

        var start = Start(line, key.FromField);
        if (key.Has('b') && start < line.Length)
        {
            start += line.Length - start - line[start..].TrimStart().Length;
        }

        start = Math.Min(line.Length, start + key.FromChar - 1);
        var end = key.ToField == 0 ? line.Length
            : key.ToChar == 0 ? End(line, key.ToField)
            : Math.Min(line.Length, Start(line, key.ToField) + key.ToChar);
        return end <= start ? "" : line[start..end];
    }

    // Without a separator a field begins with the blanks before it.
    private int Start(string line, int field)
    {
        var at = 0;
        for (var i = 1; i < field && at < line.Length; i++)
        {
            at = FieldEnd(line, at);
            at += _separator is not null && at < line.Length ? 1 : 0;
        }

        return at;
    }

    private int End(string line, int field) => FieldEnd(line, Start(line, field));

    private int FieldEnd(string line, int at)
    {
        if (_separator is { } separator)
        {
            var next = line.IndexOf(separator, Math.Min(at, line.Length));
            return next < 0 ? line.Length : next;
        }

        while (at < line.Length && line[at] is ' ' or '\t')
        {
            at++;
        }

        while (at < line.Length && line[at] is not (' ' or '\t'))
        {
            at++;
        }

        return at;
    }

    private static int Compare(string x, string y, Key key)
    {
        if (key.Has('n'))
        {
            return Number(x).CompareTo(Number(y));
        }

        if (key.Has('g'))
        {
            return Number(x).CompareTo(Number(y));
        }

        if (key.Has('h'))
        {
            return Human(x).CompareTo(Human(y));
        }

        if (key.Has('M'))
        {
            return Month(x).CompareTo(Month(y));
        }

        if (key.Has('V'))
        {
            return VersionText.Compare(x, y);
        }

        if (key.Has('d'))
        {
            x = string.Concat(x.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '\t'));
            y = string.Concat(y.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '\t'));
        }

        return key.Has('f') ? string.CompareOrdinal(x.ToUpperInvariant(), y.ToUpperInvariant()) : string.CompareOrdinal(x, y);
    }

    private static double Number(string text)
    {
        text = text.TrimStart();
        var length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] == '.' || (length == 0 && text[length] == '-')))
        {
            length++;
        }

        return double.TryParse(text.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static double Human(string text)
    {
        text = text.TrimStart();
        var length = text.TakeWhile((c, i) => char.IsAsciiDigit(c) || c == '.' || (i == 0 && c == '-')).Count();
        var unit = length < text.Length ? "KMGTPE".IndexOf(char.ToUpperInvariant(text[length])) + 1 : 0;
        return Number(text) * Math.Pow(1024, unit);
    }

    private static int Month(string text)
    {
        var name = text.Trim();
        return name.Length < 3 ? -1 : Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, month => month.Equals(name[..3], StringComparison.OrdinalIgnoreCase));
    }
}
