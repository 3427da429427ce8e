using CsCheck;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Tests.Shell;

/// <summary>Whatever is typed ends in an exit code and messages, or is still waiting when its time is over; it never throws.</summary>
public class FuzzTests
{
    /// <summary>How many lines are tried: 20,000, or as many as KUBELESSONS_SHELL_FUZZ says; every run draws new ones.</summary>
    private static readonly int Lines =
        int.TryParse(Environment.GetEnvironmentVariable("KUBELESSONS_SHELL_FUZZ"), out var asked) ? asked : 20_000;

    private static readonly TimeSpan MostVirtualTime = TimeSpan.FromMilliseconds(400);

    private static readonly string[] Tokens =
    [
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function", "{", "}", "(", ")",
        "[[", "]]", "((", "))", "[", "]", "!", ";", ";;", ";&", "&", "&&", "||", "|", "|&", "<", ">", ">>", "<<", "<<-", "<<<", ">&", "2>&1",
        "&>", "<(", ">(", "$(", "${", "}", "$((", "`", "'", "\"", "$'", "\\", "\n", " ", "\t", "#", "$", "$x", "${x}", "${x:-y}", "${x#*a}",
        "${x//a/b}", "${#x}", "${!x}", "${x[@]}", "$@", "$*", "$#", "$?", "$$", "$!", "$-", "x=1", "x+=2", "a=(1 2)", "a[1]=3", "*", "?", "[a-z]",
        "{a,b}", "{1..9}", "~", "-", "--", "=", "==", "=~", "-eq", "-f", "-n", "EOF", "a", "b", "f", "f()", "1", "0", "-1", "08", "é", "한",
        "echo", "printf", "cat", "read x", "true", "false", ":", "test", "cd", "set -e", "set -x", "set -u", "eval", "exec", "source f", "local x",
        "export x", "unset x", "shift", "break", "continue", "return", "exit", "trap", "wait", "sleep 1", "jobs", "kill", "time", "let", "declare -A m",
        "alias", "getopts", "mapfile", "yes", "head -1", "sort", "grep a", "sed s/a/b/", "awk", "xargs", "find .", "seq 3", "tee f", "wc", "%s\\n",
        "> f", "< f", "2> f", "%1", "@", ",", ".", "/", "..", "+", "%", "^", "\0", "\u007f",
    ];

    // Whole scripts that are cut, joined and spoilt.
    private static readonly string[] Scripts =
    [
        "for i in 1 2 3; do echo $i; done | while read x; do echo \"<$x>\"; done",
        "f() { local x=$1; [ $x -gt 0 ] && f $((x-1)); return 3; }; f 3; echo $?",
        "case $x in a*) echo A;; b|c) echo B;& *) echo other;; esac",
        "cat <<EOF | sed -n '1,3p'\nline $(echo 1)\n${y:-d}\nEOF",
        "if [[ $x =~ ^(a|b)+$ && -z ${y#*.} ]]; then echo ${BASH_REMATCH[1]}; fi",
        "a=(1 2 3); for ((i=0; i<${#a[@]}; i++)); do echo ${a[i]}; done",
        "set -euo pipefail; trap 'echo bye' EXIT; false || true; echo ${z:?gone}",
        "echo {a,b}{1..3} ${x//a/b} $((2**10 % 7)) \"$(printf '%03d' 5)\" > f; cat < f",
        "while true; do sleep 0.1; done & p=$!; kill $p; wait $p; echo $?",
        "x=$(yes | head -3); echo \"$x\" | sort | uniq -c | awk '{print $2, $1}'",
        "printf '%s|%5.2f|%-4d|%x\\n' a 1.5 3 255; echo -e 'a\\tb\\c'",
        "find / -maxdepth 2 -name '*c*' -type d | xargs -n1 echo | tail -n +2",
        "declare -A m=([k]=v); m[x y]=2; echo ${!m[@]} ${m[k]} ${#m[@]}; unset 'm[k]'",
        "seq 1 20 | sed -e '/5/,/7/d' -e 's/\\(1\\)\\(.\\)/\\2\\1/g;$!N;P;D' | tac",
        "awk 'BEGIN { while (i++ < 5) a[i % 3] = i; for (k in a) print k, a[k] } function f(x) { return x * 2 } /x/ { print f($1) }' f",
        "grep -nE '^[[:alpha:]_]+(=|:){1,2}' f | cut -d: -f1,3- | tr a-z A-Z",
        "exec 3< f; read -r l <&3; exec 3<&-; diff <(echo a) <(echo b); [ ! -e g ] && touch g",
        "timeout 0.1 sleep 5; watch -n 1 -g date; date -d '2024-01-01 +3 days' +%F; expr 1 + \\( 2 \\* 3 \\)",
        "until ! read -t 0.1 x; do let n++; done <<< 'a b c'; select_() { echo; }; select_ | tee g >/dev/null",
    ];

