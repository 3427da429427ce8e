using System.Text.Json;
using System.Xml.Linq;

namespace KubeLessons.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_kubelet_lesson_passes_when_it_is_followed_and_reports_in_every_format()
    {
        var (exitCode, output, error) = await _tool.RunAsync(
            "run", "03-kubelet", "--yes", "--report", "json=r.json", "--report", "junit=r.xml", "--report", "text=r.txt");

        output.ShouldContain("PASSED");
        error.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(_tool.Read("r.json"));
        json.RootElement.GetProperty("result").GetString().ShouldBe("passed");
        json.RootElement.GetProperty("clusterSeconds").GetDouble().ShouldBeGreaterThan(360);
        json.RootElement.GetProperty("claims").EnumerateArray().Select(claim => claim.GetString())
            .ShouldBe(["A11", "A15", "A16", "A20", "C03", "C04", "C05", "C06", "C07", "C08"]);
        var suite = XDocument.Parse(_tool.Read("r.xml")).Descendants("testsuite").Single();
        suite.Attribute("failures")!.Value.ShouldBe("0");
        _tool.Read("r.txt").ShouldContain("PASSED");
    }

    [Fact]
    public async Task The_lesson_passes_in_Korean_too()
    {
        var (exitCode, output, _) = await _tool.RunAsync("run", "03-kubelet", "--yes", "--lang", "ko");

        output.ShouldContain("통과");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Without_stopping_the_kubelet_the_lesson_fails_and_says_which_clause_and_why()
    {
        var folder = _tool.CopyLesson("03-kubelet", ("{name=stop on=$node}\nsystemctl stop kubelet", "{name=stop on=$node}\ntrue"));

        var (exitCode, output, _) = await _tool.RunAsync("run", folder, "--yes");

        exitCode.ShouldBe(1);
        output.ShouldContain("✗ kubelet-stopped");
        output.ShouldMatch(@"clause:   unit w\d-k8s/kubelet inactive");
        output.ShouldContain("expected: inactive");
        output.ShouldContain("actual:   active");
        output.ShouldContain("hint:");
    }

    [Fact]
    public async Task Stopping_the_kubelet_of_the_wrong_node_fails()
    {
        var folder = _tool.CopyLesson("03-kubelet", ("{name=stop on=$node}", "{name=stop on=m-k8s}"));

        var (exitCode, output, _) = await _tool.RunAsync("run", folder, "--yes");

        exitCode.ShouldBe(1);
        output.ShouldContain("✗ kubelet-stopped");
    }

    [Theory]
    [InlineData("1.20")]
    [InlineData("1.27")]
    [InlineData("1.37")]
    public async Task The_lesson_passes_on_other_versions_of_Kubernetes(string version)
    {
        var (exitCode, output, _) = await _tool.RunAsync("run", "03-kubelet", "--yes", "--kubernetes", version);

        output.ShouldContain("PASSED");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Two_runs_with_one_seed_print_the_same_bytes()
    {
        var first = await _tool.RunAsync("run", "03-kubelet", "--yes", "--seed", "7");
        var second = await _tool.RunAsync("run", "03-kubelet", "--yes", "--seed", "7");

        second.ShouldBe(first);
    }

    [Fact]
    public async Task The_embedded_kubectl_knows_the_nodes()
    {
        var (exitCode, output, _) = await _tool.RunAsync("kubectl", "get", "nodes", "-o", "name");

        exitCode.ShouldBe(0);
        output.ShouldBe("node/m-k8s\nnode/w1-k8s\nnode/w2-k8s\nnode/w3-k8s\n");
    }

    [Fact]
    public async Task A_shell_command_line_runs_on_its_node_and_gives_its_exit_code()
    {
        var (exitCode, output, error) = await _tool.RunAsync("shell", "w2-k8s", "-c", "hostname; nosuchcommand");

        output.ShouldBe("w2-k8s\n");
        error.ShouldContain("nosuchcommand: command not found");
        exitCode.ShouldBe(127);
    }

    [Fact]
    public async Task An_unknown_node_is_told_with_those_that_exist()
    {
        var (exitCode, _, error) = await _tool.RunAsync("shell", "w9-k8s", "-c", "true");

        exitCode.ShouldBe(2);
        error.ShouldContain("m-k8s, w1-k8s, w2-k8s, w3-k8s");
    }
}
