using KubeLessons.Lessons;
using KubeLessons.Lessons.Linting;
using KubeLessons.Texts;

namespace KubeLessons.Tests.Lessons;

public sealed class LinterTests
{
    [Fact]
    public void The_sample_lesson_lints_clean_in_both_languages() => Lint(SampleLesson.English, SampleLesson.Korean).ShouldBeEmpty();

    [Fact]
    public void Every_fault_of_a_file_is_reported_at_once_with_file_line_and_column()
    {
        var broken = SampleLesson.English
            .Replace("title:", "titel:", StringComparison.Ordinal)
            .Replace("{name=stop on=$node", "{name=stop on=w9-k8s", StringComparison.Ordinal)
            .Replace("eventually: ${nodeMonitorGracePeriod}", "eventualy: ${nodeMonitorGracePeriod}", StringComparison.Ordinal)
            .Replace("points: 12", "points: 13", StringComparison.Ordinal);
        Lint(broken, SampleLesson.Korean).Select(fault => fault.ToString()).Where(fault => fault.StartsWith("lessons/03-sample/lesson.md:", StringComparison.Ordinal)).ShouldBe(
        [
            "lessons/03-sample/lesson.md:3:1: unknown key \"titel\"; did you mean \"title\"?",
            "lessons/03-sample/lesson.md:18:1: the lesson says 13 points; its checks give 12",
            "lessons/03-sample/lesson.md:74:23: the lesson's cluster has no node \"w9-k8s\"; did you mean \"w1-k8s\"?",
            "lessons/03-sample/lesson.md:79:1: unknown key \"eventualy\"; did you mean \"eventually\"?",
        ]);
    }

    [Fact]
    public void The_faults_can_be_said_in_Korean() =>
        Lint(SampleLesson.English.Replace("titel:", "title:", StringComparison.Ordinal).Replace("minutes:", "minuets:", StringComparison.Ordinal), null)
            .ShouldHaveSingleItem().In(Wording.Korean).ShouldBe("lessons/03-sample/lesson.md:6:1: 알 수 없는 키 \"minuets\"; 혹시 \"minutes\" 아닌가요?");

    [Fact]
    public void The_id_is_the_name_of_the_folder() =>
        Lint(SampleLesson.English.Replace("id: 03-sample", "id: 03-simple", StringComparison.Ordinal), null)
            .ShouldHaveSingleItem().ToString().ShouldBe("lessons/03-sample/lesson.md:1:1: the id is \"03-simple\", the folder \"03-sample\"; give both the same name");

