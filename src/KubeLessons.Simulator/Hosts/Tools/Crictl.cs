using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>crictl: the container runtime of a node, asked over its socket.</summary>
internal static class Crictl
{
    private static readonly ImmutableArray<LongOption> LongOptions =
    [
        new("all", 'a'), new("quiet", 'q'), new("name", 'n'), new("state", 's'), new("pod", 'p'), new("label", 'l'), new("output", 'o'), new("no-trunc", 'N'),
        new("namespace", 'm'), new("follow", 'f'), new("tail", 't'), new("interactive", 'i'), new("tty", 'T'), new("timeout", 'x'), new("force", 'F'), new("image", 'I'),
        new("latest", 'L'), new("last", 'Z'), new("sync", 'y'), new("timestamps", 'w'), new("verbose", 'v'), new("digests", 'd'), new("runtime-endpoint", 'r'), new("prune", 'P'),
    ];

    public static IEnumerable<Wait> Main(Process self)
    {
        var arguments = self.Arguments.ToArray();
        var at = Array.FindIndex(arguments, word => !word.StartsWith('-'));
        var verb = at < 0 ? "" : arguments[at];
        // What follows "exec ID" belongs to the command inside.
        var options = CommandOptions.Parse(
            [.. arguments[..Math.Max(at, 0)], .. at < 0 ? [] : arguments[(at + 1)..]], "aqn:s:p:l:o:Nm:ft:iTx:FI:LZ:ywvdr:P", stopsAtOperand: verb == "exec", longOptions: LongOptions.AsSpan());
        if (verb is "" or "help" || options.Fault is not null)
        {
            self.Error.WriteLine(options.Fault is { } fault ? $"FATA[0000] flag provided but not defined: {fault}" : Usage);
            self.Exit(options.Fault is null ? 0 : 1);
            return [];
        }

        var socket = Endpoint(self, options);
        if (self.Host.UnixSockets.Connect(socket, out var error) is not CriService cri)
        {
            self.Error.WriteLine(
                $"FATA[0000] validate service connection: validate CRI v1 runtime API for endpoint \"unix://{socket}\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix {socket}: {error}\"");
            self.Exit(1);
            return [];
        }

        return verb switch
        {
            "ps" => Print(self, CrictlLists.Containers(cri.State, options)),
            "pods" => Print(self, CrictlLists.Pods(cri.State, options)),
            "stats" => Print(self, CrictlLists.Stats(cri.State, options)),
            "images" or "image" or "img" => Print(self, CrictlLists.Images(cri.State, options)),
            "inspect" => Inspect(self, cri, options),
            "inspectp" => InspectPod(self, cri, options),
            "logs" => Logs(self, cri, options),
            "exec" => Exec(self, cri, options),
            "stop" => Each(self, cri, options, container => Stop(cri, container, options)),
            "rm" => Each(self, cri, options, container => Remove(self, cri, container, options)),
            "stopp" => EachPod(self, cri, options, "Stopped", pod => cri.StopPodSandbox(pod.Id)),
            "rmp" => EachPod(self, cri, options, "Removed", pod => cri.RemovePodSandbox(pod.Id)),
            "pull" => Pull(self, cri, options),
            "rmi" => RemoveImages(self, cri, options),
            "info" => Print(self, Json(CrictlLists.Info(cri))),
            "version" => Print(self, $"Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v{CriService.Version[(CriService.Version.LastIndexOf('/') + 1)..]}\nRuntimeApiVersion:  v1\n"),
            _ => Fail(self, $"No help topic for '{verb}'"),
        };
    }

    private const string Usage =
        "NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options] [arguments...]\n\nCOMMANDS:\n"
        + "   exec      Run a command in a running container\n   images    List images\n   info      Display information of the container runtime\n   inspect   Display the status of one or more containers\n"
        + "   inspectp  Display the status of one or more pods\n   logs      Fetch the logs of a container\n   pods      List pods\n   ps        List containers\n   pull      Pull an image from a registry\n"
        + "   rm        Remove one or more containers\n   rmi       Remove one or more images\n   rmp       Remove one or more pods\n   stats     List container(s) resource usage statistics\n   stop      Stop one or more running containers\n   stopp     Stop one or more running pods\n   version   Display runtime version information";

