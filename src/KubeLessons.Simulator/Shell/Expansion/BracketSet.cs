namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>A bracket expression: <c>[abc]</c>, <c>[!a-z]</c>, <c>[[:digit:]_]</c>.</summary>
internal sealed class BracketSet
{
    private readonly List<(char From, char To)> _ranges = [];
    private readonly List<string> _classes = [];

    private BracketSet(bool isNegated, int end) => (IsNegated, End) = (isNegated, end);

    public bool IsNegated { get; private set; }

    /// <summary>Where its closing bracket stands.</summary>
    public int End { get; private set; }

    /// <summary>Reads the expression whose opening bracket is at <paramref name="open"/>; null when it is not closed.</summary>
    public static BracketSet? Parse(string pattern, int open)
    {
        var i = open + 1;
        var set = new BracketSet(i < pattern.Length && pattern[i] is '!' or '^', 0);
        i += set.IsNegated ? 1 : 0;
        for (var first = true; i < pattern.Length; first = false)
        {
            if (pattern[i] == ']' && !first)
            {
                set.End = i;
                return set;
            }

            i = set.ReadItem(pattern, i);
        }

        return null;
    }

    /// <summary>Whether a character belongs to a named class such as <c>alpha</c>; false for unknown names.</summary>
    public static bool IsInClass(string name, char c) => name switch
    {
        "alpha" => char.IsLetter(c),
        "digit" => char.IsAsciiDigit(c),
        "alnum" => char.IsLetterOrDigit(c),
        "upper" => char.IsUpper(c),
        "lower" => char.IsLower(c),
        "space" => c is ' ' or (>= '\t' and <= '\r'),
        "blank" => c is ' ' or '\t',
        "punct" => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)),
        "print" => !char.IsControl(c),
        "graph" => !char.IsControl(c) && c != ' ',
        "cntrl" => char.IsControl(c),
        "xdigit" => char.IsAsciiHexDigit(c),
        "word" => char.IsLetterOrDigit(c) || c == '_',
        _ => false,
    };

    public bool Contains(char c)
    {
        foreach (var (from, to) in _ranges)
        {
            if (c >= from && c <= to)
            {
                return !IsNegated;
            }
        }

        foreach (var name in _classes)
        {
            if (IsInClass(name, c))
            {
                return !IsNegated;
            }
        }

        return IsNegated;
    }

    private int ReadItem(string pattern, int i)
    {
        if (pattern[i] == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':'
            && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var close)
        {
            _classes.Add(pattern[(i + 2)..close]);
            return close + 2;
        }

        var from = ReadChar(pattern, ref i);
        if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
        {
            i++;
            _ranges.Add((from, ReadChar(pattern, ref i)));
        }
        else
        {
            _ranges.Add((from, from));
        }

        return i;
    }

    private static char ReadChar(string pattern, ref int i)
    {
        if (pattern[i] == '\\' && i + 1 < pattern.Length)
        {
            i++;
        }

        return pattern[i++];
    }
}
