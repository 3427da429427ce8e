using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>What a kubelet tells of its node: name, labels, capacity, addresses, versions, images (pkg/kubelet/nodestatus).</summary>
internal sealed class NodeDescription(Host host, KubeletSettings settings, RuntimeConnection runtime)
{
    /// <summary>Memory that is kept free for the system (evictionHard memory.available&lt;100Mi): not for pods.</summary>
    public const long ReservedMemoryKiB = 100 * 1024;

    /// <summary>At most so many images are reported (KubeletConfiguration.nodeStatusMaxImages).</summary>
    public const int MaxImages = 50;

    public string Name => host.Name;

    /// <summary>The node as it registers itself, without its conditions.</summary>
    public Doc NewNode() => Doc.Obj(
        ("apiVersion", "v1"),
        ("kind", "Node"),
        ("metadata", Doc.Obj(
            ("name", host.Name),
            ("labels", Doc.Map(Labels())),
            ("annotations", Doc.Map([KeyValuePair.Create("volumes.kubernetes.io/controller-managed-attach-detach", "true")])))),
        ("spec", settings.RegisterWithTaints.IsEmpty ? Doc.Empty : Doc.Obj(("taints", Doc.Arr(settings.RegisterWithTaints.Select(Taint))))));

    /// <summary>The labels that the kubelet owns.</summary>
    public SortedDictionary<string, string> Labels()
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["beta.kubernetes.io/arch"] = Machine.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = Machine.Architecture,
            ["kubernetes.io/hostname"] = host.Name,
            ["kubernetes.io/os"] = "linux",
        };
        foreach (var (key, value) in settings.NodeLabels)
        {
            labels[key] = value;
        }

        return labels;
    }

    /// <summary>The status without its conditions.</summary>
    public Doc Status(Doc before) => before
        .With(Doc.Arr(Address("InternalIP", host.Address), Address("Hostname", host.Name)), "addresses")
        .With(Amounts(host.Machine.MemoryKiB, Kibi(host.Machine.DiskKiB)), "capacity")
        .With(Amounts(host.Machine.MemoryKiB - ReservedMemoryKiB, Number(host.Machine.DiskKiB * 1024 / 10 * 9)), "allocatable")
        .With(10250, "daemonEndpoints", "kubeletEndpoint", "Port")
        .With(Information(), "nodeInfo")
        .With(Images(), "images");

    private DocObject Amounts(long memoryKiB, string disk) => Doc.Obj(
        ("cpu", Number(host.Machine.Cpus)),
        ("ephemeral-storage", disk),
        ("hugepages-1Gi", "0"),
        ("hugepages-2Mi", "0"),
        ("memory", Kibi(memoryKiB)),
        ("pods", Number(settings.MaxPods)));

    private DocObject Information() => Doc.Obj(
        ("machineID", host.Machine.MachineId),
        ("systemUUID", SystemUuid()),
        ("bootID", host.Machine.BootId),
        ("kernelVersion", Machine.KernelRelease),
        ("osImage", Machine.OsImage),
        ("containerRuntimeVersion", CriService.Version),
        ("kubeletVersion", settings.Version.GitVersion),
        ("kubeProxyVersion", settings.Version.Minor >= 33 ? "" : settings.Version.GitVersion),
        ("operatingSystem", "linux"),
        ("architecture", Machine.Architecture));

    private string SystemUuid()
    {
        var id = host.Machine.MachineId;
        return $"{id[..8]}-{id[8..12]}-{id[12..16]}-{id[16..20]}-{id[20..]}";
    }

    private DocArray Images()
    {
        if (runtime.Connect(out _) is not { } cri)
        {
            return Doc.EmptyArray;
        }

        var largest = cri.State.Images.OrderByDescending(image => image.Image.SizeBytes).Take(MaxImages);
        return Doc.Arr(largest.Select(image => (Doc)Doc.Obj(
            ("names", Doc.Arr(image.Tags.Prepend(image.Image.RepoDigest).Select(name => (Doc)name))),
            ("sizeBytes", image.Image.SizeBytes))));
    }

    private static DocObject Address(string type, string address) => Doc.Obj(("type", type), ("address", address));

    private static Doc Taint(string text)
    {
        var (left, effect) = (text[..text.LastIndexOf(':')], text[(text.LastIndexOf(':') + 1)..]);
        var equals = left.IndexOf('=');
        return Doc.Obj(
            ("key", equals < 0 ? left : left[..equals]),
            ("value", equals < 0 || equals == left.Length - 1 ? null : left[(equals + 1)..]),
            ("effect", effect));
    }

    private static string Kibi(long amount) => Number(amount) + "Ki";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