    private static readonly string[] Wrapped =
    [
        "awk '§' f", "awk 'BEGIN { § }'", "sed '§' f", "sed -E 's/§/x/g' f", "grep -E '§' f", "grep '§' f", "echo $((§))", "[[ § ]]", "[ § ]", "echo ${§}",
        "find . §", "printf '§' a b", "date -d '§'", "date '+§'", "expr §", "tr '§' 'abc' < f", "sort §  f", "cut § f", "echo a{§}b", "echo '§' | xargs -n1 echo",
        "((§))", "x='§'; eval \"$x\"; echo $x", "case '§' in §) ;; esac", "head § f", "xargs § < f", "stat -c '§' f", "chmod § f", "seq §", "read § <<< 'a b'", "test §",
    ];

    private static readonly string[] Pieces =
    [
        "a", "b", "1", "2", "0", "9", "-", "+", "*", "/", "%", "^", "(", ")", "[", "]", "{", "}", "<", ">", "=", "!", "&", "|", "~", "?", ":", ";", ",", ".", "$", "\\",
        "\"", "#", "@", " ", "\n", "print", "$1", "NF", "/a/", "x", "i++", "getline", "in", "for(", "while(1)", "if(", "next", "delete a", "a[1]", "substr(", "gsub(/a/,", "printf",
        "s/a/b/", "p", "d", "N", "D", ":a", "ba", "ta", "1,3", "$!", "y/a/b/", "\\(", "\\)", "\\1", "{1,2}", "[[:alpha:]]", "[a-", ".*", "x+", "-name", "-type", "-exec", "{}", "\\;",
        "-o", "-a", "-n", "-k2", "-f1-", "-c", "-eq", "-z", "==", "=~", "%s", "%5d", "%-*.3f", "%q", "%b", "@0", "1 day ago", "tomorrow", "+1", "0x", "1e9", "99999999999999999999", "..", "u+x", "777",
    ];

    private static readonly Gen<string> Soup = OneOf(Tokens).Array[1, 14].SelectMany(tokens =>
        Gen.Bool.Array[tokens.Length].Select(spaced => string.Concat(tokens.Select((token, i) => spaced[i] ? token + " " : token))));

    private static readonly Gen<string> Mutated = Gen.Select(
        OneOf(Scripts), OneOf(Scripts), OneOf(Tokens), Gen.Int[0, 200], Gen.Int[0, 30], Gen.Int[0, 3]).Select((first, second, token, at, length, kind) =>
    {
        at %= first.Length;
        var end = Math.Min(first.Length, at + length);
        return kind switch
        {
            0 => first[..at] + first[end..],
            1 => first[..at] + token + first[at..],
            2 => first[..end] + first[at..end] + first[end..],
            _ => first[..at] + second[(at % second.Length)..],
        };
    });

    private static readonly Gen<string> Wrapping = Gen.Select(OneOf(Wrapped), OneOf(Pieces).Array[0, 9]).Select(
        (frame, pieces) => frame.Replace("§", string.Concat(pieces)));

