using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// What the subresources log, exec, attach and portforward of a pod open: streams between a client and a container. It goes by
/// the API server, which passes it on to the kubelet. Whoever serves it ends it; the client may hang up before.
/// </summary>
public sealed class PodStream
{
    public PodStream(World world, bool isTerminal = false)
    {
        Input = new TextStream(world) { IsTerminal = isTerminal };
        Output = new TextStream(world) { IsTerminal = isTerminal };
        Error = new TextStream(world) { IsTerminal = isTerminal };
        Ended = new Signal(world);
    }

    /// <summary>What the client writes; it closes it when it has no more.</summary>
    public TextStream Input { get; }

    /// <summary>What the client reads.</summary>
    public TextStream Output { get; }

    /// <summary>What a command writes to standard error; of a terminal it is part of <see cref="Output"/>.</summary>
    public TextStream Error { get; }

    /// <summary>Raised when it has ended; what is buffered can still be read.</summary>
    public Signal Ended { get; }

    public bool HasEnded { get; private set; }

    /// <summary>The exit code of a command that has ended.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Why it could not be served, as the error stream tells it (<c>Internal error occurred: …</c>); null: it was.</summary>
    public string? Fault { get; private set; }

    /// <summary>Of a port forwarding: opens a connection to a port inside the pod.</summary>
    public Func<int, Exchange>? Connect { get; init; }

    /// <summary>What Ctrl-C on the client's terminal does at the other end.</summary>
    public Action Interrupt { get; set; } = static () => { };

    /// <summary>Called when the client has hung up.</summary>
    public Action HungUp { get; set; } = static () => { };

    /// <summary>The serving side has no more to say.</summary>
    public void End(int exitCode, string? fault = null)
    {
        if (HasEnded)
        {
            return;
        }

        (HasEnded, ExitCode, Fault) = (true, exitCode, fault);
        Output.Close();
        Error.Close();
        Ended.Raise();
    }

    /// <summary>The client is gone: whoever goes on writing gets SIGPIPE, and whoever reads finds the end.</summary>
    public void HangUp()
    {
        Input.Close();
        Output.Break();
        Error.Break();
        HungUp();
    }
}

/// <summary>One request to a kubelet's server.</summary>
/// <param name="Kind">containerLogs, exec, attach or portForward.</param>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container's name.</param>
/// <param name="Options">A PodLogOptions, PodExecOptions or PodAttachOptions.</param>
public sealed record PodStreamRequest(string Kind, string Namespace, string Pod, string Container, Doc Options);

/// <summary>A kubelet's answer: a stream, or an HTTP status with a text.</summary>
public sealed record PodStreamReply(PodStream? Stream, int Code, string? Error);

/// <summary>A running kubelet as the API server finds it behind the node's port 10250.</summary>
public sealed record KubeletEndpoint(Func<PodStreamRequest, PodStreamReply> Open);

/// <summary>What became of an attempt to reach a kubelet: its server, or the reason in Go's words, and the time that it took to know.</summary>
public sealed record KubeletDial(KubeletEndpoint? Kubelet, string? Error, TimeSpan Takes);
