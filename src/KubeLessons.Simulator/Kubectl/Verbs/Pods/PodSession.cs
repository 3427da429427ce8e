using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary>A command in a container, or a container's own main process, with its streams joined to kubectl's (exec, attach).</summary>
internal sealed class PodSession(Invocation call, string ns, string pod, string container)
{
    /// <summary>Why there was no session; null when there was one.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>What the command ended with.</summary>
    public int ExitCode { get; private set; }

    /// <param name="subresource">exec or attach.</param>
    /// <param name="command">What to run; empty for attach.</param>
    /// <param name="stdin">Whether kubectl's input goes there.</param>
    /// <param name="tty">Whether it gets a terminal.</param>
    public IEnumerable<Wait> Run(string subresource, ImmutableArray<string> command, bool stdin, bool tty)
    {
        if (tty && !call.Self.Input.IsTerminal)
        {
            call.Err("Unable to use a TTY - input is not a terminal or the right kind of file\n");
            tty = false;
        }

        if (!call.TryConnect(out var client))
        {
            yield break;
        }

        var (stream, failure) = client.OpenStream(new ApiRequest(ApiVerb.Create, ResourcePath.Core("pods"))
        {
            Namespace = ns,
            Name = pod,
            Subresource = subresource,
            Body = Doc.Obj(
                ("container", container),
                ("command", command.IsEmpty ? null : Doc.Arr(command.Select(word => (Doc)word))),
                ("stdin", stdin),
                ("stdout", true),
                ("stderr", !tty),
                ("tty", tty)),
        });
        if (stream is null)
        {
            yield return Wait.For(failure!.Takes);
            var said = call.FailureOf(failure);
            Failure = said.Reason == "InternalError" ? Failure.Of(failure.Response!.Message ?? "") : said;
            yield break;
        }

        yield return Wait.For(Api.Clients.ApiClient.RoundTrip);
        call.Self.OnExit(stream.HangUp);
        if (tty)
        {
            // A raw terminal hands Ctrl-C on to the other end.
            call.Self.SignalHandler = signal =>
            {
                if (signal != ProcessSignal.Interrupt)
                {
                    return false;
                }

                stream.Interrupt();
                return true;
            };
        }

        yield return Wait.Call(Join(stream, stdin));
        call.Self.SignalHandler = null;
        ExitCode = stream.ExitCode;
        Failure = stream.Fault is { } fault ? Failure.Of(fault) : null;
    }

    private IEnumerable<Wait> Join(PodStream stream, bool stdin)
    {
        var copy = new StreamCopy(call);
        copy.Start(stream.Output, call.Self.Output);
        copy.Start(stream.Error, call.Self.Error);
        if (stdin)
        {
            copy.Feed(stream);
        }
        else
        {
            stream.Input.Close();
        }

        while (!stream.HasEnded)
        {
            yield return Wait.On(stream.Ended);
        }

        yield return Wait.Call(copy.Finish());
    }
}
