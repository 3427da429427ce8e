using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Server;

/// <summary>
/// The kubelet's own server on port 10250 (pkg/kubelet/server): logs, exec, attach and port forwarding for the API server. It lives
/// and dies with the kubelet's process, and so does what was opened over it.
/// </summary>
internal sealed class KubeletServer(
    Process self, RuntimeConnection runtime, Routines routines, Func<string, string, PodObject?> find, Func<PodObject, Doc?> status)
{
    public void Start(int port)
    {
        var service = new HttpService(static (_, _) => new HttpResponse(401, "Unauthorized"))
        {
            Kubelet = new KubeletEndpoint(Open),
        };
        if (self.Listen(port, service) is null)
        {
            KubeletLog.Error(self, $"\"Failed to listen and serve\" err=\"listen tcp 0.0.0.0:{port}: bind: address already in use\"");
            self.Exit(1);
            return;
        }

        // Its own health, for the node alone (healthzBindAddress 127.0.0.1).
        self.Listen(10248, new HttpService(static (request, _) => request.Path == "/healthz" ? new HttpResponse(200, "ok") : new HttpResponse(404, "404 page not found\n")), address: "127.0.0.1");
    }

    private PodStreamReply Open(PodStreamRequest request)
    {
        if (find(request.Namespace, request.Pod) is not { } pod)
        {
            return new PodStreamReply(null, 404, $"pod \"{request.Pod}\" not found");
        }

        return request.Kind switch
        {
            "containerLogs" => Logs(pod, request),
            "exec" => Exec(pod, request),
            "attach" => Attach(pod, request),
            _ => PortForward(pod),
        };
    }

    private PodStreamReply Logs(PodObject pod, PodStreamRequest request)
    {
        var known = status(pod);
        var containers = (known?.List("containerStatuses") ?? []).AddRange(known?.List("initContainerStatuses") ?? []).AddRange(known?.List("ephemeralContainerStatuses") ?? []);
        var current = containers.FirstOrDefault(container => container.Text("name") == request.Container);
        var (id, fault) = LogSource(pod, request.Container, current, request.Options.Flag("previous") == true);
        if (fault is not null)
        {
            return new PodStreamReply(null, 400, fault);
        }

        if (runtime.Connect(out _)?.State.Container(id!) is not { } container)
        {
            // The runtime has it no more, or is gone itself: the kubelet says so in place of the log.
            var none = Track(new PodStream(self.World));
            none.Output.Write($"unable to retrieve container logs for containerd://{id}");
            none.End(0);
            return new PodStreamReply(none, 200, null);
        }

        if (container.LogPath.Length > 0 && !self.Host.Files.Exists(container.LogPath))
        {
            return new PodStreamReply(null, 400, $"failed to try resolving symlinks in path \"{container.LogPath}\": lstat {container.LogPath}: no such file or directory");
        }

        var stream = Track(new PodStream(self.World));
        routines.Start(new ContainerLogReader(self.World, container, request.Options, stream).Run());
        return new PodStreamReply(stream, 200, null);
    }

    /// <summary>Whose log is meant (pkg/kubelet: validateContainerLogStatus): of a container that waits to restart, the last one's.</summary>
    private static (string? Id, string? Fault) LogSource(PodObject pod, string name, Doc? current, bool previous)
    {
        const string Prefix = "containerd://";
        var last = current?.At("lastState", "terminated");
        if (previous)
        {
            return last?.Text("containerID") is { Length: > 0 } id
                ? (id[Prefix.Length..], null)
                : (null, $"previous terminated container \"{name}\" in pod \"{pod.Name}\" not found");
        }

        if (current is null)
        {
            return (null, $"container \"{name}\" in pod \"{pod.Name}\" is not available");
        }

        var own = current.At("state", "running") is not null ? current.Text("containerID")
            : current.Text("state", "terminated", "containerID") ?? last?.Text("containerID");
        if (own is { Length: > 0 })
        {
            return (own[Prefix.Length..], null);
        }

        var why = current.Text("state", "waiting", "reason") switch
        {
            "ErrImagePull" => "trying and failing to pull image",
            "ImagePullBackOff" => "image can't be pulled",
            var reason => reason ?? "ContainerCreating",
        };
        return (null, $"container \"{name}\" in pod \"{pod.Name}\" is waiting to start: {why}");
    }

    private PodStreamReply Exec(PodObject pod, PodStreamRequest request)
    {
        if (Running(pod, request.Container, out var cri, out var refusal) is not { } container)
        {
            return refusal!;
        }

        var isTerminal = request.Options.Flag("tty") == true;
        var stream = Track(new PodStream(self.World, isTerminal));
        ImmutableArray<string> command = [.. request.Options.List("command").Select(word => word.AsText ?? "")];
        var streams = new ExecStreams(
            request.Options.Flag("stdin") == true ? stream.Input : null, stream.Output, isTerminal ? stream.Output : stream.Error, isTerminal);
        if (cri!.Exec(container, command, streams, out var error) is not { } process)
        {
            stream.End(126, $"Internal error occurred: error executing command in container: {error}");
            return new PodStreamReply(stream, 200, null);
        }

        stream.Interrupt = () => Interrupt(process);
        routines.Start(EndWith(process, stream));
        return new PodStreamReply(stream, 200, null);
    }

    private PodStreamReply Attach(PodObject pod, PodStreamRequest request)
    {
        if (Running(pod, request.Container, out _, out var refusal) is not { } container)
        {
            return refusal!;
        }

        var stream = Track(new PodStream(self.World, container.Config.IsTerminal));
        void Copy(string text, bool isError) => (isError && !container.Config.IsTerminal ? stream.Error : stream.Output).Write(text);
        container.Wrote += Copy;
        stream.HungUp = () => container.Wrote -= Copy;
        stream.Interrupt = () => Interrupt(container.Process!);
        self.OnExit(() => container.Wrote -= Copy);
        if (request.Options.Flag("stdin") == true && container.Input is { } input)
        {
            routines.Start(Feed(stream.Input, input, container.Config.InputClosesAfterFirstAttach));
        }

        routines.Start(EndWith(container.Process!, stream));
        return new PodStreamReply(stream, 200, null);
    }

    private PodStreamReply PortForward(PodObject pod)
    {
        if (runtime.Connect(out var error) is not { } cri)
        {
            return new PodStreamReply(null, 500, error);
        }

        var sandbox = cri.State.SandboxesOf(pod.Uid).LastOrDefault(each => each.State == SandboxState.Ready);
        return sandbox?.Network is { } network
            ? new PodStreamReply(new PodStream(self.World) { Connect = port => network.Connect(Ipv4Address.Loopback, port) }, 200, null)
            : new PodStreamReply(null, 500, $"unable to upgrade connection: pod not found (\"{pod.LogName}\")");
    }

    private Container? Running(PodObject pod, string name, out CriService? cri, out PodStreamReply? refusal)
    {
        refusal = null;
        cri = runtime.Connect(out var error);
        if (cri is null)
        {
            refusal = new PodStreamReply(null, 500, $"unable to upgrade connection: {error}");
            return null;
        }

        foreach (var sandbox in cri.State.SandboxesOf(pod.Uid).Reverse())
        {
            foreach (var container in sandbox.Containers.Reverse())
            {
                if (container.Config.Name == name && container.State == ContainerState.Running)
                {
                    return container;
                }
            }
        }

        refusal = new PodStreamReply(null, 500, $"unable to upgrade connection: container not found (\"{name}\")");
        return null;
    }

    private IEnumerable<Wait> EndWith(Process process, PodStream stream)
    {
        while (!process.HasExited && !stream.HasEnded)
        {
            yield return Wait.On(process.Exited);
        }

        // What the process wrote last is on its way.
        yield return Wait.For(TimeSpan.Zero);
        stream.HungUp();
        stream.End(process.ExitCode);
    }

    private static IEnumerable<Wait> Feed(TextStream from, TextStream to, bool closes)
    {
        while (!from.IsAtEnd)
        {
            if (!from.HasText)
            {
                yield return Wait.On(from.Changed);
                continue;
            }

            to.Write(from.Read());
            while (to.IsFull)
            {
                yield return Wait.On(to.Changed);
            }
        }

        if (closes)
        {
            to.Close();
        }
    }

    // The terminal sends the signal to everything in the foreground.
    private void Interrupt(Process process)
    {
        foreach (var child in self.Host.Processes.Descendants(process).ToList())
        {
            child.Send(ProcessSignal.Interrupt);
        }

        process.Send(ProcessSignal.Interrupt);
    }

    private PodStream Track(PodStream stream)
    {
        self.OnExit(() => stream.End(1, stream.HasEnded ? null : "unexpected EOF"));
        return stream;
    }
}