    [Fact]
    public void The_language_is_that_of_the_files_name() =>
        Lint(SampleLesson.English, SampleLesson.Korean.Replace("lang: ko", "lang: en", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ToString().ShouldBe("lessons/03-sample/lesson.ko.md:1:1: \"lang\" is en, but the file's name says ko; make them agree");

    [Fact]
    public void A_translation_without_its_original_is_a_fault() =>
        Lint(null, SampleLesson.Korean).ShouldHaveSingleItem().Message.Key.ShouldBe("lint.noEnglish");

    [Theory]
    [InlineData("systemctl stop kubelet", "systemctl stop containerd", "```bash {name=stop", "commands is \"systemctl stop containerd\"; the original has \"systemctl stop kubelet\"")]
    [InlineData("{name=create}", "{name=create on=w1-k8s}", "```bash {name=create", "on is \"w1-k8s\"; the original has \"\"")]
    [InlineData("node/$node condition=Ready=Unknown", "node/$node condition=Ready=False", "node/$node condition", "that is \"node/$node condition=Ready=False\"; the original has \"node/$node condition=Ready=Unknown\"")]
    [InlineData("points=6", "points=5", "```yaml {check=back", "points is \"5\"; the original has \"6\"")]
    [InlineData("\"False\": ", "\"Falsch\": ", "\"Falsch\"", "choices is \"Falsch = Falsch\"; the original has \"False = False\"")]
    [InlineData("within: 3m", "within: 4m", "```yaml {check=back", "within is \"4m\"; the original has \"3m\"")]
    [InlineData("{.spec.nodeName}", "{.spec.node}", "node: pod", "node is \"pod/nginx-pod {.spec.node}\"; the original has \"pod/nginx-pod {.spec.nodeName}\"")]
    [InlineData("172.16.103.2 ", "172.16.103.3 ", "$ kubectl get pods", "10s   172.16.103.3   w3-k8s")]
    [InlineData("image: nginx", "image: httpd", "```yaml {file=", "image: httpd\"; the original has")]
    [InlineData("minutes: 20", "minutes: 21", "---", "minutes is \"21\"; the original has \"20\"")]
    public void A_translation_that_says_something_else_is_told_what_and_where(string original, string changed, string at, string message)
    {
        var korean = SampleLesson.Korean.Replace(original, changed, StringComparison.Ordinal);
        var fault = Lint(SampleLesson.English, korean).Single(fault => fault.Message.Key == "lint.translationDiffers");
        fault.Position.File.ShouldBe(SampleLesson.KoreanFile);
        korean.Split('\n')[fault.Position.Line - 1][(fault.Position.Column - 1)..].ShouldStartWith(at);
        fault.Message.ToString().ShouldContain(message);
    }

    [Fact]
    public void A_block_that_the_translation_lacks_is_reported_where_it_belongs()
    {
        var faults = Lint(SampleLesson.English, Without(SampleLesson.Korean, "```bash {name=create}", "```yaml {check=created"));
        faults.Select(fault => fault.Message.ToString()).ShouldContain("the translation lacks name=create (line 36 of the original); put it here");
    }

    [Fact]
    public void A_block_that_only_the_translation_has_is_reported() =>
        Lint(SampleLesson.English, SampleLesson.Korean + "\n```bash {name=extra}\ntrue\n```\n")
            .ShouldHaveSingleItem().Message.ToString().ShouldBe("name=extra is not in the original; remove it, or add it to lessons/03-sample/lesson.md");

    [Fact]
    public void Blocks_in_another_order_are_reported()
    {
        const string Cleanup = "```bash {cleanup}\nkubectl delete pod nginx-pod --force\n```\n";
        var moved = SampleLesson.Korean.Replace(Cleanup, string.Empty, StringComparison.Ordinal).Replace("```bash {name=create}", Cleanup + "\n```bash {name=create}", StringComparison.Ordinal);
        Lint(SampleLesson.English, moved).ShouldHaveSingleItem().Message.ToString().ShouldBe("cleanup stands where the original has name=create; keep the original's order");
    }

    [Fact]
    public void Comments_in_commands_are_the_translators()
    {
        var english = SampleLesson.English.Replace("kubectl create -f", "# Create it.\nkubectl create -f", StringComparison.Ordinal);
        var korean = SampleLesson.Korean.Replace("kubectl create -f", "# 만듭니다.\nkubectl create -f", StringComparison.Ordinal);
        Lint(english, korean).ShouldBeEmpty();
    }

    [Fact]
    public void Needs_must_exist_and_come_before()
    {
        var files = new Dictionary<string, string>
        {
            ["lessons/03-sample/lesson.md"] = SampleLesson.English.Replace("needs: [01-first]", "needs: [01-frist, 04-last]", StringComparison.Ordinal),
            ["lessons/01-first/lesson.md"] = "---\nid: 01-first\ntitle: First\nlang: en\nminutes: 1\n---\n",
            ["lessons/04-last/lesson.md"] = "---\nid: 04-last\ntitle: Last\nlang: en\nminutes: 1\n---\n",
        };
        Linter.Lint(LessonLibrary.Of(files)).Select(fault => fault.ToString()).ShouldBe(
        [
            "lessons/03-sample/lesson.md:1:1: it needs the lesson \"01-frist\", which does not exist; did you mean \"01-first\"?",
            "lessons/03-sample/lesson.md:1:1: it needs the lesson \"04-last\", which comes later; only earlier lessons can be needed",
        ]);
    }

    private static string Without(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[..start] + text[text.IndexOf(to, start, StringComparison.Ordinal)..];
    }

    private static IReadOnlyList<Diagnostic> Lint(string? english, string? korean)
    {
        var files = new Dictionary<string, string>();
        if (english is not null) files.Add(SampleLesson.EnglishFile, english);
        if (korean is not null) files.Add(SampleLesson.KoreanFile, korean);
        return Linter.Lint(LessonLibrary.Of(files));
    }
}
