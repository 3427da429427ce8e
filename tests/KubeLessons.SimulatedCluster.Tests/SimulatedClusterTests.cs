using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.SimulatedCluster.Tests;

public class SimulatedClusterTests
{
    private static readonly ClusterRequest Request = new(ClusterSpec.Standard, null, null, ["events", "nodes", "pods"]);

    [Fact]
    public async Task A_command_runs_on_its_node_with_its_variables_and_streams_apart()
    {
        await using var cluster = await OpenAsync();
        var chunks = new List<OutputChunk>();
        var command = new ClusterCommand("w1-k8s", "echo $who on $(hostname); echo oops >&2; exit 3") with
        {
            Environment = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("who", "learner"),
        };

        var result = await cluster.RunAsync(command, chunks.Add, Token);

        result.ExitCode.ShouldBe(3);
        result.StandardOutput.ShouldBe("learner on w1-k8s\n");
        result.StandardError.ShouldBe("oops\n");
        result.Output.ShouldBe("learner on w1-k8s\noops\n");
        string.Concat(chunks.Select(chunk => chunk.Text)).ShouldBe(result.Output);
    }

    [Fact]
    public async Task Waiting_moves_the_clusters_clock_and_never_past_the_limit()
    {
        await using var cluster = await OpenAsync();
        var before = (await cluster.ObserveAsync(0, Token)).Now;

        await cluster.WaitAsync(TimeSpan.FromSeconds(30), Token);

        var after = (await cluster.ObserveAsync(0, Token)).Now;
        (after - before).ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Waiting_ends_at_the_next_change()
    {
        await using var cluster = await OpenAsync();
        await cluster.RunAsync(new ClusterCommand("m-k8s", "kubectl run web --image=nginx"), null, Token);
        var known = await cluster.ObserveAsync(0, Token);

        await cluster.WaitAsync(TimeSpan.FromHours(1), Token);

        var changes = await cluster.ObserveAsync(known.Position, Token);
        changes.Items.ShouldNotBeEmpty();
        changes.Items.Select(change => change.At).Distinct().Count().ShouldBe(1);
        (changes.Now - known.Now).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Settings_and_the_administrators_own_files_are_facts_that_come_and_go()
    {
        const string Manifest = "/etc/kubernetes/manifests/kube-scheduler.yaml";
        await using var cluster = await OpenAsync();
        var opening = await cluster.ObserveAsync(0, Token);
        Files(opening.Items)[Manifest].ShouldNotBeNull().ShouldContain("kube-scheduler");

        await cluster.RunAsync(new ClusterCommand("m-k8s", $"mv {Manifest} /root/"), null, Token);

        var moved = Files((await cluster.ObserveAsync(opening.Position, Token)).Items);
        moved[Manifest].ShouldBeNull();
        moved["/root/kube-scheduler.yaml"].ShouldBe(Files(opening.Items)[Manifest]);

        static Dictionary<string, string?> Files(IEnumerable<ClusterChange> changes) => changes.OfType<FactChange>()
            .Where(change => change.Id is { Noun: "file", Node: "m-k8s" })
            .GroupBy(change => change.Id.Name)
            .ToDictionary(changes => changes.Key, changes => changes.Last().Value);
    }

    [Fact]
    public async Task The_record_begins_with_the_state_as_it_was_found()
    {
        await using var cluster = await OpenAsync();

        var opening = await cluster.ObserveAsync(0, Token);

        opening.Items.OfType<ObjectChange>().Where(change => change.Id.Resource == "nodes").Select(change => change.Id.Name)
            .ShouldBe(["m-k8s", "w1-k8s", "w2-k8s", "w3-k8s"], ignoreOrder: true);
        opening.Items.OfType<FactChange>().ShouldContain(change => change.Id == new FactId("w1-k8s", "unit", "kubelet") && change.Value == "active");
        opening.Items.OfType<ObjectChange>().ShouldAllBe(change => change.Object != null);
    }

    [Fact]
    public async Task An_endless_command_is_ended_when_its_time_is_over()
    {
        await using var cluster = await OpenAsync();

        var result = await cluster.RunAsync(
            new ClusterCommand("m-k8s", "while true; do sleep 1; done") with { AtMost = TimeSpan.FromSeconds(20) }, null, Token);

        result.ExitCode.ShouldBe(124);
        (result.Ended - result.Started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_interrupt_ends_a_command_and_leaves_the_cluster_usable()
    {
        await using var cluster = await OpenAsync();
        using var interrupt = new CancellationTokenSource();
        var command = new ClusterCommand("m-k8s", "while true; do echo tick; sleep 1; done");

        await Should.ThrowAsync<OperationCanceledException>(() => cluster.RunAsync(command, _ => interrupt.Cancel(), interrupt.Token));

        (await cluster.RunAsync(new ClusterCommand("m-k8s", "echo still here"), null, Token)).Output.ShouldBe("still here\n");
    }

    [Fact]
    public async Task A_machine_that_does_not_exist_is_no_route_to_host()
    {
        await using var cluster = await OpenAsync();

        var result = await cluster.RunAsync(new ClusterCommand("w9-k8s", "true"), null, Token);

        result.ExitCode.ShouldBe(255);
        result.StandardError.ShouldContain("w9-k8s");
    }

    [Fact]
    public async Task A_version_that_cannot_be_simulated_is_unavailable() =>
        (await Should.ThrowAsync<ClusterUnavailableException>(() => SimulatedClusters.OpenAsync(
            Request with { Kubernetes = new KubeLessons.Lessons.KubernetesVersion(1, 19) }, Token))).Message.ShouldContain("1.20");

    [Theory]
    [InlineData(20)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(37)]
    public void The_durations_that_lessons_name_are_those_that_the_simulator_uses(int minor)
    {
        var named = DurationSymbols.Upstream(new KubeLessons.Lessons.KubernetesVersion(1, minor));

        named["nodeMonitorGracePeriod"].ShouldBe(new KubeLessons.Simulator.Versions.KubernetesVersion(minor).NodeMonitorGracePeriod);
        named["nodeMonitorPeriod"].ShouldBe(KubernetesConstants.NodeMonitorPeriod);
        named["defaultTolerationSeconds"].ShouldBe(KubernetesConstants.DefaultTolerationSeconds);
        named["leaseRenewInterval"].ShouldBe(KubernetesConstants.NodeLeaseRenewInterval);
        named["nodeLeaseDuration"].ShouldBe(KubernetesConstants.NodeLeaseDuration);
        named["terminationGracePeriodSeconds"].ShouldBe(KubernetesConstants.TerminationGracePeriod);
        named["crashLoopBackOffMax"].ShouldBe(KubernetesConstants.CrashLoopBackOffMax);
        named["leaderElectionLeaseDuration"].ShouldBe(KubernetesConstants.LeaderElectionLeaseDuration);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<ICluster> OpenAsync() => SimulatedClusters.OpenAsync(Request, Token);
}
