using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>What crictl shows of a runtime's state.</summary>
internal static class CrictlLists
{
    private const int ShortId = 13;

    public static string Containers(RuntimeState state, CommandOptions options)
    {
        var wanted = state.Containers
            .Where(container => options.Has('a') || options.Value('s') is not null || container.State == ContainerState.Running)
            .Where(container => options.Value('s') is not { } word || container.State.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
            .Where(container => options.Value('n') is not { } name || container.Config.Name.Contains(name, StringComparison.Ordinal))
            .Where(container => options.Value('p') is not { } pod || container.Sandbox.Id.StartsWith(pod, StringComparison.Ordinal))
            .Where(container => options.Value('I') is not { } image || container.Config.Image.Contains(image, StringComparison.Ordinal))
            .Where(container => Labelled(options, container.Sandbox.Config.Labels, container.Config.Labels))
            .Reverse()
            .ToList();
        if (options.Has('q'))
        {
            return string.Concat(wanted.Select(container => container.Id + "\n"));
        }

        if (options.Value('o') is "json")
        {
            return DocJson.Write(Doc.Obj(("containers", Doc.Arr(wanted.Select(Summary)))), indented: true).Replace("    ", "  ", StringComparison.Ordinal) + "\n";
        }

        var table = new TextTable(20, 3, "CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE");
        foreach (var container in wanted)
        {
            var full = options.Has('N');
            table.Add(
                Cut(container.Id, full), Cut(container.Image.ConfigDigest["sha256:".Length..], full), Ago(state.Host, container.CreatedAt),
                container.State.ToString(), container.Config.Name, container.Config.Attempt.ToString(CultureInfo.InvariantCulture),
                Cut(container.Sandbox.Id, full), container.Sandbox.Config.Name, container.Sandbox.Config.Namespace);
        }

        return table.ToString();
    }

    /// <summary>What the running containers use: their processes' share of the processor and memory, and what they wrote.</summary>
    public static string Stats(RuntimeState state, CommandOptions options)
    {
        var table = new TextTable(20, 3, "CONTAINER", "NAME", "CPU %", "MEM", "DISK", "INODES");
        foreach (var container in state.Containers.Where(container => container.State == ContainerState.Running))
        {
            if (options.Operands.Count > 0 && !options.Operands.Exists(id => container.Id.StartsWith(id, StringComparison.Ordinal)))
            {
                continue;
            }

            var processes = state.Host.Processes.Running.Where(process => process.ContainerId == container.Id).ToList();
            table.Add(
                Cut(container.Id, options.Has('N')), container.Config.Name, (processes.Sum(ProcessUsage.CpuShare) * 100).ToString("0.00", CultureInfo.InvariantCulture),
                Size(processes.Sum(ProcessUsage.ResidentBytes)), Size(container.Files.BytesBelow("/")),
                container.Files.Below("/").Count().ToString(CultureInfo.InvariantCulture));
        }

        return table.ToString();
    }

    public static string Pods(RuntimeState state, CommandOptions options)
    {
        var wanted = state.Sandboxes
            .Where(pod => options.Value('s') is not { } word || pod.State.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
            .Where(pod => options.Value('n') is not { } name || pod.Config.Name.Contains(name, StringComparison.Ordinal))
            .Where(pod => options.Value('m') is not { } ns || pod.Config.Namespace == ns)
            .Where(pod => Labelled(options, pod.Config.Labels, pod.Config.Labels))
            .Reverse()
            .ToList();
        if (options.Has('q'))
        {
            return string.Concat(wanted.Select(pod => pod.Id + "\n"));
        }

        var table = new TextTable(20, 3, "POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME");
        foreach (var pod in wanted)
        {
            table.Add(
                Cut(pod.Id, options.Has('N')), Ago(state.Host, pod.CreatedAt), pod.State.ToString(), pod.Config.Name, pod.Config.Namespace,
                pod.Config.Attempt.ToString(CultureInfo.InvariantCulture), "(default)");
        }

        return table.ToString();
    }

    public static string Images(RuntimeState state, CommandOptions options)
    {
        var wanted = state.Images.Where(image => options.Operands.Count == 0 || image.Tags.Any(tag => tag.Contains(options.Operands[^1], StringComparison.Ordinal))).ToList();
        if (options.Has('q'))
        {
            return string.Concat(wanted.Select(image => image.Image.ConfigDigest + "\n"));
        }

        var table = new TextTable(20, 3, "IMAGE", "TAG", "IMAGE ID", "SIZE");
        foreach (var image in wanted)
        {
            table.Add(
                image.Image.Repository.Name, image.Image.Reference.Tag ?? "<none>", Cut(image.Image.ConfigDigest["sha256:".Length..], options.Has('N')), Size(image.Image.SizeBytes));
        }

        return table.ToString();
    }

    public static Doc Describe(Container container) => Doc.Obj(
        ("info", Doc.Obj(
            ("pid", container.Process?.Id ?? 0),
            ("runtimeType", "io.containerd.runc.v2"),
            ("sandboxID", container.Sandbox.Id))),
        ("status", Doc.Obj(
            ("annotations", Doc.Map(container.Config.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))),
            ("createdAt", Time(container.CreatedAt)),
            ("exitCode", container.ExitCode),
            ("finishedAt", Time(container.FinishedAt)),
            ("id", container.Id),
            ("image", Doc.Obj(("image", container.Config.Image))),
            ("imageRef", container.Image.RepoDigest),
            ("labels", Doc.Map(container.Config.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))),
            ("message", container.Message),
            ("metadata", Doc.Obj(("attempt", container.Config.Attempt), ("name", container.Config.Name))),
            ("mounts", Doc.Arr(container.Config.Mounts.Select(mount => (Doc)Doc.Obj(
                ("containerPath", mount.Path), ("hostPath", mount.HostPath), ("readonly", mount.IsReadOnly))))),
            ("reason", container.Reason),
            ("startedAt", Time(container.StartedAt)),
            ("state", "CONTAINER_" + container.State.ToString().ToUpperInvariant()))));

