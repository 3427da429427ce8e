using System.CommandLine;
using KubeLessons.Cli.Running;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.SimulatedCluster;
using KubeLessons.Verifying.Comparing;

namespace KubeLessons.Cli.Commands;

/// <summary><c>verify LESSON --cluster real --compare</c>: a lesson on both clusters, clause by clause.</summary>
internal static class ComparePrinter
{
    /// <returns>Whether both clusters passed it and no clause disagrees.</returns>
    public static async Task<bool> RunAsync(Session session, Lesson lesson, OpenCluster real, string? page, CancellationToken cancellation)
    {
        var comparison = await ClusterComparison.RunAsync(
            lesson, real, SimulatedClusters.OpenAsync, session.IsVerbose ? new RunPrinter(session, showsProse: false).Print : _ => { }, cancellation).ConfigureAwait(false);
        var checkWidth = comparison.Clauses.Select(clause => clause.Check.Length).DefaultIfEmpty(0).Max();
        foreach (var clause in comparison.Clauses)
        {
            var line = $"{clause.Check.PadRight(checkWidth)}  {Shown(clause.Simulated),-24}  {Shown(clause.Real),-24}  {clause.Clause}";
            session.Out.WriteLine(
                clause.IsSkipped ? session.Ink.Faint($"- {line}")
                : clause.Disagreement == Disagreement.None ? session.Ink.Good($"= {line}")
                : session.Ink.Bad($"≠ {line}  ({clause.Disagreement.ToString().ToLowerInvariant()})"));
        }

        var disagreeing = comparison.Disagreeing.Count();
        session.Out.WriteLine(session.Say(
            "cli.compared",
            lesson.Id,
            comparison.Clauses.Count(clause => !clause.IsSkipped),
            disagreeing,
            comparison.Clauses.Count(clause => clause.IsSkipped),
            Grade(comparison.Simulated),
            Grade(comparison.Real)));
        if (page is not null)
        {
            var path = Path.GetFullPath(page, session.Surroundings.WorkingDirectory);
            File.WriteAllText(path, AgreementPage.With(File.Exists(path) ? File.ReadAllText(path) : "", comparison));
        }

        return disagreeing == 0 && comparison.Real.Outcome == comparison.Simulated.Outcome;
    }

    private static string Grade(Grading.LessonReport report) =>
        $"{report.Outcome.ToString().ToLowerInvariant()} {report.PointsEarned}/{report.PointsPossible}";

    private static string Shown(ClauseSight sight)
    {
        var told = AgreementPage.Told(sight).Replace('\n', ' ');
        return told.Length > 24 ? told[..23] + "…" : told;
    }
}
