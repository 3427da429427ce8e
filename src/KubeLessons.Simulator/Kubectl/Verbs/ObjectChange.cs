using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Verbs.Apply;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>Turns a changed object into the patch that kubectl sends for it.</summary>
internal static class ObjectChange
{
    /// <summary>The request that brings the object on the server from one state to another; null when nothing changed.</summary>
    /// <param name="call">The call, whose flags name the field manager.</param>
    /// <param name="found">The object as it is.</param>
    /// <param name="changed">The object as it should be.</param>
    /// <param name="dryRun">Whether the server is to keep it.</param>
    /// <param name="asMerge">A JSON merge patch, as label and annotate send it, in place of a strategic one.</param>
    public static ApiRequest? Request(Invocation call, FoundObject found, Doc changed, DryRun dryRun, bool asMerge = false)
    {
        var path = found.Resource.Path;
        var type = asMerge ? null : new SchemaTable().Find(path.Group, path.Version, found.Resource.Kind);
        var patch = ThreeWayMerge.Patch(found.Value, changed, found.Value, type);
        return patch.Count == 0 ? null : new ApiRequest(ApiVerb.Patch, path)
        {
            Namespace = found.Namespace,
            Name = found.Name,
            Body = patch,
            Patch = type is null ? PatchKind.Merge : PatchKind.StrategicMerge,
            Options = WriteOptions.Of(call, dryRun),
        };
    }

    /// <summary>The pod template of a workload (or a pod's own spec); null for kinds that have none.</summary>
    public static string[]? PodSpecPath(Doc value) => value.Text("kind") switch
    {
        "Pod" => ["spec"],
        "CronJob" => ["spec", "jobTemplate", "spec", "template", "spec"],
        "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" or "Job" or "ReplicationController" => ["spec", "template", "spec"],
        _ => null,
    };
}
