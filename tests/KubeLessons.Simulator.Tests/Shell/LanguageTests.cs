namespace KubeLessons.Simulator.Tests.Shell;

public class LanguageTests
{
    [Theory]
    [InlineData("echo hello world", "hello world\n")]
    [InlineData("echo 'a  b' \"c  d\" e\\ f", "a  b c  d e f\n")]
    [InlineData("x=1; y=$x$x; echo $y \"$y\" '$y'", "11 11 $y\n")]
    [InlineData("echo ${x:-default} ${x-d2} ${x:+set}end", "default d2 end\n")]
    [InlineData("x=file.tar.gz; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${#x}", "file.tar file tar.gz gz 11\n")]
    [InlineData("x=aXbXc; echo ${x/X/-} ${x//X/-} ${x^^} ${x:1:2} ${x: -1}", "a-bXc a-b-c AXBXC Xb c\n")]
    [InlineData("echo $(echo inner $(echo deep)) `echo back`", "inner deep back\n")]
    [InlineData("echo $((1 + 2 * 3)) $(( (1+2)*3 )) $((2**10)) $((7%3)) $((1<2 && 3>2))", "7 9 1024 1 1\n")]
    [InlineData("i=5; echo $((i++)) $i $((--i)) $((i+=3))", "5 6 5 8\n")]
    [InlineData("echo {a,b,c}{1,2} {1..5} {05..8} x{,y}", "a1 a2 b1 b2 c1 c2 1 2 3 4 5 05 06 07 08 x xy\n")]
    [InlineData("for i in 1 2 3; do echo -n $i; done; echo", "123\n")]
    [InlineData("i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done", "1\n3\n")]
    [InlineData("for ((i=0;i<3;i++)); do echo $i; done", "0\n1\n2\n")]
    [InlineData("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n")]
    [InlineData("case foo.txt in *.md|*.txt) echo text;; *) echo other;; esac", "text\n")]
    [InlineData("f() { local x=1; echo $1 $x $#; return 3; }; f a b; echo $? $x", "a 1 2\n3\n")]
    [InlineData("false || echo or; true && echo and; ! false; echo $?", "or\nand\n0\n")]
    [InlineData("(x=2; echo $x); echo [$x]", "2\n[]\n")]
    [InlineData("{ echo a; echo b; } | while read l; do echo \"<$l>\"; done", "<a>\n<b>\n")]
    [InlineData("cat() { while IFS= read -r l; do echo \"$l\"; done; }; cat <<EOF\na $((1+1))\n  b\nEOF", "a 2\n  b\n")]
    [InlineData("read a b <<< 'one two three'; echo $b-$a", "two three-one\n")]
    [InlineData("echo a > f; echo b >> f; while read x; do echo $x; done < f", "a\nb\n")]
    [InlineData("{ echo out; echo err >&2; } 2>/dev/null", "out\n")]
    [InlineData("[[ abc == a* && ! x > y ]] && echo yes; [[ abc =~ ^a(b)c$ ]] && echo ${BASH_REMATCH[1]}", "yes\nb\n")]
    [InlineData("set -- a 'b c' d; for x in \"$@\"; do echo $x; done; echo \"$*\" $#; shift; echo $1", "a\nb c\nd\na b c d 3\nb c\n")]
    [InlineData("set -e; echo 1; false; echo 2", "1\n")]
    [InlineData("set -o pipefail; false | true; echo $?; echo ${PIPESTATUS[@]}", "1\n0\n")]
    [InlineData("trap 'echo bye' EXIT; echo hi", "hi\nbye\n")]
    [InlineData("a=(1 2 3); a+=(4); echo ${a[@]} ${#a[@]} ${a[1]}; declare -A m; m[k]=v; echo ${m[k]} ${!m[@]}", "1 2 3 4 4 2\nv k\n")]
    [InlineData("printf '%s-%03d|%5s|%-5s|%x\\n' a 7 b c 255", "a-007|    b|c    |ff\n")]
    [InlineData("echo $'tab\\there' $'\\x41'", "tab\there A\n")]
    [InlineData("x='a b'; echo $x; set -- $x; echo $#; IFS=,; y=1,2,3; set -- $y; echo $#", "a b\n2\n3\n")]
    [InlineData("touchless=1; echo /et* ~ ~/x", "/etc /root /root/x\n")]
    [InlineData("eval 'x=5; echo $x'; command -v echo; type -t if", "5\necho\nkeyword\n")]
    [InlineData("yes | { read x; echo $x; }", "y\n")]
    [InlineData("sleep 1 & wait $!; echo $?", "0\n")]
    public void A_script_prints_what_bash_prints(string script, string expected)
    {
        var outcome = new ShellBench().Bash(script);
        outcome.Error.ShouldBe("");
        outcome.Out.ShouldBe(expected);
        outcome.IsFinished.ShouldBeTrue();
    }
}
