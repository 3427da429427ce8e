namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Version numbers within texts, as <c>sort -V</c> orders them: digits count as numbers.</summary>
internal static class VersionText
{
    public static int Compare(string x, string y)
    {
        var (i, j) = (0, 0);
        while (i < x.Length && j < y.Length)
        {
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                var (a, b) = (Digits(x, ref i), Digits(y, ref j));
                var result = a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
                if (result != 0)
                {
                    return result;
                }
            }
            else if (x[i] != y[j])
            {
                return Order(x[i]).CompareTo(Order(y[j]));
            }
            else
            {
                i++;
                j++;
            }
        }

        return (x.Length - i).CompareTo(y.Length - j);
    }

    private static int Order(char c) => c == '~' ? -1 : char.IsAsciiLetterOrDigit(c) ? c : c + 256;

    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at].TrimStart('0');
    }
}