    private static string Endpoint(Process self, CommandOptions options)
    {
        var endpoint = options.Value('r') ?? "unix://" + Containerd.Socket;
        if (options.Value('r') is null && DocYaml.TryParse(self.Files.Read("/etc/crictl.yaml") ?? "", out var configured, out _))
        {
            endpoint = configured?.Text("runtime-endpoint") ?? endpoint;
        }

        return endpoint.Replace("unix://", "", StringComparison.Ordinal).Replace("/var/run/", "/run/", StringComparison.Ordinal);
    }

    private static IEnumerable<Wait> Print(Process self, string text)
    {
        self.Output.Write(text);
        yield break;
    }

    private static IEnumerable<Wait> Fail(Process self, string words)
    {
        self.Error.WriteLine("FATA[0000] " + words);
        self.Exit(1);
        return [];
    }

    private static IEnumerable<Wait> Each(Process self, CriService cri, CommandOptions options, Func<Container, IEnumerable<Wait>> action, bool echoes = true)
    {
        if (options.Operands.Count == 0)
        {
            self.Error.WriteLine("FATA[0000] ID cannot be empty");
            self.Exit(1);
            yield break;
        }

        foreach (var id in options.Operands)
        {
            if (Find(cri, id) is not { } container)
            {
                self.Error.WriteLine($"E{self.World.UtcNow:MMdd HH:mm:ss.ffffff}{self.Id,8} log.go:32] \"ContainerStatus from runtime service failed\" err=\"rpc error: code = NotFound desc = an error occurred when try to find container \\\"{id}\\\": not found\" containerID=\"{id}\"\n"
                    + $"FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container \"{id}\": not found");
                self.Exit(1);
                yield break;
            }

            yield return Wait.Call(action(container));
            if (self.HasExited)
            {
                yield break;
            }

            if (echoes)
            {
                self.Output.WriteLine(id);
            }
        }
    }

    private static IEnumerable<Wait> EachPod(Process self, CriService cri, CommandOptions options, string done, Action<PodSandbox> action)
    {
        foreach (var id in options.Operands)
        {
            if (cri.State.Sandboxes.FirstOrDefault(sandbox => sandbox.Id.StartsWith(id, StringComparison.Ordinal)) is not { } pod)
            {
                return Fail(self, $"{(done == "Stopped" ? "stopping" : "removing")} the pod sandbox \"{id}\": rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found");
            }

            action(pod);
            self.Output.WriteLine($"{done} sandbox {id}");
        }

        return [];
    }

