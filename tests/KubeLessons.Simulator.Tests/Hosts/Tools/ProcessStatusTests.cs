using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>ps, kill, pgrep, pkill, free and uptime against what procps-ng 4.0.2 prints.</summary>
public sealed class ProcessStatusTests
{
    private const string Usage = "\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

    private readonly BootedCluster _cluster = new();

    [Fact]
    public void Processes_are_shown_in_the_columns_that_are_asked_for()
    {
        Output("sleep 1000 & sleep 65; ps -o pid,ppid,user,comm,etime,etimes,args -C sleep | sed 's/[0-9]\\{3,\\}/N/g'").ShouldBe("""
                PID    PPID USER     COMMAND             ELAPSED ELAPSED COMMAND
                N     N root     sleep                 01:05      65 sleep N

            """.Replace("    N     N", "    N     N", StringComparison.Ordinal));
        Output("ps -o comm= -p $(pgrep -x kubelet)").ShouldBe("kubelet\n");
        Output("ps -C kubelet -o pid=NUMBER,comm | head -1").ShouldBe(" NUMBER COMMAND\n");
        Output("ps -eo pid,comm --sort=-pid --no-headers | awk 'NR > 1 && $1 > last {bad = 1} {last = $1} END {print bad + 0}'").ShouldBe("0\n");
        Output("ps -eo rss --sort=-rss --no-headers | head -1; ps -eo rss --no-headers | sort -rn | head -1").Split('\n')[..2].Distinct().Count().ShouldBe(1);
        Output("ps aux | head -1; ps -ef | head -1; ps axo pid,comm | head -1").ShouldBe(
            "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nUID          PID    PPID  C STIME TTY          TIME CMD\n    PID COMMAND\n");
    }

    [Fact]
    public void A_tree_shows_who_started_whom() =>
        Output("bash -c 'sleep 1000; true' & sleep 1; ps -eo args --forest | grep -A1 '_ bash -c sleep 1000; true$'").ShouldMatch(@" \\_ bash -c sleep 1000; true\n( \|  |    )+ \\_ sleep 1000\n");

    [Fact]
    public void Whoever_is_not_there_is_not_found()
    {
        Output("sleep 1000 & P=$!; kill $P; sleep 1; ps -p $P || echo gone").ShouldBe("    PID TTY          TIME CMD\ngone\n");
        Output("sleep 1000 & sleep 1001 & pgrep -c sleep; pkill -f '^sleep 1001'; sleep 1; pgrep -a sleep | cut -d' ' -f2-; pkill sleep; sleep 1; pgrep sleep || echo none").ShouldBe("2\nsleep 1000\nnone\n");
    }

    [Theory]
    [InlineData("ps -o foo", 1, "error: unknown user-defined format specifier \"foo\"\n" + Usage)]
    [InlineData("ps --foo", 1, "error: unknown gnu long option\n" + Usage)]
    [InlineData("ps -p abc", 1, "error: process ID list syntax error\n" + Usage)]
    [InlineData("/bin/kill 99999", 1, "/bin/kill: (99999): No such process\n")]
    [InlineData("/bin/kill abc", 1, "/bin/kill: failed to parse argument: 'abc'\n")]
    [InlineData("kill 99999", 1, "bash: line 1: kill: (99999) - No such process\n")]
    [InlineData("kill abc", 1, "bash: line 1: kill: abc: arguments must be process or job IDs\n")]
    [InlineData("pgrep", 2, "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n")]
    [InlineData("pkill nothing-such", 1, "")]
    [InlineData("pgrep '('", 2, "pgrep: regex error: Unmatched ( or \\(\n")]
    [InlineData("killall nothing-such", 1, "nothing-such: no process found\n")]
    [InlineData("modprobe -r bridge", 1, "modprobe: FATAL: Module bridge is in use.\n")]
    [InlineData("rmmod bridge", 1, "rmmod: ERROR: Module bridge is in use by: br_netfilter\n")]
    [InlineData("rmmod nothing", 1, "rmmod: ERROR: Module nothing is not currently loaded\n")]
    [InlineData("modprobe nothing", 1, "modprobe: FATAL: Module nothing not found in directory /lib/modules/6.1.0-37-amd64\n")]
    [InlineData("modprobe -r nothing", 1, "modprobe: FATAL: Module nothing not found.\n")]
    public void Wrong_words_are_refused_as_procps_and_kmod_refuse_them(string command, int code, string words) => _cluster.Run("w1-k8s", command).ShouldBe((code, words));

    [Fact]
    public void Modules_come_with_what_they_need_and_go_when_nobody_needs_them()
    {
        Output("lsmod | grep -c '^ip_vs'; modprobe ip_vs_rr; lsmod | grep '^ip_vs'").ShouldBe("0\nip_vs                 208896  1 ip_vs_rr\nip_vs_rr               16384  0\n".Replace("0\nip_vs  ", "0\nip_vs  ", StringComparison.Ordinal));
        Output("modprobe -r ip_vs_rr; lsmod | grep -c '^ip_vs' || true").ShouldBe("0\n");
    }

    [Fact]
    public void Memory_that_a_program_takes_is_seen_by_free()
    {
        Output("free -h | sed -n 2p | awk '{print $2}'; free -m | sed -n 2p | awk '{print $2}'; uptime -p; uptime | grep -c 'load average: '").ShouldBe("3.8Gi\n3919\nup 10 minutes\n1\n");
        _cluster.Run("w1-k8s", "free -x").Output.ShouldStartWith("free: invalid option -- 'x'\n\nUsage:\n free [options]\n");
    }

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
