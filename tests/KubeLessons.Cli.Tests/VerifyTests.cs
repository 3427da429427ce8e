namespace KubeLessons.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Every_lesson_is_proved_fails_unsolved_passes_solved_and_notices_slips()
    {
        var (exitCode, output, _) = await _tool.RunAsync("verify", "--seeds", "5", "--verbose");

        output.ShouldNotContain("survived ");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task A_lesson_that_asks_for_nothing_is_not_proved()
    {
        _tool.Write("99-nothing/lesson.md", """
            ---
            id: 99-nothing
            title: Nothing
            lang: en
            minutes: 1
            ---

            ```bash {name=look}
            kubectl get nodes
            ```

            ```bash {name=make}
            kubectl create namespace made
            ```

            ```yaml {check=empty after=make}
            that: node condition=Ready
            ```

            """);

        var (exitCode, output, _) = await _tool.RunAsync("verify", Path.Combine(_tool.Folder, "99-nothing"), "--seeds", "0");

        exitCode.ShouldBe(1);
        output.ShouldContain("the lesson passes although nobody did anything");
        output.ShouldContain("no check notices when step make is left-out");
    }
}
