using KubeLessons.FailureTable;

namespace KubeLessons.EndToEnd.Tests.Failures;

/// <summary>The page of failures, docs/failure-table.md, which a program writes.</summary>
public class FailureTableTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "failure-table.md"));

    [Fact]
    public void The_page_says_what_the_simulator_shows_today() =>
        Page.ShouldBe(FailureTablePage.Today(), "dotnet run --project bench/KubeLessons.FailureTable -- page");

    [Fact]
    public void Every_row_that_differs_from_the_real_cluster_is_explained()
    {
        Page.ShouldContain("observations are equal");
        Page.Split('\n').Where(line => line.Contains("**unexplained**", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "KubeLessons.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
