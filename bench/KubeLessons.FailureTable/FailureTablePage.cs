namespace KubeLessons.FailureTable;

/// <summary>The page as it must be today: from a run of the simulator and the recording of the kit.</summary>
public static class FailureTablePage
{
    public static string Today()
    {
        var simulator = FailureExperiments.Simulate(FailureExperiments.All, _ => { });
        return TablePage.Write([.. Comparison.Rows(FailureExperiments.All, simulator, Recording.Kit)], simulator, Recording.Kit);
    }
}
