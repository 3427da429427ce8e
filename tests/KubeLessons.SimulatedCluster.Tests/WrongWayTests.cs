using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Running;
using YamlDotNet.RepresentationModel;

namespace KubeLessons.SimulatedCluster.Tests;

/// <summary>The plausible wrong ways of <c>WrongWays/*.yaml</c>: every one of them must fail, where it says, with a reason that helps.</summary>
public class WrongWayTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "KubeLessons.SimulatedCluster.Tests", "WrongWays");

    public static TheoryData<string, string> Ways() => [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
        .SelectMany(file => Read(file).Select(way => (Path.GetFileNameWithoutExtension(file), way.Sentence)))];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_plausible_wrong_way_fails_with_a_reason_that_helps(string lesson, string sentence)
    {
        var way = Read(Path.Combine(Folder, lesson + ".yaml")).Single(each => each.Sentence == sentence);

        var report = await RunAsync(Repository.Lesson(lesson), way);

        way.Instead.Keys.Except(report.Steps.Select(step => step.Name)).ShouldBeEmpty("the lesson has no such step");
        report.Outcome.ShouldBe(LessonOutcome.Failed);
        var failed = report.Checks.First(check => check.Outcome is CheckOutcome.Failed);
        failed.Check.Id.ShouldBe(way.Fails);
        (failed.Check.Hint ?? failed.Check.Why).ShouldNotBeNullOrWhiteSpace();
        (failed.Explanation?.Clause ?? failed.Reason?.ToString()).ShouldNotBeNullOrWhiteSpace();
    }

    private static async Task<LessonReport> RunAsync(Lesson lesson, WrongWay way)
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await SimulatedClusters.OpenAsync(
            new ClusterRequest(lesson.Header.Cluster, null, null, LessonRunner.ResourcesOf(lesson)), token);
        var learner = new ScriptedLearner(invitation => way.Instead.TryGetValue(invitation.Name, out var deed)
            ? deed.Do(invitation, cluster.Description)
            : LearnerAction.Run(invitation.Node, invitation.Commands));
        return await LessonRunner.RunAsync(lesson, cluster, learner, _ => { }, RunOptions.Standard with { FailFast = true }, token);
    }

    private static List<WrongWay> Read(string file)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(file);
        yaml.Load(text);
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode).Cast<YamlMappingNode>().Select(WrongWay.Of)];
    }

    /// <summary>A way to get a lesson wrong: what is done instead at some steps, and the check that must notice.</summary>
    private sealed record WrongWay(string Sentence, ImmutableDictionary<string, Deed> Instead, string Fails)
    {
        public static WrongWay Of(YamlMappingNode node) => new(
            ((YamlScalarNode)node["way"]).Value!,
            ((YamlMappingNode)node["instead"]).ToImmutableDictionary(step => ((YamlScalarNode)step.Key).Value!, step => Deed.Of(step.Value)),
            ((YamlScalarNode)node["fails"]).Value!);
    }

    /// <summary>What is done instead: other commands (null: the step's own), on another node (null: the step's own).</summary>
    private sealed record Deed(string? On, string? Commands)
    {
        public static Deed Of(YamlNode node) => node is YamlMappingNode map
            ? new Deed(Text(map, "on"), Text(map, "run"))
            : new Deed(null, ((YamlScalarNode)node).Value ?? "");

        public LearnerAction Do(Invitation invitation, ClusterDescription cluster)
        {
            var node = On == "other" ? cluster.Nodes.First(each => each.Role == NodeRole.Worker && each.Name != invitation.Node).Name : On;
            var commands = Commands ?? invitation.Commands;
            return commands.Length == 0 ? LearnerAction.Nothing : LearnerAction.Run(node ?? invitation.Node, commands);
        }

        private static string? Text(YamlMappingNode map, string key) =>
            map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value ?? "" : null;
    }
}
