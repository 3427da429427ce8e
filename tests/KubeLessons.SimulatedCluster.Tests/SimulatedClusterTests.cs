using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.SimulatedCluster.Tests;

public class SimulatedClusterTests
{
    private static readonly ClusterRequest Request = new(ClusterSpec.Standard, null, null, ["events", "nodes", "pods"]);

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