    private static IEnumerable<Wait> Stop(CriService cri, Container container, CommandOptions options)
    {
        var grace = int.TryParse(options.Value('x') ?? options.Value('t'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        yield return Wait.Call(cri.StopContainer(container, TimeSpan.FromSeconds(grace), new CriResult<Container>()));
    }

    private static IEnumerable<Wait> Remove(Process self, CriService cri, Container container, CommandOptions options)
    {
        if (container.State == ContainerState.Running && !options.Has('F') && !options.Has('f'))
        {
            return Fail(self, $"removing the container \"{container.Id[..13]}\": container \"{container.Id[..13]}\" is running, please stop it first");
        }

        cri.RemoveContainer(container);
        return [];
    }

    private static IEnumerable<Wait> Inspect(Process self, CriService cri, CommandOptions options) =>
        Each(self, cri, options, container => Print(self, Json(CrictlLists.Describe(container))), echoes: false);

    private static string Json(Doc value) => DocJson.Write(value, indented: true).Replace("    ", "  ", StringComparison.Ordinal) + "\n";

    private static IEnumerable<Wait> InspectPod(Process self, CriService cri, CommandOptions options)
    {
        foreach (var id in options.Operands)
        {
            if (cri.State.Sandboxes.FirstOrDefault(sandbox => sandbox.Id.StartsWith(id, StringComparison.Ordinal)) is not { } pod)
            {
                return Fail(self, $"getting the status of the pod sandbox \"{id}\": rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found");
            }

            self.Output.Write(Json(CrictlLists.Describe(pod)));
        }

        return [];
    }

    private static IEnumerable<Wait> Logs(Process self, CriService cri, CommandOptions options)
    {
        if (options.Operands is not [var id, ..] || Find(cri, id) is not { } container)
        {
            self.Error.WriteLine($"FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container \"{options.Operands.FirstOrDefault()}\": not found");
            self.Exit(1);
            yield break;
        }

        var tail = int.TryParse(options.Value('t'), out var asked) && asked >= 0 ? asked : int.MaxValue;
        var next = Math.Max(container.Log.Rotated, container.Log.Rotated + container.Log.Lines.Length - tail);
        while (true)
        {
            next = WriteLines(self, container, options.Has('w'), next);
            if (!options.Has('f') || container.State == ContainerState.Exited)
            {
                yield break;
            }

            if (self.Output.IsBroken)
            {
                self.Exit(141);
                yield break;
            }

            yield return Wait.On(self.Output.IsFull ? self.Output.Changed : container.Log.Grew, TimeSpan.FromSeconds(1));
        }
    }

    private static int WriteLines(Process self, Container container, bool hasTimes, int next)
    {
        var lines = container.Log.Lines;
        for (var i = Math.Max(0, next - container.Log.Rotated); i < lines.Length; i++)
        {
            var line = lines[i];
            var stream = line.IsError ? self.Error : self.Output;
            stream.Write((hasTimes ? $"{line.At:yyyy-MM-ddTHH:mm:ss.fffffff}00Z " : "") + line.Text + (line.IsPartial ? "" : "\n"));
        }

        return container.Log.Rotated + lines.Length;
    }

    private static IEnumerable<Wait> Exec(Process self, CriService cri, CommandOptions options)
    {
        if (options.Operands is not [var id, _, ..])
        {
            self.Error.WriteLine("FATA[0000] ID or command cannot be empty");
            self.Exit(1);
            yield break;
        }

        if (Find(cri, id) is not { } container)
        {
            self.Error.WriteLine($"FATA[0000] execing command in container: rpc error: code = NotFound desc = an error occurred when try to find container \"{id}\": not found");
            self.Exit(1);
            yield break;
        }

        var streams = new ExecStreams(options.Has('i') ? self.Input : null, self.Output, self.Error, options.Has('T') || options.Has('t'));
        if (cri.Exec(container, [.. options.Operands.Skip(1)], streams, out var error) is not { } process)
        {
            self.Error.WriteLine($"FATA[0000] execing command in container: {error}");
            self.Exit(1);
            yield break;
        }

        self.OnExit(() => process.Send(ProcessSignal.Kill));
        while (!process.HasExited)
        {
            yield return Wait.On(process.Exited);
        }

        if (process.ExitCode != 0)
        {
            self.Error.WriteLine($"FATA[0000] execing command in container: command terminated with exit code {process.ExitCode}");
        }

        self.Exit(process.ExitCode == 0 ? 0 : 1);
    }

    private static IEnumerable<Wait> Pull(Process self, CriService cri, CommandOptions options)
    {
        if (options.Operands is not [var name, ..])
        {
            self.Error.WriteLine("FATA[0000] image name cannot be empty");
            self.Exit(1);
            yield break;
        }

        if (!ImageReference.TryParse(name, out var reference, out var fault))
        {
            self.Error.WriteLine($"FATA[0000] pulling image: {fault}");
            self.Exit(1);
            yield break;
        }

        var result = new CriResult<LocalImage>();
        yield return Wait.Call(cri.PullImage(reference, result));
        if (result.Value is not { } image)
        {
            self.Error.WriteLine($"FATA[0000] pulling image: {result.Error}");
            self.Exit(1);
            yield break;
        }

        self.Output.WriteLine($"Image is up to date for {image.Image.ConfigDigest}");
    }

    private static IEnumerable<Wait> RemoveImages(Process self, CriService cri, CommandOptions options)
    {
        foreach (var name in options.Operands)
        {
            var local = cri.State.Images.FirstOrDefault(image => image.Image.ConfigDigest.StartsWith("sha256:" + name, StringComparison.Ordinal))
                ?? (ImageReference.TryParse(name, out var reference, out _) ? cri.State.Image(reference) : null);
            if (local is null)
            {
                return Fail(self, $"no such image {name}");
            }

            cri.RemoveImage(local.Image.Reference);
            self.Output.WriteLine($"Deleted: {local.Tags[0]}");
        }

        return [];
    }

    private static Container? Find(CriService cri, string id) =>
        cri.State.Containers.FirstOrDefault(container => container.Id.StartsWith(id, StringComparison.Ordinal));
}
