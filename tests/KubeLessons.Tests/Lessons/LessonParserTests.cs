using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

public sealed class LessonParserTests
{
    [Fact]
    public void The_sample_lesson_has_no_fault() =>
        string.Join('\n', SampleLesson.Parse().Diagnostics).ShouldBe(string.Empty);

    [Fact]
    public void The_sample_lesson_reads_as_its_summary_says() =>
        LessonSummary.Of(SampleLesson.Parse().Lesson!).ShouldBe(SampleLesson.Summary);

    [Fact]
    public void Its_header_holds_what_the_front_matter_says()
    {
        var header = SampleLesson.Parse().Lesson!.Header;
        header.Id.ShouldBe("03-sample");
        header.Minutes.ShouldBe(20);
        header.Difficulty.ShouldBe(Difficulty.Intermediate);
        header.Needs.ShouldBe(["01-first"]);
        header.Kubernetes.Contains(new KubernetesVersion(1, 33)).ShouldBeTrue();
        header.Kubernetes.Contains(new KubernetesVersion(1, 19)).ShouldBeFalse();
        header.Cluster.Nodes.ShouldBe(ClusterSpec.Standard.Nodes);
        header.Cluster.Addons.ShouldBe(["metrics-server"]);
        header.Cluster.Seed.ShouldBe(7);
        header.Touches.ShouldBe([Touch.Node]);
        header.Defaults.ShouldBe(header.Defaults with { On = new NodeReference("control-plane") });
        header.Defaults.Eventually.Text.ShouldBe("2m");
        header.Pass.ShouldBe(new PassMark(80, IsPercent: true));
    }

    [Fact]
    public void A_cluster_gets_only_the_blocks_that_are_for_it()
    {
        var lesson = SampleLesson.Parse().Lesson!;
        var simulated = lesson.For(ClusterKind.Simulated, new KubernetesVersion(1, 33));
        simulated.Points.ShouldBe(12);
        simulated.PointsToPass.ShouldBe(10);
        simulated.Checks.Select(block => block.Check.Id).ShouldBe(["created", "unknown", "alive", "back"]);
        lesson.Points.ShouldBe(14);
    }

    [Fact]
    public void Line_breaks_of_Windows_and_a_byte_order_mark_change_nothing()
    {
        var windows = LessonParser.Parse(SampleLesson.EnglishFile, "\uFEFF" + SampleLesson.English.Replace("\n", "\r\n", StringComparison.Ordinal));
        windows.Diagnostics.ShouldBeEmpty();
        LessonSummary.Of(windows.Lesson!).ShouldBe(SampleLesson.Summary);
        windows.Lesson!.Blocks.Select(block => block.Position).ShouldBe(SampleLesson.Parse().Lesson!.Blocks.Select(block => block.Position));
    }

    [Fact]
    public void Every_block_stands_where_its_fence_or_text_starts()
    {
        var lines = SampleLesson.English.Split('\n');
        foreach (var block in SampleLesson.Parse().Lesson!.Blocks)
        {
            var line = lines[block.Position.Line - 1][(block.Position.Column - 1)..];
            var start = block switch { ProseBlock prose => prose.Markdown[..5], HintBlock => "<details>", _ => "```" };
            line.ShouldStartWith(start);
        }
    }

    [Fact]
    public void Every_condition_stands_where_its_text_starts()
    {
        var lines = SampleLesson.English.Split('\n');
        foreach (var condition in SampleLesson.Parse().Lesson!.Checks.SelectMany(block => block.Check.That).Where(condition => condition is not ObjectCondition))
            lines[condition.Position.Line - 1][(condition.Position.Column - 1)..].ShouldStartWith(condition.Text);
    }

    [Fact]
    public void A_file_of_more_than_a_million_characters_is_refused() =>
        LessonParser.Parse("lesson.md", new string('x', LessonParser.LongestText + 1)).Diagnostics.ShouldHaveSingleItem().Message.Key.ShouldBe("lint.fileTooLong");
}
