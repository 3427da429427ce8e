using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>What controllers ask of a pod.</summary>
internal static class Pods
{
    public static string? NodeName(this Doc pod) => pod.Text("spec", "nodeName") is { Length: > 0 } node ? node : null;

    public static string Phase(this Doc pod) => pod.Text("status", "phase") ?? "Pending";

    public static bool IsTerminated(this Doc pod) => pod.Phase() is "Succeeded" or "Failed";

    /// <summary>Neither finished nor being deleted (pkg/controller: IsPodActive).</summary>
    public static bool IsActive(this Doc pod) => !pod.IsTerminated() && !pod.IsBeingDeleted();

    public static bool IsReady(this Doc pod) => Conditions.Find(pod, "Ready")?.Text("status") == "True";

    /// <summary>Since when the pod is ready; the beginning of time when it is not.</summary>
    public static DateTimeOffset ReadySince(this Doc pod) =>
        Conditions.Find(pod, "Ready") is { } ready && ready.Text("status") == "True"
            ? Timestamps.Parse(ready.Text("lastTransitionTime"))
            : DateTimeOffset.MinValue;

    /// <summary>Ready for at least this long.</summary>
    public static bool IsAvailable(this Doc pod, long minReadySeconds, DateTimeOffset now) =>
        pod.IsReady() && (minReadySeconds == 0 || pod.ReadySince().AddSeconds(minReadySeconds) <= now);

    /// <summary>A pod as a controller creates it from a template: named after its owner, and owned by it.</summary>
    public static Doc FromTemplate(Doc template, string generateName, Doc controllerReference)
    {
        var metadata = Doc.Obj(
            ("generateName", generateName),
            ("labels", template.At("metadata", "labels")),
            ("annotations", template.At("metadata", "annotations")),
            ("finalizers", template.At("metadata", "finalizers")),
            ("ownerReferences", Doc.Arr(controllerReference)));
        return Doc.Obj(("apiVersion", "v1"), ("kind", "Pod"), ("metadata", metadata), ("spec", template["spec"] ?? Doc.Empty));
    }
}
