using System.Collections.Immutable;
using System.Text;
using CliWrap;
using KubeLessons.Simulator;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.EndToEnd.Tests.Shell;

/// <summary>
/// Every script of <c>Scripts/*.txt</c> runs twice, with this machine's bash and with the simulated one, and gives the same
/// output and exit code; the scripts of <c>faults.txt</c> the same messages too.
/// </summary>
public class BashComparisonTests
{
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["HOME"] = "/root",
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["LANG"] = "C.UTF-8",
        ["LC_ALL"] = "C.UTF-8",
    };

    public static TheoryData<string, string> Scripts()
    {
        var scripts = new TheoryData<string, string>();
        foreach (var file in (string[])["language", "commands", "faults"])
        {
            foreach (var name in Read(file).Keys)
            {
                scripts.Add(file, name);
            }
        }

        return scripts;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_gives_what_the_real_bash_gives(string file, string name)
    {
        Assert.SkipUnless(File.Exists("/bin/bash") || File.Exists("/usr/bin/bash"), "This machine has no bash to compare with.");
        Assert.SkipUnless(File.Exists("/usr/bin/sha256sum"), "This machine has no GNU coreutils to compare with.");
        Assert.SkipUnless(await Version() is ['5', ..], "The scripts are for bash 5.");
        var script = Read(file)[name];
        var real = await RunReal(script);
        var simulated = RunSimulated(script);
        simulated.Output.ShouldBe(real.Output);
        simulated.ExitCode.ShouldBe(real.ExitCode);
        if (file == "faults" && await Version() == "5.2")
        {
            simulated.Error.ShouldBe(real.Error);
        }
    }

    [Fact]
    public void There_are_enough_scripts() => Scripts().Count.ShouldBeGreaterThan(150);

    private static Dictionary<string, string> Read(string file)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shell", "Scripts", file + ".txt"));
        return ("\n" + text).Split("\n### ", StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('\n', 2))
            .Where(part => part.Length == 2 && part[1].Trim().Length > 0)
            .ToDictionary(part => part[0], part => part[1]);
    }

    private static async Task<string> Version()
    {
        var version = new StringBuilder();
        await CliWrap.Cli.Wrap("bash").WithArguments(["-c", "echo ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}"])
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(version)).ExecuteAsync();
        return version.ToString().Trim();
    }

    private static async Task<(string Output, string Error, int ExitCode)> RunReal(string script)
    {
        var directory = Directory.CreateTempSubdirectory("shell").FullName;
        try
        {
            var (output, error) = (new StringBuilder(), new StringBuilder());
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var inherited = System.Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(name => name, _ => (string?)null);
            foreach (var (name, value) in Environment)
            {
                inherited[name] = value;
            }

            var result = await CliWrap.Cli.Wrap("bash").WithArguments(["-c", script])
                .WithWorkingDirectory(directory)
                .WithEnvironmentVariables(inherited)
                .WithValidation(CommandResultValidation.None)
                .WithStandardInputPipe(PipeSource.FromString(""))
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
                .ExecuteAsync(timeout.Token);
            return (output.ToString(), error.ToString(), result.ExitCode);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static (string Output, string Error, int ExitCode) RunSimulated(string script)
    {
        var world = new World(1);
        var host = new Host(world, "w1-k8s", "192.168.1.101");
        foreach (var directory in (string[])["/root", "/tmp", "/dev", "/etc", "/work"])
        {
            host.Files.MakeDirectories(directory);
        }

        CoreCommands.AddTo(host.Programs);
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var process = host.Processes.Start(new ProcessStart(["bash", "-c", script], ShellProgram.Bash)
        {
            WorkingDirectory = "/work",
            Environment = Environment.ToImmutableDictionary(entry => entry.Key, entry => entry.Value!),
            Output = new TextStream(world, text => output.Append(text)),
            Error = new TextStream(world, text => error.Append(text)),
        });
        world.RunUntil(() => process.HasExited, TimeSpan.FromMinutes(10)).ShouldBeTrue();
        return (output.ToString(), error.ToString(), process.ExitCode);
    }
}
