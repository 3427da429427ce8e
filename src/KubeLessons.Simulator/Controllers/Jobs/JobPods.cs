using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>A Job's pods: how they are made and what they tell.</summary>
internal static class JobPods
{
    public const string TrackingFinalizer = "batch.kubernetes.io/job-tracking";
    public const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";

    /// <summary>Since 1.26 a pod is kept until it is counted (JobTrackingWithFinalizers).</summary>
    public static bool AreTracked(KubernetesVersion version) => version.Minor >= 26;

    public static bool IsIndexed(Doc job) => job.Text("spec", "completionMode") == "Indexed";

    public static long? IndexOf(Doc pod) =>
        long.TryParse(pod.Annotation(IndexAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    public static Doc Make(Doc job, long? index, KubernetesVersion version)
    {
        var generateName = index is { } number ? $"{job.Name()}-{Text(number)}-" : job.Name() + "-";
        var pod = Pods.FromTemplate(job.At("spec", "template") ?? Doc.Empty, generateName, Metadata.ReferenceTo(job, "batch/v1", "Job"));
        if (AreTracked(version))
        {
            pod = pod.With(Doc.Arr(pod.List("metadata", "finalizers").Add(TrackingFinalizer)), "metadata", "finalizers");
        }

        return index is { } at ? WithIndex(pod, job, at, version) : pod;
    }

    /// <summary>The exit codes of the containers that have ended, by their names.</summary>
    public static IEnumerable<(string Container, long ExitCode)> ExitCodes(Doc pod)
    {
        foreach (var list in new[] { "initContainerStatuses", "containerStatuses" })
        {
            foreach (var status in pod.List("status", list))
            {
                if (status.Int("state", "terminated", "exitCode") is { } code)
                {
                    yield return (status.Text("name") ?? "", code);
                }
            }
        }
    }

    /// <summary>When a finished pod ended: the last of its containers, or what its conditions tell.</summary>
    public static DateTimeOffset FinishedAt(Doc pod)
    {
        var last = DateTimeOffset.MinValue;
        foreach (var status in pod.List("status", "containerStatuses"))
        {
            var at = Timestamps.Parse(status.Text("state", "terminated", "finishedAt"));
            last = at > last ? at : last;
        }

        return last > DateTimeOffset.MinValue ? last : Timestamps.Parse(Conditions.Find(pod, "Ready")?.Text("lastTransitionTime"));
    }

    private static Doc WithIndex(Doc pod, Doc job, long index, KubernetesVersion version)
    {
        pod = pod.With(Text(index), "metadata", "annotations", IndexAnnotation).With($"{job.Name()}-{Text(index)}", "spec", "hostname");
        if (version.Minor >= 28)
        {
            pod = pod.With(Text(index), "metadata", "labels", IndexAnnotation);
        }

        var reference = Doc.Obj(("fieldRef", Doc.Obj(("fieldPath", $"metadata.annotations['{IndexAnnotation}']"))));
        var variable = Doc.Obj(("name", "JOB_COMPLETION_INDEX"), ("valueFrom", reference));
        foreach (var list in new[] { "initContainers", "containers" })
        {
            var containers = pod.List("spec", list);
            if (!containers.IsEmpty)
            {
                pod = pod.With(
                    Doc.Arr(containers.Select(container => container.List("env").Any(static env => env.Text("name") == "JOB_COMPLETION_INDEX")
                        ? container
                        : container.With(Doc.Arr(container.List("env").Add(variable)), "env"))),
                    "spec",
                    list);
            }
        }

        return pod;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
