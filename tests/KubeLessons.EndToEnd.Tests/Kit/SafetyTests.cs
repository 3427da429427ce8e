using System.Diagnostics;
using System.Globalization;

namespace KubeLessons.EndToEnd.Tests.Kit;

[Trait("Category", "RealCluster")]
public sealed class SafetyTests : IDisposable
{
    private static readonly string Care = Path.Combine(AppContext.BaseDirectory, "Kit", "99-care");
    private readonly string _state = Directory.CreateTempSubdirectory("kubelessons-state-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task A_server_that_is_down_is_told_in_one_sentence_within_10_seconds()
    {
        Assert.SkipUnless(HasKubectl(), "There is no kubectl on the PATH.");
        var kubeconfig = Path.Combine(_state, "down.json");
        await File.WriteAllTextAsync(kubeconfig, KubeconfigOf("https://127.0.0.1:9"), Token);

        using var run = ToolRun.Start(_state, "run", "03-kubelet", "--cluster", "real", "--kubeconfig", kubeconfig, "--allow-changes", "--yes");
        var took = await run.EndAsync(TimeSpan.FromSeconds(30), Token);

        run.ExitCode.ShouldBe(3);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        run.Error.Split('\n').Where(line => line.StartsWith("error:", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain("the API server of the context lab (https://127.0.0.1:9) cannot be reached");
    }

    [Fact]
    public async Task Without_leave_nothing_is_changed_and_the_exit_code_is_4()
    {
        var kit = RealKit.Find();
        var before = LabState.Of(kit, withVersions: true);

        using var run = ToolRun.Start(_state, "run", "03-kubelet", "--cluster", "real", "--kubeconfig", kit.Kubeconfig, "--ssh-config", kit.SshConfig, "--yes");
        await run.EndAsync(TimeSpan.FromSeconds(30), Token);

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain("is not marked as a lab, so nothing was changed");
        LabState.Of(kit, withVersions: true).ShouldBe(before);
    }

    [Fact]
    public async Task Ctrl_C_during_a_wait_undoes_everything_within_10_seconds()
    {
        var kit = RealKit.Find();
        var before = LabState.Of(kit);
        using var run = Start(kit);
        await run.PrintsAsync("systemctl mask kubelet", TimeSpan.FromSeconds(90), Token);
        await Task.Delay(4000, Token);

        run.Interrupt();
        var took = await run.EndAsync(TimeSpan.FromSeconds(60), Token);

        run.ExitCode.ShouldBe(130, run.Output + run.Error);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(10), run.Output + run.Error);
        run.Error.ShouldContain("undo on w1-k8s: ");
        (await LabState.SettledAsync(kit, before, TimeSpan.FromSeconds(90), Token)).ShouldBe(before);
    }

    [Fact]
    public async Task A_run_that_was_killed_at_any_moment_is_undone_by_the_next_start()
    {
        var kit = RealKit.Find();
        var before = LabState.Of(kit);
        var kills = int.Parse(Environment.GetEnvironmentVariable("KUBELESSONS_KILLS") ?? "20", CultureInfo.InvariantCulture);
        var restored = 0;
        for (var i = 0; i < kills; i++)
        {
            var moment = TimeSpan.FromSeconds(1 + (i * 16.0 / kills));
            using (var run = Start(kit))
            {
                await Task.Delay(moment, Token);
                run.Kill();
                await run.EndAsync(TimeSpan.FromSeconds(10), Token);
            }

            var began = Stopwatch.GetTimestamp();
            using var next = ToolRun.Start(_state, "doctor", "--cluster", "real", "--kubeconfig", kit.Kubeconfig, "--ssh-config", kit.SshConfig);
            await next.EndAsync(TimeSpan.FromMinutes(4), Token);
            next.ExitCode.ShouldBe(0, next.Output + next.Error);
            var after = await LabState.SettledAsync(kit, before, TimeSpan.FromSeconds(60), Token);
            after.ShouldBe(before, $"killed after {moment.TotalSeconds:0.0} s:\n{next.Output}{next.Error}");
            restored++;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"killed after {moment.TotalSeconds:0.0} s: as it was after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {next.Error.Split('\n').Count(line => line.Contains("undo on") || line.Contains("remove "))} changes undone"));
        }

        restored.ShouldBe(kills);
        Directory.EnumerateFiles(Path.Combine(_state, "journals")).ShouldBeEmpty();
    }

    private static string KubeconfigOf(string server) =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: lab
        clusters: [{ name: c, cluster: { server: "{{server}}" } }]
        users: [{ name: u, user: { token: t } }]
        contexts: [{ name: lab, context: { cluster: c, user: u } }]
        """;

    private static bool HasKubectl() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl")))
        || Environment.GetEnvironmentVariable(RealKit.Variable) is { Length: > 0 };

    private ToolRun Start(RealKit kit) => ToolRun.Start(
        _state, "run", Care, "--cluster", "real", "--kubeconfig", kit.Kubeconfig, "--ssh-config", kit.SshConfig, "--allow-changes", "--yes");
}
