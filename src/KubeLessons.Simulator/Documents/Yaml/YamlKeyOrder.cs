namespace KubeLessons.Simulator.Documents;

/// <summary>The order of keys in YAML that Go's yaml.v2 wrote: by character, digits as numbers (a2 before a10), others before letters.</summary>
internal static class YamlKeyOrder
{
    public static int Compare(string a, string b)
    {
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] == b[i])
            {
                continue;
            }

            var aIsLetter = char.IsLetter(a[i]);
            var bIsLetter = char.IsLetter(b[i]);
            if (aIsLetter && bIsLetter)
            {
                return a[i].CompareTo(b[i]);
            }

            return aIsLetter || bIsLetter ? (bIsLetter ? -1 : 1) : CompareNumbers(a, b, i);
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareNumbers(string a, string b, int at)
    {
        var start = 0L;
        if (a[at] == '0' || b[at] == '0')
        {
            for (var j = at - 1; j >= 0 && char.IsDigit(a[j]); j--)
            {
                if (a[j] != '0')
                {
                    start = 1;
                    break;
                }
            }
        }

        var (aNumber, aEnd) = NumberAt(a, at, start);
        var (bNumber, bEnd) = NumberAt(b, at, start);
        return aNumber != bNumber ? aNumber.CompareTo(bNumber)
            : aEnd != bEnd ? aEnd.CompareTo(bEnd)
            : a[at].CompareTo(b[at]);
    }

    private static (long Number, int End) NumberAt(string text, int at, long start)
    {
        var number = start;
        while (at < text.Length && char.IsDigit(text[at]))
        {
            number = unchecked((number * 10) + (text[at] - '0'));
            at++;
        }

        return (number, at);
    }
}