    private static readonly Gen<string> Line = Gen.OneOf(Soup, Mutated, Wrapping);

    private static Gen<string> OneOf(string[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    [Fact]
    public void Every_line_ends_in_a_script_or_a_message_and_most_run_to_an_exit_code() =>
        Line.Array[100].Sample(
            lines =>
            {
                // A hundred lines share a host, so that one finds what another has left there.
                var host = NewHost();
                foreach (var line in lines)
                {
                    Run(host, line);
                }
            },
            iter: Lines / 100);

    [Fact]
    public void Deep_nesting_is_refused_and_not_a_crash()
    {
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)
            [("(", ")"), ("{ ", " ;}"), ("$(", ")"), ("\"$(", ")\""), ("${x:-", "}"), ("`", "`"), ("if ", " fi"), ("$((", "))"), ("[[ ( ", " ) ]]"), ("[[ ! ", " ]]"), ("a{", "}"), ("! ", "")])
        {
            foreach (var depth in (ReadOnlySpan<int>)[10, 140, 200, 5000])
            {
                var text = string.Concat(Enumerable.Repeat(open, depth)) + "echo a" + string.Concat(Enumerable.Repeat(close, depth));
                Run(NewHost(), text);
            }
        }

        foreach (var frame in (ReadOnlySpan<string>)["echo $((§))", "awk 'BEGIN{print §}'", "awk 'BEGIN{§}'", "expr §", "[ § ]", "find . §", "grep -E '§' f", "sed -E 's/§/x/' f"])
        {
            foreach (var piece in (ReadOnlySpan<string>)["(", "( ", "-", "!", "! ", "~", "$", "{", "++", "a[", "x?", "1**"])
            {
                Run(NewHost(), frame.Replace("§", string.Concat(Enumerable.Repeat(piece, 3000))));
            }
        }
    }

    private static Host NewHost()
    {
        var host = new Host(new World(7), "w1-k8s", "192.168.1.101");
        host.Files.MakeDirectories("/root");
        host.Files.MakeDirectories("/tmp");
        host.Files.Write("/root/f", "a 1\nb=2\nc:3 x\n\nabc,def\n");
        CoreCommands.AddTo(host.Programs);
        return host;
    }

    private static void Run(Host host, string line)
    {
        var world = host.World;
        try
        {
            ShellSession.IsComplete(line);
            ShellProgram.Check(line);
            var (output, error) = (new TextStream(world, _ => { }), new TextStream(world, _ => { }));
            var process = host.Processes.Start(new ProcessStart(["bash", "-c", line], ShellProgram.Bash)
            {
                WorkingDirectory = "/root",
                Output = output,
                Error = error,
            });
            if (!world.RunUntil(() => process.HasExited, world.Now + MostVirtualTime))
            {
                process.Send(ProcessSignal.Kill);
            }

            process.ExitCode.ShouldBeInRange(0, 255);
            FaultsOf(world).ShouldBeEmpty();
            KillAll(host);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.InnerException?.GetType().Name ?? exception.GetType().Name} in: {line}", exception);
        }
    }

    // A command that fails by a bug of ours ends as a crashed one does and leaves a note in the trace.
    private static IEnumerable<string> FaultsOf(World world) =>
        Enumerable.Range(0, world.Trace.Count).Select(i => world.Trace[i]).OfType<ComponentActed>()
            .Where(entry => entry.Action.Contains(" failed at ", StringComparison.Ordinal)).Select(entry => entry.Action);

    // What was left in the background ends before the next line.
    private static void KillAll(Host host)
    {
        foreach (var process in host.Processes.Running.ToList())
        {
            process.Send(ProcessSignal.Kill);
        }

        host.World.RunUntil(() => !host.Processes.Running.Any(), host.World.Now + TimeSpan.FromMilliseconds(1));
        host.Processes.Running.ShouldBeEmpty();
    }
}
