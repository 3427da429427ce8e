using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>The streams of a command that is run in a container; a null one is not there.</summary>
public sealed record ExecStreams(TextStream? Input, TextStream? Output, TextStream? Error, bool IsTerminal = false);

/// <summary>How a command that was run to its end went.</summary>
public sealed record ExecOutcome(int ExitCode, string Output, bool TimedOut);

public sealed partial class CriService
{
    /// <summary>Starts a command in a running container. Null, with the reason in containerd's words, when that cannot be.</summary>
    public Process? Exec(Container container, ImmutableArray<string> command, ExecStreams streams, out string error)
    {
        error = "";
        if (container.State != ContainerState.Running)
        {
            error = $"rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_{container.State.ToString().ToUpperInvariant()} state";
            return null;
        }

        if (ContainerCommand.Resolve(container, command, out var fault) is not { } start)
        {
            error = $"failed to exec in container: failed to start exec \"{_state.Random.NextHex(64)}\": OCI runtime exec failed: "
                + $"exec failed: unable to start container process: {fault}";
            return null;
        }

        return _self.Host.Processes.Start(start with
        {
            Parent = container.Sandbox.Shim,
            Input = streams.Input,
            Output = streams.Output,
            Error = streams.Error,
        });
    }

    /// <summary>Runs a command to its end, or kills it when its time is over (what an exec probe and a lifecycle hook do).</summary>
    public IEnumerable<Wait> ExecSync(Container container, ImmutableArray<string> command, TimeSpan timeout, CriResult<ExecOutcome> result)
    {
        var written = new StringBuilder();
        var output = new TextStream(World, text => written.Append(text));
        if (Exec(container, command, new ExecStreams(null, output, output), out var error) is not { } process)
        {
            result.Fail(error.StartsWith("rpc error", StringComparison.Ordinal) ? error[(error.IndexOf("desc = ", StringComparison.Ordinal) + 7)..] : error);
            yield break;
        }

        var deadline = World.Now + timeout;
        while (!process.HasExited && World.Now < deadline)
        {
            yield return Wait.On(process.Exited, deadline - World.Now);
        }

        var timedOut = !process.HasExited;
        process.Send(ProcessSignal.Kill);
        if (!IsLost(result))
        {
            result.Succeed(new ExecOutcome(process.ExitCode, written.ToString(), timedOut));
        }
    }
}
