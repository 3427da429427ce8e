using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Reports;
using KubeLessons.Running;
using KubeLessons.Testing;
using KubeLessons.Texts;

namespace KubeLessons.Tests.Running;

public class LessonRunnerTests
{
    private const string StopLesson = """
        ```yaml {let}
        node: pod/web {.spec.nodeName}
        ```

        ```yaml {predict=phase}
        ask: What is the phase half a minute later?
        choices:
          Running: It runs on
          Failed: It failed
        observe: pod/web jsonpath={.status.phase}
        at: 30s
        ```

        ```bash {name=stop on=$node}
        systemctl stop kubelet
        ```

        ```yaml {check=stopped notes=C06}
        that: unit $node/kubelet inactive
        hint: Stop it.
        why: Because.
        ```

        ```yaml {check=unknown points=3 notes=A11}
        eventually: 50s
        that: node/$node condition=Ready=Unknown
        hint: Wait for it.
        ```
        """;

    [Fact]
    public async Task A_lesson_that_is_followed_passes_and_proves_its_claims()
    {
        var cluster = Cluster();

        var report = await RunAsync(StopLesson, cluster, ScriptedLearner.Obedient);

        report.Outcome.ShouldBe(LessonOutcome.Passed);
        report.PointsEarned.ShouldBe(4);
        report.Claims.ShouldBe(["A11", "C06"]);
        cluster.Commands.Single().Node.ShouldBe("w2-k8s");
        report.Predictions.Single().Observed.ShouldBe("Running");
    }

    [Fact]
    public async Task A_check_that_fails_names_clause_expected_actual_since_event_and_hint()
    {
        var report = await RunAsync(StopLesson, Cluster(), ScriptedLearner.Idle);

        report.Outcome.ShouldBe(LessonOutcome.Failed);
        var text = TextReport.Write(report, Wording.English);
        text.ShouldContain("clause:   node/w2-k8s condition=Ready=Unknown");
        text.ShouldContain("expected: Ready=Unknown");
        text.ShouldContain("actual:   Ready=True (since 12:00:00, judged at 12:00:55)");
        text.ShouldContain("event:    12:00:00 Normal RegisteredNode node/w2-k8s: It joined");
        text.ShouldContain("hint:     Wait for it.");
    }

    [Fact]
    public async Task Variables_reach_the_shell_of_later_steps()
    {
        var cluster = Cluster();

        await RunAsync(StopLesson, cluster, ScriptedLearner.Obedient);

        cluster.Commands.Single().Environment["node"].ShouldBe("w2-k8s");
    }

    [Fact]
    public async Task A_value_that_never_comes_leaves_out_what_needs_it_and_fails()
    {
        var report = await RunAsync(StopLesson, new ScriptedCluster(), ScriptedLearner.Obedient);

        report.Outcome.ShouldBe(LessonOutcome.Failed);
        report.Checks.ShouldAllBe(check => check.Outcome == CheckOutcome.Failed);
    }

    [Fact]
    public async Task A_block_for_another_version_is_skipped_and_worth_nothing()
    {
        var report = await RunAsync(
            """
            ```bash {name=go}
            true
            ```

            ```yaml {check=old points=5 kubernetes="<1.30"}
            that: exit=1
            ```

            ```yaml {check=new}
            that: exit=0
            ```
            """,
            new ScriptedCluster(),
            ScriptedLearner.Obedient);

        report.Outcome.ShouldBe(LessonOutcome.Passed);
        report.PointsPossible.ShouldBe(1);
        report.Checks.First().Outcome.ShouldBe(CheckOutcome.Skipped);
    }

    [Fact]
    public async Task Cleanups_run_after_an_interrupt_too()
    {
        using var interrupt = new CancellationTokenSource();
        var cluster = new ScriptedCluster().On("first", (_, _) =>
        {
            interrupt.Cancel();
            return (0, "");
        });
        var lesson = LessonText.Parse("""
            ```bash {name=one}
            first
            ```

            ```bash {name=two}
            second
            ```

            ```bash {cleanup}
            third
            ```
            """);

        var report = await LessonRunner.RunAsync(lesson, cluster, ScriptedLearner.Obedient, _ => { }, RunOptions.Standard, interrupt.Token);

        cluster.Commands.Select(command => command.Script.Trim()).ShouldBe(["first", "third"]);
        report.Stopped.ShouldNotBeNull();
        report.Outcome.ShouldBe(LessonOutcome.Failed);
    }

    [Fact]
    public async Task What_no_watch_reports_is_tried_until_it_is_so()
    {
        var tries = 0;
        var cluster = new ScriptedCluster().On("curl", (_, _) => ++tries < 4 ? (7, "curl: (7) Connection refused\n000") : (0, "Welcome\n200"));

        var report = await RunAsync(
            """
            ```bash {name=go}
            true
            ```

            ```yaml {check=answers}
            eventually: 10s
            that: http http://web from m-k8s = 200 body contains Welcome
            ```
            """,
            cluster,
            ScriptedLearner.Obedient);

        report.Outcome.ShouldBe(LessonOutcome.Passed);
        tries.ShouldBe(4);
    }

    [Fact]
    public async Task A_check_may_count_its_time_from_another()
    {
        var cluster = new ScriptedCluster()
            .Fact(20, "w1-k8s", "unit", "a", "active")
            .Fact(25, "w1-k8s", "unit", "b", "active");

        var report = await RunAsync(
            """
            ```bash {name=go}
            true
            ```

            ```yaml {check=first}
            eventually: 30s
            that: unit w1-k8s/a active
            ```

            ```yaml {check=second after=first}
            window: [4s, 6s]
            that: unit w1-k8s/b active
            ```
            """,
            cluster,
            ScriptedLearner.Obedient);

        report.Outcome.ShouldBe(LessonOutcome.Passed);
        report.Checks.Last().Explanation!.Verdict.At.ShouldBe(ScriptedCluster.Begin.AddSeconds(25));
    }

    private static Task<LessonReport> RunAsync(string markdown, ScriptedCluster cluster, ILearner learner) => LessonRunner.RunAsync(
        LessonText.Parse(markdown), cluster, learner, _ => { }, RunOptions.Standard, CancellationToken.None);

    private static ScriptedCluster Cluster()
    {
        static string Node(string ready) =>
            $$"""{"kind":"Node","metadata":{"name":"w2-k8s"},"status":{"conditions":[{"type":"Ready","status":"{{ready}}"}]} }""";
        return new ScriptedCluster()
            .Object(0, "nodes", "w2-k8s", Node("True"), ns: "")
            .Object(0, "events", "w2-k8s.1", """{"reason":"RegisteredNode","type":"Normal","message":"It joined","involvedObject":{"kind":"Node","name":"w2-k8s"}}""")
            .Object(5, "pods", "web", ScriptedCluster.Pod("web", "Running", "w2-k8s"))
            .Fact(0, "w2-k8s", "unit", "kubelet", "active")
            .On("systemctl stop kubelet", (cluster, command) =>
            {
                cluster.Fact(0, command.Node, "unit", "kubelet", "inactive");
                cluster.Object(44, "nodes", command.Node, Node("Unknown"), ns: "");
                return (0, "");
            });
    }
}
