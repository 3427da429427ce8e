namespace KubeLessons.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_lesson_is_proved_fails_unsolved_passes_solved_and_notices_slips()
    {
        // The gate proves all lessons, with twenty seeds; here one stands for them.
        var (exitCode, output, _) = await _tool.RunAsync("verify", "03-kubelet", "--seeds", "1", "--verbose");

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

    [Fact]
    public async Task A_transcript_that_went_stale_is_told_and_recorded_again_by_update()
    {
        var folder = Path.GetDirectoryName(_tool.Write("98-transcript/lesson.md", """
            ---
            id: 98-transcript
            title: A transcript
            lang: en
            minutes: 1
            ---

            ```bash {name=make}
            kubectl create namespace made
            ```

            ```console
            $ kubectl get namespace made
            NAME   STATUS    AGE
            made   Missing   9m42s
            $ kubectl get nodes -o name
            node/m-k8s
            node/w1-k8s
            node/w2-k8s
            node/w3-k8s
            ```

            ```yaml {check=there after=make}
            that: ns/made jsonpath={.status.phase}=Active
            ```

            """))!;

        var (stale, told, _) = await _tool.RunAsync("verify", folder, "--seeds", "0", "--no-mutants");
        var (updated, _, _) = await _tool.RunAsync("verify", folder, "--seeds", "0", "--no-mutants", "--update");
        var (fresh, output, _) = await _tool.RunAsync("verify", folder, "--seeds", "0", "--no-mutants");

        stale.ShouldBe(1);
        told.ShouldContain("lesson.md:13:1: \"kubectl get namespace made\" prints something else by now");
        told.ShouldNotContain("get nodes");
        updated.ShouldBe(0);
        _tool.Read("98-transcript/lesson.md").ShouldContain("\nmade   Active   ");
        _tool.Read("98-transcript/lesson.md").ShouldContain("$ kubectl get nodes -o name\nnode/m-k8s\n");
        fresh.ShouldBe(0, output);
    }
}
