using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>What the API shows of a pod, state by state, with the second (since the pod's creation) at which it begins.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void A_pod_goes_from_creating_to_running_to_gone()
    {
        var node = new KubeletFixture();
        var steps = Watch(node, "web", () =>
        {
            node.CreatePod("web", "nginx");
            node.Run(10);
            node.DeletePod("web");
            node.Run(5);
        });
        steps.Select(step => step.Shown).ShouldBe(
            ["Pending -", "Pending ContainerCreating", "Running running ready", "Running running ready Terminating", "Succeeded Completed Terminating", "gone"]);
        steps[2].At.ShouldBeInRange(2, 6);
        steps[3].At.ShouldBe(10, 0.1);
        steps[5].At.ShouldBeInRange(10, 12);
    }

    [Fact]
    public void A_crashing_pod_alternates_between_its_end_and_the_back_off()
    {
        var node = new KubeletFixture();
        var steps = Watch(node, "crash", () =>
        {
            node.CreatePod("crash", "busybox", "sh", "-c", "exit 3");
            node.Run(60);
        });
        steps.Select(step => step.Shown).Where(shown => !shown.Contains("ready", StringComparison.Ordinal)).Take(7).ShouldBe(
            ["Pending -", "Pending ContainerCreating", "Running Error", "Running Error #1", "Running CrashLoopBackOff #1", "Running Error #2", "Running CrashLoopBackOff #2"]);
        var again = steps.First(step => step.Shown == "Running Error #2").At - steps.First(step => step.Shown == "Running Error #1").At;
        again.ShouldBeInRange(10, 18);
    }

    [Fact]
    public void A_preStop_hook_runs_before_TERM_and_counts_towards_the_grace_period()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: web}, spec: {containers: [{name: web, image: nginx, lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}}]}}""");
        node.RunUntil(() => node.IsReady("web"), 8);
        var before = node.Now;
        node.DeletePod("web");
        node.Run(4.5);
        node.Container("web").State.ShouldBe(ContainerState.Running);
        node.RunUntil(() => node.Pod("web") is null, 4);
        (node.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void A_postStart_hook_that_fails_kills_its_container()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: web}, spec: {containers: [{name: web, image: nginx, lifecycle: {postStart: {exec: {command: ["false"]}}}}]}}""");
        node.RunUntil(() => node.Status("web").Int("restartCount") >= 1, 20);
        node.Events("web").ShouldContain("FailedPostStartHook: PostStartHook failed");
    }

    [Fact]
    public void A_database_without_a_password_crashes_and_says_why()
    {
        var node = new KubeletFixture();
        node.CreatePod("db", "mysql");
        node.RunUntil(() => node.Shown("db") == "CrashLoopBackOff", 30);
        node.Stream("db", "log").Output.ShouldContain("Database is uninitialized and password option is not specified");
        node.Status("db").Int("lastState", "terminated", "exitCode").ShouldBe(1);
    }

    private static List<(double At, string Shown)> Watch(KubeletFixture node, string pod, Action story)
    {
        var (from, begin) = (node.World.Trace.Count, node.Now);
        story();
        var steps = new List<(double At, string Shown)>();
        foreach (var change in node.World.Trace.From(from).ToArray().OfType<ObjectChanged>().Where(change => change.Change.Key.Resource == "pods" && change.Change.Key.Name == pod))
        {
            var shown = change.Change.After.Object is { } now ? Show(now) : "gone";
            if (steps.Count == 0 || steps[^1].Shown != shown)
            {
                steps.Add(((change.At - begin).TotalSeconds, shown));
            }
        }

        return steps;
    }

    private static string Show(Doc pod)
    {
        var status = pod.List("status", "containerStatuses").FirstOrDefault();
        var state = status?.At("state", "running") is not null ? "running"
            : status?.Text("state", "waiting", "reason") ?? status?.Text("state", "terminated", "reason") ?? "-";
        return $"{pod.Text("status", "phase")} {state}{(status?.Flag("ready") == true ? " ready" : "")}"
            + (status?.Int("restartCount") is > 0 and var count ? $" #{count}" : "")
            + (pod.Text("metadata", "deletionTimestamp") is null ? "" : " Terminating");
    }
}
