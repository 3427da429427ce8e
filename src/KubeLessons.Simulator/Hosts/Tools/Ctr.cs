using System.Globalization;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>ctr, containerd's own client: containers, tasks, images and namespaces. What Kubernetes runs is in the namespace k8s.io.</summary>
internal sealed class Ctr(Process self)
{
    private const string KubernetesNamespace = "k8s.io";

    /// <summary>How long it waits for the socket (--connect-timeout 0s: the client's own limit).</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly List<string> _words = [];
    private string _namespace = "default";
    private string _address = Containerd.Socket;
    private ProcessSignal _signal = ProcessSignal.Terminate;

    public IEnumerable<Wait> Main()
    {
        var words = self.Arguments.ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            var (name, value) = words[i].IndexOf('=') is > 0 and var equals ? (words[i][..equals], words[i][(equals + 1)..]) : (words[i], null);
            switch (name)
            {
                case "-n" or "--namespace":
                    _namespace = value ?? (++i < words.Length ? words[i] : "");
                    break;
                case "-a" or "--address":
                    _address = value ?? (++i < words.Length ? words[i] : "");
                    break;
                case "-s" or "--signal":
                    _signal = SignalWords.Parse(value ?? (++i < words.Length ? words[i] : "")) ?? _signal;
                    break;
                default:
                    _words.Add(words[i]);
                    break;
            }
        }

        if (_words.Count == 0)
        {
            self.Output.Write("NAME:\n   ctr - containerd CLI\n\nUSAGE:\n   ctr [global options] command [command options] [arguments...]\n\nCOMMANDS:\n   version                    print the client and server versions\n   containers, c, container   manage containers\n   images, image, i           manage images\n   namespaces, namespace, ns  manage namespaces\n   tasks, t, task             manage tasks\n");
            yield break;
        }

        var socket = _address.Replace("unix://", "", StringComparison.Ordinal).Replace("/var/run/", "/run/", StringComparison.Ordinal);
        if (self.Host.UnixSockets.Connect(socket, out _) is not CriService cri)
        {
            yield return Wait.For(_patience);
            Fail($"failed to dial \"{_address}\": context deadline exceeded: connection error: desc = \"transport: error while dialing: dial unix://{_address}: timeout\"");
            yield break;
        }

