using System.Globalization;
using System.Text;
using KubeLessons.Grading;
using KubeLessons.Texts;

namespace KubeLessons.Verifying.Comparing;

/// <summary>The page of agreements: for each lesson a table of its clauses, as both clusters saw them. A lesson that is compared anew replaces its own section.</summary>
public static class AgreementPage
{
    private const string Head =
        """
        # Agreement of the simulated and a real cluster

        Written by `kubelessons verify LESSON --cluster real --compare --agreement docs/real-cluster-agreement.md`; do not edit. Each row is a clause of a
        check. The times are those at which it first held, counted from the check's step, on the cluster's clock. Times within 5 s of each other
        agree, and within 15 s where more than 20 s pass (a lease's renewal and a look of the node controller lie between). What a cluster cannot carry is
        left out with the reason, and counts for nothing.

        """;

    /// <summary>The page with this lesson's section put in or replaced.</summary>
    public static string With(string page, Comparison comparison)
    {
        var sections = page.Split("\n## ").Skip(1).ToDictionary(section => section.Split('\n')[0].Trim(), section => "## " + section.TrimEnd() + "\n", StringComparer.Ordinal);
        sections[comparison.Lesson] = Section(comparison);
        return Head + string.Concat(sections.OrderBy(section => section.Key, StringComparer.Ordinal).Select(section => "\n" + section.Value));
    }

    private static string Section(Comparison comparison)
    {
        var section = new StringBuilder();
        section.Append(CultureInfo.InvariantCulture, $"## {comparison.Lesson}\n\n");
        section.Append(CultureInfo.InvariantCulture, $"Kubernetes {comparison.Real.Cluster.Kubernetes}: simulated {Grade(comparison.Simulated)}, real {Grade(comparison.Real)}. ");
        section.Append(CultureInfo.InvariantCulture, $"{comparison.Clauses.Count(clause => !clause.IsSkipped)} clauses compared, {comparison.Disagreeing.Count()} disagree, ");
        section.Append(CultureInfo.InvariantCulture, $"{comparison.Clauses.Count(clause => clause.IsSkipped)} left out.\n\n");
        section.Append("| check | clause | simulated | real | |\n|---|---|---|---|---|\n");
        foreach (var clause in comparison.Clauses)
        {
            section.Append(CultureInfo.InvariantCulture, $"| {clause.Check} | `{Cell(clause.Clause)}` | {Cell(Told(clause.Simulated))} | {Cell(Told(clause.Real))} | {Word(clause)} |\n");
        }

        return section.ToString();
    }

    /// <summary>How a clause went, in a few words.</summary>
    public static string Told(ClauseSight sight) =>
        sight.IsSkipped ? $"left out: {sight.Reason}"
        : sight.First is { } first ? string.Create(CultureInfo.InvariantCulture, $"{first.TotalSeconds:0.0} s{(sight.HeldAtTheEnd ? "" : ", then no more")}")
        : $"never: {sight.Seen}";

    /// <summary>The verdict on a clause, in a word.</summary>
    public static string Word(ComparedClause clause) =>
        clause.IsSkipped ? "left out" : clause.Disagreement == Disagreement.None ? "agree" : $"**{clause.Disagreement.ToString().ToLowerInvariant()}**";

    private static string Grade(LessonReport report) => $"{report.Outcome.ToString().ToLowerInvariant()} {report.PointsEarned}/{report.PointsPossible}";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
