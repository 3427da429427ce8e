using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;

namespace KubeLessons.Simulator.Tests.Shell;

public class SessionTests
{
    private readonly ShellBench _bench = new();

    [Fact]
    public void A_session_keeps_variables_functions_and_the_working_directory()
    {
        _bench.Type("x=5; f() { echo f$x; }; cd /etc");
        _bench.Type("f; pwd").Out.ShouldBe("f5\n/etc\n");
        _bench.Session.WorkingDirectory.ShouldBe("/etc");
        _bench.Session.Variable("x").ShouldBe("5");
    }

    [Fact]
    public void The_prompt_names_user_host_and_directory()
    {
        _bench.Session.Prompt.ShouldBe("[root@w1-k8s ~]# ");
        _bench.Type("cd /var/log");
        _bench.Session.Prompt.ShouldBe("[root@w1-k8s log]# ");
    }

    [Fact]
    public void An_unknown_command_is_not_found()
    {
        var outcome = _bench.Type("nope --help");
        outcome.Error.ShouldBe("bash: nope: command not found\n");
        outcome.ExitCode.ShouldBe(127);
        _bench.Bash("nope").Error.ShouldBe("bash: line 1: nope: command not found\n");
    }

    [Fact]
    public void A_file_that_may_not_run_is_denied()
    {
        _bench.Host.Files.Write("/root/x.sh", "echo hi\n");
        _bench.Type("./x.sh").ShouldSatisfyAllConditions(
            o => o.Error.ShouldBe("bash: ./x.sh: Permission denied\n"), o => o.ExitCode.ShouldBe(126));
        _bench.Type("./nothing").ShouldSatisfyAllConditions(
            o => o.Error.ShouldBe("bash: ./nothing: No such file or directory\n"), o => o.ExitCode.ShouldBe(127));
        _bench.Host.Files.SetMode("/root/x.sh", 0b111_101_101);
        _bench.Type("./x.sh").Out.ShouldBe("hi\n");
    }

    [Fact]
    public void Syntax_errors_have_bashs_words()
    {
        _bench.Type("fi").ShouldSatisfyAllConditions(
            o => o.Error.ShouldBe("bash: syntax error near unexpected token `fi'\n"), o => o.ExitCode.ShouldBe(2));
        var outcome = _bench.Bash("echo a\nfi");
        outcome.Out.ShouldBe("a\n");
        outcome.Error.ShouldBe("bash: -c: line 2: syntax error near unexpected token `fi'\nbash: -c: line 2: `fi'\n");
        outcome.ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("for i in 1 2; do", false)]
    [InlineData("echo 'a", false)]
    [InlineData("cat <<EOF\nx", false)]
    [InlineData("cat <<EOF\nx\nEOF", true)]
    [InlineData("true &&", false)]
    [InlineData("echo a \\\n", false)]
    [InlineData("echo $(date", false)]
    [InlineData("echo a", true)]
    [InlineData("fi", true)]
    public void A_text_knows_whether_it_is_complete(string text, bool expected) => ShellSession.IsComplete(text).ShouldBe(expected);