        yield return Wait.Call(Run(cri));
    }

    private IEnumerable<Wait> Run(CriService cri)
    {
        var isQuiet = _words.Remove("-q") | _words.Remove("--quiet");
        switch (_words)
        {
            case ["version", ..]:
                var version = "v" + CriService.Version[(CriService.Version.LastIndexOf('/') + 1)..];
                self.Output.Write($"Client:\n  Version:  {version}\n\nServer:\n  Version:  {version}\n  UUID: {self.Host.Machine.BootId}\n");
                break;
            case ["namespaces" or "namespace" or "ns", "list" or "ls", ..]:
                self.Output.Write(isQuiet ? KubernetesNamespace + "\n" : "NAME   LABELS \nk8s.io        \n");
                break;
            case ["containers" or "container" or "c", "list" or "ls", ..]:
                self.Output.Write(Containers(cri.State, isQuiet));
                break;
            case ["tasks" or "task" or "t", "list" or "ls", ..]:
                self.Output.Write(Tasks(cri.State, isQuiet));
                break;
            case ["tasks" or "task" or "t", "kill", var id, ..]:
                Kill(cri.State, id);
                break;
            case ["images" or "image" or "i", "list" or "ls", ..]:
                self.Output.Write(Images(cri.State, isQuiet));
                break;
            case ["images" or "image" or "i", "pull", var name, ..]:
                yield return Wait.Call(Pull(cri, name));
                break;
            case ["images" or "image" or "i", "remove" or "rm" or "delete" or "del", var name, ..]:
                RemoveImage(cri, name);
                break;
            default:
                Fail($"No help topic for '{_words[0]}'");
                break;
        }
    }

    private void Fail(string words)
    {
        self.Error.WriteLine("ctr: " + words);
        self.Exit(1);
    }

    private bool IsKubernetes => _namespace == KubernetesNamespace;

    private string Containers(RuntimeState state, bool isQuiet)
    {
        var rows = new List<(string Id, string Image)>();
        if (IsKubernetes)
        {
            rows.AddRange(state.Sandboxes.Select(pod => (pod.Id, state.Images.FirstOrDefault(image => image.Tags[0].Contains("/pause:", StringComparison.Ordinal))?.Tags[0] ?? "")));
            rows.AddRange(state.Containers.Select(container => (container.Id, container.Image.Reference.ToString())));
        }

        rows.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        if (isQuiet)
        {
            return string.Concat(rows.Select(row => row.Id + "\n"));
        }

        var table = new TextTable(4, 4, "CONTAINER", "IMAGE", "RUNTIME", "");
        rows.ForEach(row => table.Add(row.Id, row.Image, "io.containerd.runc.v2", ""));
        return table.ToString();
    }

    private string Tasks(RuntimeState state, bool isQuiet)
    {
        var rows = new List<(string Id, Process? Process, bool HasEnded)>();
        if (IsKubernetes)
        {
            rows.AddRange(state.Sandboxes.Where(pod => pod.Pause is not null).Select(pod => (pod.Id, pod.Pause, pod.Pause!.HasExited)));
            rows.AddRange(state.Containers.Where(container => container.Process is not null).Select(container => (container.Id, container.Process, container.State == ContainerState.Exited)));
        }

        rows.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        if (isQuiet)
        {
            return string.Concat(rows.Select(row => row.Id + "\n"));
        }

        var table = new TextTable(4, 4, "TASK", "PID", "STATUS", "");
        foreach (var (id, process, hasEnded) in rows.Where(row => !row.HasEnded))
        {
            table.Add(id, process!.Id.ToString(CultureInfo.InvariantCulture), hasEnded ? "STOPPED" : "RUNNING", "");
        }

        return table.ToString();
    }

    private void Kill(RuntimeState state, string id)
    {
        var process = !IsKubernetes ? null
            : state.Containers.FirstOrDefault(container => container.Id == id) is { State: ContainerState.Running } container ? container.Process
            : state.Sandboxes.FirstOrDefault(pod => pod.Id == id)?.Pause;
        if (process is not { HasExited: false })
        {
            Fail($"task {id} not found: not found");
            return;
        }

        process.Send(_signal);
    }

    private string Images(RuntimeState state, bool isQuiet)
    {
        var images = IsKubernetes ? state.Images.OrderBy(image => image.Tags[0], StringComparer.Ordinal).ToList() : [];
        if (isQuiet)
        {
            return string.Concat(images.Select(image => image.Tags[0] + "\n"));
        }

        var table = new TextTable(1, 1, "REF", "TYPE", "DIGEST", "SIZE", "PLATFORMS", "LABELS", "");
        foreach (var image in images)
        {
            table.Add(
                image.Tags[0], "application/vnd.oci.image.index.v1+json", image.Image.Digest, (image.Image.SizeBytes / 1024.0 / 1024).ToString("0.0", CultureInfo.InvariantCulture) + " MiB",
                "linux/amd64", "io.cri-containerd.image=managed", "");
        }

        return table.ToString();
    }

    private IEnumerable<Wait> Pull(CriService cri, string name)
    {
        // ctr adds nothing to a name: neither a registry nor a tag.
        if (!name.Contains('/') || !name.Split('/')[0].Contains('.'))
        {
            Fail($"failed to resolve reference \"{name}\": parse \"dummy://{name}\": invalid port \":{name.Split(':')[^1]}\" after host");
            yield break;
        }

        if (!ImageReference.TryParse(name, out var reference, out var fault))
        {
            Fail(fault ?? "invalid reference");
            yield break;
        }

        var start = self.World.Now;
        var result = new CriResult<LocalImage>();
        yield return Wait.Call(cri.PullImage(reference, result));
        if (result.Value is not { } image)
        {
            Fail($"failed to resolve reference \"{name}\": {result.Error}");
            yield break;
        }

        self.Output.Write($"{name}:\tresolved       |++++++++++++++++++++++++++++++++++++++|\nunpacking linux/amd64 {image.Image.Digest}...\ndone: {(self.World.Now - start).TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture)}ms\t\n");
    }

    private void RemoveImage(CriService cri, string name)
    {
        if (!IsKubernetes || cri.State.Images.FirstOrDefault(image => image.Tags.Contains(name)) is not { } image)
        {
            self.Error.WriteLine($"ctr: image \"{name}\": not found");
            self.Exit(1);
            return;
        }

        cri.RemoveImage(image.Image.Reference);
        self.Output.WriteLine(name);
    }
}
