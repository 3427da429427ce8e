using CliWrap;
using CliWrap.Buffered;

namespace KubeLessons.EndToEnd.Tests;

/// <summary>The built tool as its users start it: a process.</summary>
public class ToolProcessTests
{
    private static readonly string Tool = typeof(KubeLessons.Cli.CommandLine).Assembly.Location;

    [Fact]
    public async Task The_main_job_ends_with_a_graded_report_and_exit_code_0()
    {
        var result = await RunAsync("run", "03-kubelet", "--yes");

        result.StandardError.ShouldBeEmpty();
        result.StandardOutput.ShouldContain("PASSED");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Output_that_is_no_terminal_has_no_colours_and_no_byte_order_mark()
    {
        var result = await RunAsync("run", "03-kubelet", "--yes", "--lang", "ko");

        result.StandardOutput.ShouldNotContain("\u001b");
        result.StandardOutput[0].ShouldNotBe('\uFEFF');
        result.StandardOutput.ShouldContain("통과");
    }

    [Fact]
    public async Task Nothing_that_a_learner_types_reaches_this_machine()
    {
        var canary = Path.Combine(Path.GetTempPath(), $"kubelessons-canary-{Environment.ProcessId}");

        await RunAsync("shell", "w1-k8s", "-c", $"mkdir -p {Path.GetTempPath()}; touch {canary}; echo x > {canary}; rm -rf / --no-preserve-root; curl -s http://127.0.0.1/");

        File.Exists(canary).ShouldBeFalse();
        Directory.Exists(Path.GetTempPath()).ShouldBeTrue();
    }

    private static async Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        await CliWrap.Cli.Wrap("dotnet")
            .WithArguments([Tool, .. arguments])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
}