    [Fact]
    public void Control_C_ends_the_foreground_job_with_130()
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var run = _bench.Start("while true; do sleep 10; echo tick; done", output, error);
        _bench.World.Advance(TimeSpan.FromSeconds(25));
        run.IsFinished.ShouldBeFalse();
        run.Interrupt();
        _bench.World.Advance(TimeSpan.FromMilliseconds(10));
        run.IsFinished.ShouldBeTrue();
        run.ExitCode.ShouldBe(130);
        output.ToString().ShouldBe("tick\ntick\n");
        _bench.Host.Processes.Running.Select(process => process.Name).ShouldBe(["bash"]);
        _bench.Type("echo $?").Out.ShouldBe("130\n");
    }

    [Fact]
    public void A_loop_that_does_nothing_is_bounded_by_virtual_time()
    {
        var run = _bench.Start("while true; do :; done", new StringBuilder(), new StringBuilder());
        _bench.World.Advance(TimeSpan.FromSeconds(30));
        run.IsFinished.ShouldBeFalse();
        run.Interrupt();
        run.IsFinished.ShouldBeTrue();
        run.ExitCode.ShouldBe(130);
    }

    [Fact]
    public void A_background_job_runs_while_the_session_goes_on()
    {
        var outcome = _bench.Type("sleep 5 & echo $!");
        outcome.Took.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        var pid = int.Parse(outcome.Out);
        outcome.Error.ShouldBe($"[1] {pid}\n");
        _bench.World.Advance(TimeSpan.FromMilliseconds(10));
        _bench.Host.Processes.Find(pid)!.Name.ShouldBe("sleep");
        _bench.Type("jobs").Out.ShouldBe("[1]+  Running                 sleep 5 &\n");
        _bench.World.Advance(TimeSpan.FromSeconds(6));
        _bench.Type("true").Error.ShouldBe("[1]+  Done                    sleep 5\n");
    }

    [Fact]
    public void An_endless_writer_ends_when_its_reader_is_gone()
    {
        _bench.Type("yes | { read x; echo got $x; }; echo ${PIPESTATUS[@]}").Out.ShouldBe("got y\n141 0\n");
        _bench.Host.Processes.Running.Count().ShouldBe(1);
    }

    [Fact]
    public void Endless_recursion_ends_with_a_message()
    {
        var outcome = _bench.Type("f() { f; }; f");
        outcome.Error.ShouldBe("bash: f: maximum function nesting level exceeded (500)\n");
        _bench.Type("g() { echo $(g); }; g").IsFinished.ShouldBeTrue();
        _bench.Type("x=aaaaaaaaaa; while true; do x=$x$x; done").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void A_fork_bomb_dies_out()
    {
        var run = _bench.Start("b() { b | b & }; b", new StringBuilder(), new StringBuilder());
        _bench.World.Advance(TimeSpan.FromSeconds(5));
        run.IsFinished.ShouldBeTrue();
        _bench.Host.Processes.Running.Count().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Exit_ends_the_session()
    {
        _bench.Type("exit 3").ExitCode.ShouldBe(3);
        _bench.Session.HasEnded.ShouldBeTrue();
        _bench.Type("echo no").ShouldSatisfyAllConditions(o => o.Out.ShouldBe(""), o => o.ExitCode.ShouldBe(3));
    }

    [Fact]
    public void A_power_cut_ends_the_line()
    {
        var run = _bench.Start("sleep 100", new StringBuilder(), new StringBuilder());
        _bench.World.Advance(TimeSpan.FromSeconds(1));
        _bench.Host.PowerOff();
        _bench.World.Advance(TimeSpan.FromSeconds(1));
        run.IsFinished.ShouldBeTrue();
        run.ExitCode.ShouldBe(137);
    }

    [Fact]
    public void A_trap_takes_control_C()
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var run = _bench.Start("trap 'echo caught' INT; sleep 10; echo after", output, error);
        _bench.World.Advance(TimeSpan.FromSeconds(1));
        run.Interrupt();
        _bench.World.Advance(TimeSpan.FromSeconds(1));
        run.IsFinished.ShouldBeTrue();
        output.ToString().ShouldBe("caught\nafter\n");
    }

    [Fact]
    public void Aliases_work_at_the_prompt()
    {
        _bench.Type("alias ll='echo long' k=ll");
        _bench.Type("ll a; k b").Out.ShouldBe("long a\nlong b\n");
    }

    [Fact]
    public void A_terminal_shell_prompts_and_reads_lines()
    {
        var screen = new StringBuilder();
        var input = new TextStream(_bench.World) { IsTerminal = true };
        var terminal = new TextStream(_bench.World, text => screen.Append(text)) { IsTerminal = true };
        var process = _bench.Host.Processes.Start(new ProcessStart(["sh"], ShellProgram.Bash) { Input = input, Output = terminal, Error = terminal });
        input.Write("if true; then\necho x\nfi\nexit 4\n");
        _bench.World.Advance(TimeSpan.FromSeconds(1));
        process.ExitCode.ShouldBe(4);
        screen.ToString().ShouldBe("[root@w1-k8s /]# > > x\n[root@w1-k8s /]# ");
    }
}
