using System.Globalization;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>Completed indexes in a Job's status: <c>0,2-4</c>.</summary>
internal static class IndexSet
{
    public static SortedSet<long> Parse(string? text)
    {
        var indexes = new SortedSet<long>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (long.TryParse(ends[0], out var from) && long.TryParse(ends[^1], out var to))
            {
                for (var index = from; index <= to; index++)
                {
                    indexes.Add(index);
                }
            }
        }

        return indexes;
    }

    public static string Write(IReadOnlySet<long> indexes)
    {
        var parts = new List<string>();
        long? from = null;
        var last = -2L;
        foreach (var index in indexes.Append(long.MaxValue))
        {
            if (index != last + 1)
            {
                if (from is { } start)
                {
                    parts.Add(start == last ? Text(start) : last == start + 1 ? $"{Text(start)},{Text(last)}" : $"{Text(start)}-{Text(last)}");
                }

                from = index;
            }

            last = index;
        }

        return string.Join(',', parts);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
