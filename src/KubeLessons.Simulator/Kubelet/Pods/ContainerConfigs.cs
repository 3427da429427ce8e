using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Kubelet.Volumes;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>What a container is asked for with: command, environment, mounts.</summary>
internal sealed class ContainerConfigs(
    Process self, ContainerEnvironment environments, ReferencedObjects objects, PodVolumes volumes, SandboxConfigs sandboxes)
{
    /// <summary>Long enough for the first look at an object that nobody here has asked for before.</summary>
    private static readonly TimeSpan _cacheWait = TimeSpan.FromMilliseconds(5);

    /// <summary>Sees to it that what the environment refers to was looked at.</summary>
    public IEnumerable<Wait> Prepare(PodObject pod, ContainerSpec spec)
    {
        var unknown = 0;
        foreach (var (plural, name) in ContainerEnvironment.References(spec))
        {
            unknown += objects.Watch(plural, pod.Namespace, name) ? 0 : 1;
        }

        if (unknown > 0)
        {
            yield return Wait.For(_cacheWait);
        }
    }

    /// <summary>The configuration, or why it cannot be made yet (<c>configmap "x" not found</c>).</summary>
    public (ContainerConfig? Config, string? Error) Make(PodObject pod, ContainerSpec spec, PodSandbox sandbox, int attempt, string imageUser)
    {
        var (environment, fault) = environments.Of(pod, spec);
        if (fault is not null)
        {
            return (null, fault);
        }

        var values = environment.ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
        var (mounts, notMounted) = volumes.MountsOf(pod, spec, Expand);
        if (notMounted is not null)
        {
            return (null, notMounted);
        }

        var user = spec.Doc.Int("securityContext", "runAsUser") ?? pod.Doc.Int("spec", "securityContext", "runAsUser");
        if (WhyRoot(pod, spec, user, imageUser) is { } root)
        {
            return (null, root);
        }

        var target = spec.Doc.Text("targetContainerName") is { Length: > 0 } targetName
            ? sandbox.Containers.LastOrDefault(other => other.Config.Name == targetName && other.State == ContainerState.Running)?.Id
            : "";
        if (target is null)
        {
            return (null, $"unable to find target container \"{spec.Doc.Text("targetContainerName")}\"");
        }

        return (new ContainerConfig(spec.Name, attempt, spec.Image)
        {
            Command = Words(spec.Doc.List("command")),
            Arguments = Words(spec.Doc.List("args")),
            Environment = environment,
            WorkingDirectory = spec.Doc.Text("workingDir") ?? "",
            Mounts = [.. mounts, .. OwnFiles(pod, spec, sandbox, attempt, mounts)],
            TargetId = target,
            User = user is null ? "" : user == 0 ? "root" : user.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            HasInput = spec.Doc.Flag("stdin") == true,
            InputClosesAfterFirstAttach = spec.Doc.Flag("stdinOnce") == true,
            IsTerminal = spec.Doc.Flag("tty") == true,
            MemoryLimit = MemoryLimit(spec),
            OomScoreAdjustment = OomScore.AdjustmentOf(pod, spec, self.Host.Machine.MemoryKiB * 1024),
            LogPath = $"{spec.Name}/{attempt}.log",
            HasReadOnlyRoot = spec.Doc.Flag("securityContext", "readOnlyRootFilesystem") == true,
            Labels = ImmutableDictionary<string, string>.Empty
                .Add("io.kubernetes.container.name", spec.Name)
                .Add("io.kubernetes.pod.name", pod.Name)
                .Add("io.kubernetes.pod.namespace", pod.Namespace)
                .Add("io.kubernetes.pod.uid", pod.Uid),
        }, null);

        string Expand(string text) => ContainerEnvironment.Expand(text, name => values.GetValueOrDefault(name));

        ImmutableArray<string> Words(ImmutableArray<Doc> words) => [.. words.Select(word => Expand(word.AsText ?? ""))];
    }

    // pkg/kubelet/kuberuntime: verifyRunAsNonRoot.
    private static string? WhyRoot(PodObject pod, ContainerSpec spec, long? user, string imageUser)
    {
        if ((spec.Doc.Flag("securityContext", "runAsNonRoot") ?? pod.Doc.Flag("spec", "securityContext", "runAsNonRoot")) != true)
        {
            return null;
        }

        var where = $"(pod: \"{pod.LogName}\", container: {spec.Name})";
        var own = imageUser.Split(':')[0];
        return user == 0 ? $"container's runAsUser breaks non-root policy {where}"
            : user is not null ? null
            : own is "" or "0" ? $"container has runAsNonRoot and image will run as root {where}"
            : long.TryParse(own, out _) ? null
            : $"container has runAsNonRoot and image has non-numeric user ({own}), cannot verify user is non-root {where}";
    }

    private static long MemoryLimit(ContainerSpec spec) =>
        spec.Doc.At("resources", "limits", "memory") is { } limit && Quantity.TryParse(limit.AsText ?? limit.ToString()) is { } amount ? amount.Value : 0;

    // What every container gets besides its volumes: the pod's /etc/hosts, and the file that its last words are read from.
    private IEnumerable<ContainerMount> OwnFiles(PodObject pod, ContainerSpec spec, PodSandbox sandbox, int attempt, ImmutableArray<ContainerMount> mounts)
    {
        var (files, place) = (self.Host.Files, KubeletPaths.Pod(pod.Uid));
        if (!mounts.Any(mount => mount.Path == "/etc/hosts"))
        {
            // Written anew for every container: after a boot, or in a new sandbox, the pod has another address.
            files.Write(place + "/etc-hosts", HostsFile(pod, sandbox));
            yield return new ContainerMount("/etc/hosts", files, place + "/etc-hosts") { HostPath = place + "/etc-hosts" };
        }

        var path = spec.Doc.Text("terminationMessagePath") is { Length: > 0 } set ? set : "/dev/termination-log";
        var id = SeededRandom.Hash($"{pod.Uid}/{spec.Name}/{attempt}") & 0xffff_ffff;
        var last = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place}/containers/{spec.Name}/{id:x8}");
        files.Write(last, "", 0b110_110_110);
        yield return new ContainerMount(path, files, last) { HostPath = last };
    }

    private string HostsFile(PodObject pod, PodSandbox sandbox)
    {
        var text = new System.Text.StringBuilder();
        if (pod.IsHostNetwork)
        {
            text.Append("# Kubernetes-managed hosts file (host network).\n").Append(self.Host.Files.Read("/etc/hosts"));
        }
        else
        {
            var (name, domain) = (sandboxes.Hostname(pod), sandboxes.Domain(pod));
            text.Append("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
                .Append("fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n")
                .Append(domain.Length > 0 ? $"{sandbox.Address}\t{name}.{domain}\t{name}\n" : $"{sandbox.Address}\t{name}\n");
        }

        var aliases = pod.Doc.List("spec", "hostAliases");
        if (!aliases.IsEmpty)
        {
            text.Append("\n# Entries added by HostAliases.\n");
        }

        foreach (var alias in aliases)
        {
            text.Append($"{alias.Text("ip")}\t{string.Join('\t', alias.List("hostnames").Select(name => name.AsText))}\n");
        }

        return text.ToString();
    }
}
