using System.Globalization;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges conditions on what the check's step printed and how it ended.</summary>
internal static class CommandConditions
{
    public static Finding Evaluate(Condition condition, Viewpoint view)
    {
        if (view.Result is not { } result)
        {
            return new Finding(false, Said.Verbatim(condition.Text), Message.Of("check.stepDidNotRun"));
        }

        return condition switch
        {
            ExitCondition c => Exit(c, result.ExitCode, result.Ended),
            OutputContainsCondition c => Contains(view.Variables.Substitute(c.Content).Text, result.Output, result.Ended),
            OutputMatchesCondition c => new Finding(
                Patterns.IsMatch(result.Output, c.Pattern),
                Message.Of("check.matches", c.Pattern),
                Printed(result.Output),
                result.Ended),
            OutputRowCondition c => Row(c, result.StandardOutput, view) with { Since = result.Ended },
            _ => Finding.Faulty(Message.Of("check.unknownCondition", condition.Text)),
        };
    }

    private static Finding Exit(ExitCondition condition, int exitCode, DateTimeOffset ended)
    {
        var actual = exitCode.ToString(CultureInfo.InvariantCulture);
        var wanted = condition.Code.ToString(CultureInfo.InvariantCulture);
        return new Finding(
            ResourceConditions.Compare(actual, condition.Comparison, wanted),
            Said.Verbatim($"exit{ResourceConditions.Sign(condition.Comparison)}{wanted}"),
            Said.Verbatim($"exit={actual}"),
            ended);
    }

    private static Finding Contains(string content, string output, DateTimeOffset ended) => new(
        output.Contains(content, StringComparison.Ordinal), Message.Of("check.contains", content), Printed(output), ended);

    private static Message Printed(string output) =>
        output.Trim().Length == 0 ? Message.Of("check.printedNothing") : Said.Verbatim(Excerpt.Of(output));

    private static Finding Row(OutputRowCondition condition, string output, Viewpoint view)
    {
        var expected = Said.Verbatim($"{Describe(condition.Row)}: {Describe(condition.Has)}");
        var table = PrintedTable.Read(output);
        var rows = table.Rows.Where(row => Passes(condition.Row, row, view)).ToList();
        if (rows.Count == 0)
        {
            return new Finding(false, expected, Message.Of("check.noSuchRow", Describe(condition.Row)));
        }

        var good = rows.FirstOrDefault(row => Passes(condition.Has, row, view));
        var shown = (good ?? rows[0]).GetValueOrDefault(condition.Has.Column);
        return new Finding(
            good is not null, expected, shown is null ? Message.Of("check.noSuchColumn", condition.Has.Column) : Said.Verbatim($"{condition.Has.Column}={shown}"));
    }

    private static bool Passes(CellTest test, IReadOnlyDictionary<string, string> row, Viewpoint view) =>
        row.TryGetValue(test.Column, out var cell)
        && ResourceConditions.Compare(cell, test.Comparison, view.Variables.Substitute(test.Value).Text);

    private static string Describe(CellTest test) => $"{test.Column}{ResourceConditions.Sign(test.Comparison)}{test.Value}";
}
