using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.FailureTable;

/// <summary>The page that shows the rows.</summary>
internal static class TablePage
{
    public static string Write(ImmutableArray<Row> rows, Recording simulator, Recording kit)
    {
        var page = new StringBuilder();
        page.Append($"""
            # What is seen when a part fails

            Written by `dotnet run --project bench/KubeLessons.FailureTable -- page`; do not edit. The same commands were run on the simulator ({simulator.Lab})
            and on a real cluster ({kit.Lab}, {kit.Date}); what the real one has no part for is compared with the requirement study simulator.md.
            Words are compared exactly, after pod addresses, generated names, identifiers and durations have been masked. Times count from the end of the command that
            breaks or mends; they are equal when both are within the documented span or, where there is none, within 2 s or a quarter of each other.

            {rows.Count(row => row.IsEqual)} of {rows.Length} observations are equal; the rest are explained in their rows.


            """);
        foreach (var group in rows.GroupBy(row => row.Experiment))
        {
            page.Append($"## {group.Key.Component}: {group.Key.Stopped}\n\n");
            page.Append("| component | stopped | observation | simulator | real | equal? | explanation |\n|---|---|---|---|---|---|---|\n");
            foreach (var row in group)
            {
                var because = row.IsEqual ? "" : row.Because ?? "**unexplained**";
                page.Append($"| {Cell(row.Experiment.Component)} | {Cell(row.Experiment.Name)} | {Cell(row.What)} | {Words(row.Simulator)} | {Words(row.Real)} | {(row.IsEqual ? "yes" : "no")} | {Cell(because)} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd() + "\n";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Words(string text) =>
        string.Join("<br>", text.Split('\n').Select(line => $"`{line.Replace("`", "'", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal)}`"))
            .Replace("``", "", StringComparison.Ordinal);
}
