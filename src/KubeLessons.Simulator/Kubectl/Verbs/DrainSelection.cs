using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>Which pods of a node a drain moves, which it leaves alone, and which it must not touch (k8s.io/kubectl/pkg/drain: filters).</summary>
internal sealed class DrainSelection
{
    private const string LocalStorage = "local storage";
    private readonly List<(string Message, string Pod)> _warnings = [];
    private readonly List<(string Message, string Pod)> _errors = [];

    public DrainSelection(FlagValues flags, ImmutableArray<Doc> pods, DateTimeOffset now)
    {
        var chosen = ImmutableArray.CreateBuilder<Doc>();
        foreach (var pod in pods)
        {
            if (Takes(flags, pod, now))
            {
                chosen.Add(pod);
            }
        }

        Pods = chosen.DrainToImmutable();
    }

    public ImmutableArray<Doc> Pods { get; }

    /// <summary>Each complaint with the pods that it is about.</summary>
    public IEnumerable<string> Errors => Grouped(_errors);

    /// <summary>What is said before the pods go, in one line; "" for nothing.</summary>
    public string Warnings => string.Join("; ", Grouped(_warnings));

    private static IEnumerable<string> Grouped(List<(string Message, string Pod)> notes) =>
        notes.GroupBy(note => note.Message).Select(group => $"{group.Key}: {string.Join(", ", group.Select(note => note.Pod))}");

    private bool Takes(FlagValues flags, Doc pod, DateTimeOffset now)
    {
        var name = DrainVerb.NameOf(pod);
        var controller = pod.List("metadata", "ownerReferences").FirstOrDefault(owner => owner.Flag("controller") == true)?.Text("kind");
        var isFinished = pod.Text("status", "phase") is "Succeeded" or "Failed";
        if (flags.Int("skip-wait-for-delete-timeout") is > 0 and var seconds
            && HumanDuration.Parse(pod.Text("metadata", "deletionTimestamp")) is { } deleted && now - deleted > TimeSpan.FromSeconds(seconds))
        {
            return false;
        }

        if (controller == "DaemonSet" && !isFinished)
        {
            (flags.Flag("ignore-daemonsets") ? _warnings : _errors).Add((
                flags.Flag("ignore-daemonsets") ? "ignoring DaemonSet-managed Pods" : "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", name));
            return false;
        }

        if (pod.At("metadata", "annotations")?["kubernetes.io/config.mirror"] is not null)
        {
            return false;
        }

        if (!isFinished && pod.List("spec", "volumes").Any(volume => volume.At("emptyDir") is not null) && !flags.Flag("delete-emptydir-data"))
        {
            _errors.Add(($"cannot delete Pods with {LocalStorage} (use --delete-emptydir-data to override)", name));
            return false;
        }

        if (!isFinished && controller is null)
        {
            // The doubled words are kubectl's own.
            (flags.Flag("force") ? _warnings : _errors).Add((
                flags.Flag("force") ? "deleting Pods that declare no controller" : "cannot delete cannot delete Pods that declare no controller (use --force to override)", name));
            return flags.Flag("force");
        }

        return true;
    }
}
