using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Verbs.Rollout;

/// <summary><c>kubectl rollout undo</c>: puts an older revision's pod template back.</summary>
internal static class RolloutUndo
{
    /// <summary>Annotations of a ReplicaSet that are its own and do not go back to the Deployment.</summary>
    private static readonly HashSet<string> OwnAnnotations =
    [
        LastApplied.Annotation, "deployment.kubernetes.io/revision", "deployment.kubernetes.io/revision-history", "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to",
    ];

    public static IEnumerable<Wait> Run(Invocation call)
    {
        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun) is not { } printer)
        {
            yield break;
        }

        var objects = new List<FoundObject>();
        yield return Wait.Call(RolloutVerb.Fetch(call, objects));
        foreach (var found in objects)
        {
            if (found.Resource.Kind is not ("Deployment" or "DaemonSet" or "StatefulSet"))
            {
                call.Fail($"no rollbacker has been implemented for \"{found.Resource.Kind}\"");
                yield break;
            }

            var revisions = new Revisions(call, found);
            yield return Wait.Call(revisions.Fetch());
            var (target, error) = Choose(call, found, revisions.Found);
            if (target is null)
            {
                call.Fail(error!);
                yield break;
            }

            if (dryRun == DryRun.Client)
            {
                printer.Print(found.Value, RolloutHistory.TemplateText(call, target));
                continue;
            }

            var template = WithoutHash(target.Template);
            if (template.Equals(WithoutHash(found.Value.At("spec", "template") ?? Doc.Empty)))
            {
                printer.Print(found.Value, $"skipped rollback (current template already matches revision {target.Number})");
                continue;
            }

            var reply = call.Send(PatchRequest(found, target, template, dryRun));
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail(call.FailureOf(reply, $"failed restoring revision {target.Number}: "));
                yield break;
            }

            printer.Print(reply.Response!.Body, "rolled back");
        }
    }

    private static (Revision? Target, string? Error) Choose(Invocation call, FoundObject found, List<Revision> revisions)
    {
        var wanted = call.Flags.Int("to-revision");
        if (wanted < 0)
        {
            return (null, "revision must be a positive integer");
        }

        if (found.Value.Flag("spec", "paused") == true)
        {
            return (null, $"you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again");
        }

        if (wanted > 0)
        {
            return revisions.FirstOrDefault(revision => revision.Number == wanted) is { } exact
                ? (exact, null)
                : (null, $"unable to find specified revision {wanted} in history");
        }

        return revisions.Count > 1 ? (revisions[^2], null) : (null, $"no rollout history found for {found.Resource.Kind.ToLowerInvariant()} \"{found.Name}\"");
    }

    private static ApiRequest PatchRequest(FoundObject found, Revision target, Doc template, DryRun dryRun)
    {
        var annotations = new DocObjectBuilder();
        foreach (var (key, value) in (found.Value.At("metadata", "annotations")?.Fields ?? []).Where(field => OwnAnnotations.Contains(field.Key)))
        {
            annotations.Set(key, value);
        }

        foreach (var (key, value) in (target.Keeper.At("metadata", "annotations")?.Fields ?? []).Where(field => !OwnAnnotations.Contains(field.Key)))
        {
            annotations.Set(key, value);
        }

        var operations = new List<Doc> { Doc.Obj(("op", "replace"), ("path", "/spec/template"), ("value", template)) };
        if (found.Resource.Kind == "Deployment")
        {
            operations.Add(Doc.Obj(("op", "replace"), ("path", "/metadata/annotations"), ("value", annotations.ToObject())));
        }

        return new ApiRequest(ApiVerb.Patch, found.Resource.Path)
        {
            Namespace = found.Namespace,
            Name = found.Name,
            Body = Doc.Arr(operations),
            Patch = PatchKind.Json,
            Options = new ApiOptions { DryRun = dryRun == DryRun.Server, FieldManager = "kubectl-rollout" },
        };
    }

    private static Doc WithoutHash(Doc template) => template.Without("metadata", "labels", "pod-template-hash");
}
