using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Controllers.CronJobs;
using KubeLessons.Simulator.Controllers.Jobs;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class JobTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(28)]
    [InlineData(33)]
    public void A_job_runs_to_its_end(int minor)
    {
        var cluster = SimulatedControlPlane.WithNodes(minor: minor);
        Start(cluster, "pi", "\"completions\":5,\"parallelism\":2,", "finishing");
        cluster.Advance(0.5);
        cluster.Pods("pi").Count.ShouldBe(2);
        cluster.Advance(30);

        var job = cluster.Get(Resources.Jobs, "pi");
        (job.Int("status", "succeeded"), job.Int("status", "active"), job.Int("status", "failed")).ShouldBe((5, null, null));
        job.Text("status", "completionTime").ShouldNotBeNull();
        job.List("status", "conditions").Select(condition => condition.Text("type")).ShouldBe(minor >= 31 ? ["SuccessCriteriaMet", "Complete"] : ["Complete"]);
        cluster.Pods("pi").Count.ShouldBe(5);
        cluster.Pods("pi").ShouldAllBe(pod => pod.Phase() == "Succeeded" && !pod.HasFinalizer(JobPods.TrackingFinalizer));
        cluster.Events("pi")[^1].ShouldBe("Normal Completed Job completed");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    public void A_failing_job_tries_again_with_growing_pauses_and_gives_up(int minor)
    {
        var cluster = SimulatedControlPlane.WithNodes(minor: minor);
        Start(cluster, "bad", "\"backoffLimit\":3,", "failing");
        cluster.Advance(200);
        var starts = cluster.Timeline(TimeSpan.Zero, change => change.Key.Resource == "pods" && change.Before is null ? "pod" : null)
            .Select(line => double.Parse(line.Split(' ')[0])).ToList();
        starts.Count.ShouldBe(4);
        starts.Zip(starts.Skip(1), (a, b) => b - a).Select(pause => (int)Math.Round(pause / 10) * 10).ShouldBe([10, 20, 40]);

        var job = cluster.Get(Resources.Jobs, "bad");
        job.Int("status", "failed").ShouldBe(4);
        Conditions.Find(job, "Failed")!.Text("reason").ShouldBe("BackoffLimitExceeded");
        cluster.Events("bad")[^1].ShouldBe("Warning BackoffLimitExceeded Job has reached the specified backoff limit");
    }

    [Fact]
    public void A_counted_failure_is_not_forgotten_when_its_pod_is_deleted()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Start(cluster, "bad", "\"backoffLimit\":2,", "failing");
        for (var round = 0; round < 3; round++)
        {
            cluster.Advance(3);
            foreach (var pod in cluster.Pods("bad"))
            {
                cluster.Delete(Resources.Pods, pod.Name());
            }

            cluster.Advance(60);
        }

        cluster.Get(Resources.Jobs, "bad").Int("status", "failed").ShouldBe(3);
    }

    [Fact]
    public void The_deadline_ends_a_job_and_its_pods()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Start(cluster, "slow", "\"activeDeadlineSeconds\":30,", "nginx");
        cluster.Advance(29);
        cluster.ActivePods("slow").Count.ShouldBe(1);
        cluster.Advance(5);
        cluster.Pods("slow").ShouldBeEmpty();
        Conditions.Find(cluster.Get(Resources.Jobs, "slow"), "Failed")!.Text("reason").ShouldBe("DeadlineExceeded");
    }

    [Fact]
    public void An_indexed_job_runs_each_index_once()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Start(cluster, "idx", "\"completions\":4,\"parallelism\":2,\"completionMode\":\"Indexed\",", "finishing");
        cluster.Advance(30);
        cluster.Pods("idx").Select(JobPods.IndexOf).Order().ShouldBe([0L, 1L, 2L, 3L]);
        cluster.Get(Resources.Jobs, "idx").Text("status", "completedIndexes").ShouldBe("0-3");
        cluster.Pods("idx")[0].Name().ShouldStartWith("idx-0-");
        cluster.Pods("idx")[0].Text("spec", "hostname").ShouldBe("idx-0");
    }

    [Fact]
    public void A_suspended_job_has_no_pods_and_a_finished_one_goes_after_its_time()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Start(cluster, "wait", "\"suspend\":true,\"ttlSecondsAfterFinished\":60,", "finishing");
        cluster.Advance(10);
        cluster.Pods("wait").ShouldBeEmpty();
        Conditions.Find(cluster.Get(Resources.Jobs, "wait"), "Suspended")!.Text("status").ShouldBe("True");
        cluster.Patch(Resources.Jobs, "wait", """{"spec":{"suspend":false}}""");
        cluster.Advance(20);
        JobOutcome.IsFinished(cluster.Get(Resources.Jobs, "wait")).ShouldBeTrue();
        cluster.Advance(60);
        cluster.Find(Resources.Jobs, "wait").ShouldBeNull();
        cluster.Pods("wait").ShouldBeEmpty();
    }

    [Fact]
    public void A_pod_failure_policy_can_end_a_job_at_once()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Start(cluster, "strict", "\"podFailurePolicy\":{\"rules\":[{\"action\":\"FailJob\",\"onPodConditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]}]},", "failing");
        cluster.Advance(5);
        Conditions.Find(cluster.Get(Resources.Jobs, "strict"), "Failed")!.Text("reason").ShouldBe("PodFailurePolicy");
    }

    [Fact]
    public void A_cron_job_starts_at_its_minutes_and_keeps_three()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Cron(cluster, "tick", "*/5 * * * *", "");
        cluster.Advance(3600);
        var jobs = cluster.List(Resources.Jobs).Where(job => job.Name().StartsWith("tick-")).ToList();
        jobs.Count.ShouldBe(3);
        jobs.ShouldAllBe(job => JobOutcome.IsFinished(job));
        var cron = cluster.Get(Resources.CronJobsIn(cluster.Version), "tick");
        cron.Text("status", "lastScheduleTime").ShouldBe("2026-01-05T01:00:00Z");
        cluster.List(Resources.Events).Count(e => e.Text("involvedObject", "name") == "tick" && e.Text("reason") == "SuccessfulCreate").ShouldBeGreaterThan(8);
        jobs.ShouldAllBe(job => long.Parse(job.Name().Substring(5)) % 5 == 0);
    }

    [Theory]
    [InlineData("Forbid", 1)]
    [InlineData("Replace", 1)]
    [InlineData("Allow", 10)]
    public void Concurrency_is_as_declared(string policy, int running)
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Cron(cluster, "long", "* * * * *", $"\"concurrencyPolicy\":\"{policy}\",", "nginx");
        cluster.Advance(600);
        cluster.ActivePods("long").Count.ShouldBe(running);
        cluster.Get(Resources.CronJobsIn(cluster.Version), "long").List("status", "active").Length.ShouldBe(running);
    }

    [Fact]
    public void Missed_starts_are_made_up_for_once_unless_it_is_too_late()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Cron(cluster, "late", "*/10 * * * *", "");
        Cron(cluster, "strict", "*/10 * * * *", "\"startingDeadlineSeconds\":60,");
        cluster.ControllerManager!.Exit(0);
        cluster.Advance(2000);
        cluster.StartControllerManager();
        cluster.Advance(60);
        cluster.List(Resources.Jobs).Select(job => job.Name().Split('-')[0]).ShouldBe(["late"]);
    }

    [Theory]
    [InlineData("*/15 * * * *", "2026-01-05T00:15:00")]
    [InlineData("0 9 * * 1-5", "2026-01-05T09:00:00")]
    [InlineData("30 3 1 * *", "2026-02-01T03:30:00")]
    [InlineData("0 0 29 feb *", "2028-02-29T00:00:00")]
    [InlineData("0 0 13 * fri", "2026-01-09T00:00:00")]
    [InlineData("5/20 * * * *", "2026-01-05T00:05:00")]
    [InlineData("@hourly", "2026-01-05T01:00:00")]
    [InlineData("@every 1m30s", "2026-01-05T00:01:30")]
    [InlineData("0 0 31 2 *", null)]
    public void Schedules_are_read_as_cron_reads_them(string text, string? next) =>
        CronSchedule.TryParse(text)!.Next(World.DefaultEpoch)?.ToString("yyyy-MM-ddTHH:mm:ss").ShouldBe(next);

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("@never")]
    [InlineData("@every x")]
    public void What_is_no_schedule_is_refused(string text) => CronSchedule.TryParse(text).ShouldBeNull();

    private static void Start(SimulatedControlPlane cluster, string name, string spec, string image) => cluster.Apply(
        "{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"metadata\":{\"name\":\"" + name + "\"}," + "\"spec\":{" + JobSpec(name, spec, image) + "}}");

    private static void Cron(SimulatedControlPlane cluster, string name, string schedule, string spec, string image = "finishing") => cluster.Apply(
        "{\"apiVersion\":\"batch/v1\",\"kind\":\"CronJob\",\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"schedule\":\"" + schedule + "\"," + spec
        + "\"jobTemplate\":{\"spec\":{" + JobSpec(name, "", image) + "}}}}");

    private static string JobSpec(string name, string spec, string image) => spec
        + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name + "\"}},\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"" + image + "\"}]}}";
}
