using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Running;
using KubeLessons.Simulator.Clusters;
using ClusterSpec = KubeLessons.Simulator.Clusters.ClusterSpec;

namespace KubeLessons.SimulatedCluster.Tests;

public class DeterminismTests
{
    public static TheoryData<string> Lessons() =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "lessons")).Where(folder => File.Exists(Path.Combine(folder, "lesson.md"))).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task The_same_seed_and_the_same_inputs_give_the_same_trace_to_the_byte(string id)
    {
        var first = await TraceOfAsync(id, seed: 7);
        var second = await TraceOfAsync(id, seed: 7);

        first.Length.ShouldBeGreaterThan(10_000);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Another_seed_gives_another_trace() =>
        (await TraceOfAsync("03-kubelet", seed: 8)).ShouldNotBe(await TraceOfAsync("03-kubelet", seed: 7));

    private static async Task<string> TraceOfAsync(string id, ulong seed)
    {
        var lesson = Repository.Lesson(id);
        var cluster = Cluster.Boot(new ClusterSpec { Seed = seed });
        var version = new KubernetesVersion(1, 33);
        var description = new ClusterDescription(
            ClusterKind.Simulated, "simulated", version, (long)seed, lesson.Header.Cluster.Nodes, DurationSymbols.Upstream(version));
        await using var adapter = new SimulatedCluster(cluster.World, cluster.Hosts, description, LessonRunner.ResourcesOf(lesson));
        await LessonRunner.RunAsync(
            lesson, adapter, ScriptedLearner.Obedient, _ => { }, RunOptions.Standard, TestContext.Current.CancellationToken);
        return cluster.World.Trace.ToJsonLines();
    }
}
