using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary>The containers of a pod, and the one that is meant when none is named.</summary>
internal static class PodContainers
{
    private const string DefaultAnnotation = "kubectl.kubernetes.io/default-container";

    /// <summary>In the order in which all their logs are shown: init containers first.</summary>
    public static ImmutableArray<string> All(Doc pod) => [.. Names(pod, "initContainers"), .. Names(pod, "containers"), .. Names(pod, "ephemeralContainers")];

    /// <summary>The container that is taken when none is named; when there was a choice, kubectl says so.</summary>
    public static string Default(Invocation call, Doc pod)
    {
        var mains = Names(pod, "containers").ToList();
        var annotated = pod.At("metadata", "annotations")?.Text(DefaultAnnotation);
        if (annotated is not null && All(pod).Contains(annotated))
        {
            return annotated;
        }

        var others = Names(pod, "ephemeralContainers").Select(name => name + " (ephem)").Concat(Names(pod, "initContainers").Select(name => name + " (init)")).ToList();
        if (mains.Count + others.Count > 1 && !call.Flags.Flag("quiet"))
        {
            call.Err($"Defaulted container \"{mains[0]}\" out of: {string.Join(", ", mains.Concat(others))}\n");
        }

        return mains.Count > 0 ? mains[0] : "";
    }

    private static IEnumerable<string> Names(Doc pod, string list) => pod.List("spec", list).Select(container => container.Text("name") ?? "");
}