    public static Doc Describe(PodSandbox pod) => Doc.Obj(
        ("info", Doc.Obj(("pid", pod.Pause?.Id ?? 0), ("runtimeType", "io.containerd.runc.v2"))),
        ("status", Doc.Obj(
            ("createdAt", Time(pod.CreatedAt)),
            ("id", pod.Id),
            ("labels", Doc.Map(pod.Config.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))),
            ("metadata", Doc.Obj(("attempt", pod.Config.Attempt), ("name", pod.Config.Name), ("namespace", pod.Config.Namespace), ("uid", pod.Config.Uid))),
            ("network", Doc.Obj(("ip", pod.Address))),
            ("state", pod.State == SandboxState.Ready ? "SANDBOX_READY" : "SANDBOX_NOTREADY"))));

    public static Doc Info(CriService cri) => Doc.Obj(
        ("status", Doc.Obj(("conditions", Doc.Arr(
            Doc.Obj(("message", ""), ("reason", ""), ("status", true), ("type", "RuntimeReady")),
            Doc.Obj(
                ("message", cri.NetworkFault is { } fault ? $"Network plugin returns error: {fault}" : ""),
                ("reason", cri.NetworkFault is null ? "" : "NetworkPluginNotReady"),
                ("status", cri.NetworkFault is null),
                ("type", "NetworkReady")))))));

    private static Doc Summary(Container container) => Doc.Obj(
        ("id", container.Id),
        ("podSandboxId", container.Sandbox.Id),
        ("metadata", Doc.Obj(("name", container.Config.Name), ("attempt", container.Config.Attempt))),
        ("image", Doc.Obj(("image", container.Image.ConfigDigest))),
        ("imageRef", container.Image.ConfigDigest),
        ("state", "CONTAINER_" + container.State.ToString().ToUpperInvariant()),
        ("createdAt", (container.CreatedAt.ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture)),
        ("labels", Doc.Map(container.Config.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))));

    private static bool Labelled(CommandOptions options, IReadOnlyDictionary<string, string> pod, IReadOnlyDictionary<string, string> own)
    {
        foreach (var pair in options.Values('l'))
        {
            var (key, value) = pair.IndexOf('=') is > 0 and var at ? (pair[..at], pair[(at + 1)..]) : (pair, null);
            var found = own.GetValueOrDefault(key) ?? pod.GetValueOrDefault(key);
            if (found is null || (value is not null && found != value))
            {
                return false;
            }
        }

        return true;
    }

    private static string Cut(string id, bool isFull) => isFull || id.Length <= ShortId ? id : id[..ShortId];

    private static Doc Time(DateTimeOffset? time) =>
        time is { } known ? known.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "00Z" : "0001-01-01T00:00:00Z";

    // The words of go-units' HumanDuration.
    private static string Ago(Host host, DateTimeOffset time)
    {
        var age = host.World.UtcNow - time;
        return age.TotalSeconds < 1 ? "Less than a second ago"
            : age.TotalSeconds < 2 ? "1 second ago"
            : age.TotalSeconds < 60 ? $"{(int)age.TotalSeconds} seconds ago"
            : age.TotalMinutes < 2 ? "About a minute ago"
            : age.TotalMinutes < 60 ? $"{(int)age.TotalMinutes} minutes ago"
            : Math.Round(age.TotalHours) == 1 ? "About an hour ago"
            : age.TotalHours < 48 ? $"{(int)Math.Round(age.TotalHours)} hours ago"
            : $"{(int)(age.TotalHours / 24)} days ago";
    }

    private static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < 3)
        {
            value /= 1000;
            unit++;
        }

        var digits = value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
        return digits + ((ReadOnlySpan<string>)["B", "kB", "MB", "GB"])[unit];
    }
}
