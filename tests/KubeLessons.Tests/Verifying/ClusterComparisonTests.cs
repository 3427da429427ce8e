using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Testing;
using KubeLessons.Verifying.Comparing;

namespace KubeLessons.Tests.Verifying;

public class ClusterComparisonTests
{
    private const string Lesson =
        """
        ```bash {name=go}
        kubectl run web --image=nginx
        ```

        ```yaml {check=runs}
        eventually: 60s
        that:
          - pod/web jsonpath={.status.phase}=Running
          - unit w1-k8s/kubelet active
        ```
        """;

    [Fact]
    public async Task Two_clusters_that_do_the_same_agree()
    {
        var comparison = await CompareAsync(Cluster(2), Cluster(4));

        comparison.Disagreeing.ShouldBeEmpty();
        comparison.Clauses.Select(clause => (clause.Check, clause.Clause, AgreementPage.Told(clause.Simulated), AgreementPage.Told(clause.Real))).ShouldBe(
        [
            ("runs", "pod/web jsonpath={.status.phase}=Running", "2.0 s", "4.0 s"),
            ("runs", "unit w1-k8s/kubelet active", "0.0 s", "0.0 s"),
        ]);
    }

    [Fact]
    public async Task What_comes_much_later_disagrees_in_timing() =>
        (await CompareAsync(Cluster(2), Cluster(12))).Disagreeing.ShouldHaveSingleItem().Disagreement.ShouldBe(Disagreement.Timing);

    [Fact]
    public async Task What_never_comes_disagrees_in_state()
    {
        var comparison = await CompareAsync(Cluster(2), Cluster(600));

        comparison.Disagreeing.Select(clause => clause.Disagreement).ShouldBe([Disagreement.State, Disagreement.State]);
        comparison.Real.Outcome.ShouldBe(LessonOutcome.Failed);
    }

    [Fact]
    public async Task The_page_keeps_other_lessons_and_replaces_its_own()
    {
        var comparison = await CompareAsync(Cluster(2), Cluster(4));

        var page = AgreementPage.With("# old head\n\n## 01-other\n\nkept\n\n## 99-test\n\nreplaced\n", comparison);

        page.ShouldStartWith("# Agreement");
        page.ShouldContain("## 01-other\n\nkept\n");
        page.ShouldNotContain("replaced");
        page.ShouldContain("| runs | `unit w1-k8s/kubelet active` | 0.0 s | 0.0 s | agree |");
        AgreementPage.With(page, comparison).ShouldBe(page);
    }

    private static ScriptedCluster Cluster(double seconds) => new ScriptedCluster()
        .Fact(0, "w1-k8s", "unit", "kubelet", "active")
        .On("kubectl run", (cluster, _) =>
        {
            cluster.Object(0.1, "pods", "web", ScriptedCluster.Pod("web", "Pending"));
            cluster.Object(seconds, "pods", "web", ScriptedCluster.Pod("web", "Running"));
            return (0, "pod/web created\n");
        });

    private static Task<Comparison> CompareAsync(ICluster simulated, ICluster real) => ClusterComparison.RunAsync(
        LessonText.Parse(Lesson), (_, _) => Task.FromResult(real), (_, _) => Task.FromResult(simulated), _ => { }, TestContext.Current.CancellationToken);
}
