namespace KubeLessons.SimulatedCluster.Tests;

public class SmokeTests
{
    [Fact]
    public void The_test_project_runs() => typeof(SmokeTests).Assembly.GetName().Name.ShouldBe("KubeLessons.SimulatedCluster.Tests");
}
