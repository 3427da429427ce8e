using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    /// <summary>A substitution's output may have this many characters; then its writer gets a broken pipe.</summary>
    public const int MaxCaptured = FieldBuilder.MaxLength;

    // The exit code of the last substitution in the command being expanded: what "x=$(false)" ends with.
    private int _captureStatus;

    /// <summary>Runs commands in a subshell and leaves what they write in <paramref name="result"/>.</summary>
    public IEnumerable<Wait> Capture(CommandList commands, TextResult result)
    {
        if (commands.Items.IsEmpty)
        {
            yield break;
        }

        if (FileOnly(commands) is { } source)
        {
            yield return Wait.Call(CaptureFile(source, result));
            yield break;
        }

        if (State.CallDepth >= MaxCallDepth)
        {
            Abort($"command substitution: maximum nesting level exceeded ({MaxCallDepth})", 1);
            yield break;
        }

        var text = new StringBuilder();
        TextStream? output = null;
        output = new TextStream(World, piece => Take(text, piece, output!));
        State.CallDepth++;
        State.CaptureDepth++;
        var process = Fork(new Subshell(commands, commands.At), Io.With(1, output));
        State.CallDepth--;
        State.CaptureDepth--;
        if (process is not null)
        {
            yield return Wait.Call(WaitFor([process]));
            State.Status = Flow == Flow.None ? process.ExitCode : State.Status;
            _captureStatus = State.Status;
        }

        result.Text = text.ToString();
    }

    /// <summary>Runs a process substitution; what it writes is in a file whose path is left in <paramref name="result"/>.</summary>
    public IEnumerable<Wait> Substitute(ProcessSubstitution substitution, TextResult result)
    {
        var output = new TextResult();
        if (substitution.IsInput)
        {
            yield return Wait.Call(Capture(substitution.Commands, output));
        }

        result.Text = $"/dev/fd/{63 - (_substitutions++ % 32)}";
        Self.Files.Write(result.Text, output.Text);
    }

    private int _substitutions;

    private static void Take(StringBuilder text, string piece, TextStream output)
    {
        text.Append(piece);
        if (text.Length > MaxCaptured)
        {
            output.Break();
        }
    }

    // $(< file) reads the file without running anything.
    private static Redirect? FileOnly(CommandList commands) =>
        commands.Items is [{ IsBackground: false, Rest.IsEmpty: true, First: { IsNegated: false, IsTimed: false } first }]
        && first.Commands is [SimpleCommand { Words.IsEmpty: true, Assignments.IsEmpty: true, Redirects: [{ Kind: RedirectKind.Input } only] }]
            ? only : null;

    private IEnumerable<Wait> CaptureFile(Redirect source, TextResult result)
    {
        var path = new TextResult();
        yield return Wait.Call(Expander.RedirectTarget(source.Target, path));
        if (Flow != Flow.None)
        {
            yield break;
        }

        var content = PathAccess.Read(Self, path.Text, out var reason);
        if (content is null)
        {
            Complain($"{path.Text}: {reason}");
        }

        _captureStatus = content is null ? 1 : 0;
        result.Text = content ?? "";
    }
}
