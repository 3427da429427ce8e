using System.Text.Json;

namespace KubeLessons.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_first_word_of_a_stranger_is_answered_with_where_to_begin()
    {
        var (exitCode, output, _) = await _tool.RunAsync();

        exitCode.ShouldBe(0);
        output.ShouldContain("kubelessons run ");
    }

    [Fact]
    public async Task A_misspelt_command_names_the_nearest_one()
    {
        var (exitCode, _, error) = await _tool.RunAsync("rnu", "03-kubelet");

        exitCode.ShouldBe(2);
        error.ShouldContain("did you mean \"run\"?");
    }

    [Fact]
    public async Task A_misspelt_option_names_the_nearest_one()
    {
        var (exitCode, _, error) = await _tool.RunAsync("run", "03-kubelet", "--yse");

        exitCode.ShouldBe(2);
        error.ShouldContain("--yes");
    }

    [Fact]
    public async Task An_unknown_lesson_names_the_nearest_one()
    {
        var (exitCode, _, error) = await _tool.RunAsync("run", "kubletet", "--yes");

        exitCode.ShouldBe(2);
        error.ShouldContain("03-kubelet");
    }

    [Fact]
    public async Task Errors_are_Korean_for_who_reads_Korean()
    {
        var (exitCode, _, error) = await _tool.RunAsync("--lang", "ko", "run", "nowhere", "--yes");

        exitCode.ShouldBe(2);
        error.ShouldContain("레슨이 없습니다");
    }

    [Fact]
    public async Task A_lesson_with_a_broken_block_is_refused_with_its_position()
    {
        var folder = _tool.CopyLesson("03-kubelet", ("{name=stop on=$node}", "{nmae=stop on=$node}"));

        var (exitCode, output, error) = await _tool.RunAsync("run", folder, "--yes");

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldMatch(@"lesson\.md:\d+:\d+: .*nmae.*name");
    }

    [Fact]
    public async Task Lint_reports_every_fault_at_once()
    {
        var folder = _tool.CopyLesson("03-kubelet", ("{name=stop on=$node}", "{nmae=stop on=$node}"), ("eventually: 10s", "eventualy: 10s"));

        var (exitCode, output, error) = await _tool.RunAsync("lint", folder);

        exitCode.ShouldBe(2);
        output.ShouldContain("did you mean \"name\"?");
        output.ShouldContain("did you mean \"eventually\"?");
        error.ShouldContain("faults in 1 lessons");
    }

    [Fact]
    public async Task The_lessons_of_this_repository_lint_clean()
    {
        var (exitCode, output, _) = await _tool.RunAsync("lint");

        output.ShouldBeEmpty();
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task List_can_be_read_by_programs()
    {
        var (exitCode, output, _) = await _tool.RunAsync("list", "--json");

        exitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(output);
        json.RootElement.EnumerateArray().Select(lesson => lesson.GetProperty("id").GetString()).ShouldContain("03-kubelet");
    }

    [Theory]
    [InlineData("--report", "json", "FORMAT=FILE")]
    [InlineData("--report", "yaml=x.yaml", "text, json, junit")]
    [InlineData("--timeout", "soon", "90s")]
    [InlineData("--cluster", "virtual", "simulated or real")]
    [InlineData("--kubernetes", "1.19", "1.20 to 1.37")]
    [InlineData("--kubernetes", "latest", "1.20 to 1.37")]
    public async Task A_wrong_value_is_told_before_anything_runs(string option, string value, string right)
    {
        var (exitCode, output, error) = await _tool.RunAsync("run", "03-kubelet", "--yes", option, value);

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain(right);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_shell_has_its_completion(string shell)
    {
        var (exitCode, output, _) = await _tool.RunAsync("completion", shell);

        exitCode.ShouldBe(0);
        output.ShouldContain("kubelessons");
        output.ShouldContain("[suggest:");
    }

    [Fact]
    public async Task Show_prints_the_lesson_without_running_it()
    {
        var (exitCode, output, _) = await _tool.RunAsync("show", "03-kubelet", "--lang", "ko");

        exitCode.ShouldBe(0);
        output.ShouldContain("systemctl stop kubelet");
        output.ShouldContain("건강할 때의 모습");
        output.ShouldNotContain("PASSED");
    }

    [Fact]
    public async Task Version_names_what_can_be_simulated()
    {
        var (exitCode, output, _) = await _tool.RunAsync("version");

        exitCode.ShouldBe(0);
        output.ShouldContain("1.20 to 1.37 (default 1.33)");
    }
}
