using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// The ControllerRevisions of DaemonSets and StatefulSets (pkg/controller/history): each template that a set had, numbered, so
/// that pods can say which one they were made from and a rollout can be undone.
/// </summary>
internal sealed class Revisions(ControllerContext context, ResourcePath ownerResource, string ownerKind)
{
    /// <summary>The label on pods and revisions that names the template.</summary>
    public const string HashLabel = "controller-revision-hash";

    private readonly Informer _revisions = context.InformerOf(Resources.ControllerRevisions);

    /// <summary>The revisions of a set, oldest first.</summary>
    public List<Doc> Of(Doc owner) =>
    [
        .. _revisions.Objects.Where(revision => revision.Namespace() == owner.Namespace() && revision.IsControlledBy(owner))
            .OrderBy(static revision => revision.Int("revision") ?? 0),
    ];

    /// <summary>
    /// The revision of the set's template as it is now: found, renumbered when it is an old one that came back, or made. Null when
    /// the API refused.
    /// </summary>
    public Doc? Current(Doc owner, List<Doc> known)
    {
        var template = owner.At("spec", "template") ?? Doc.Empty;
        var data = Doc.Obj(("spec", Doc.Obj(("template", template.With("replace", "$patch")))));
        var next = known.Count == 0 ? 1 : known[^1].Int("revision")!.Value + 1;
        var same = known.FindLast(revision => data.Equals(revision["data"]));
        if (same is not null)
        {
            if (same == known[^1])
            {
                return same;
            }

            var renumbered = context.Client.Send(ApiRequest.Update(Resources.ControllerRevisions, same.With(next, "revision")));
            return renumbered.IsSuccess ? renumbered.Response!.Body : null;
        }

        return Create(owner, template, data, next);
    }

    /// <summary>Deletes the oldest revisions beyond the limit that no pod was made from.</summary>
    public void Trim(Doc owner, List<Doc> known, Doc current, IEnumerable<Doc> pods)
    {
        var limit = owner.Int("spec", "revisionHistoryLimit") ?? 10;
        var live = pods.Select(static pod => pod.Label(HashLabel)).ToHashSet();
        var idle = known.Where(revision => revision.Name() != current.Name() && !live.Contains(revision.Label(HashLabel)) && !live.Contains(revision.Name())).ToList();
        for (var i = 0; i < idle.Count - limit; i++)
        {
            context.Client.Send(ApiRequest.Delete(Resources.ControllerRevisions, idle[i].Namespace(), idle[i].Name()));
        }
    }

    private Doc? Create(Doc owner, Doc template, Doc data, long number)
    {
        for (var collisions = owner.Int("status", "collisionCount"); ; collisions = (collisions ?? 0) + 1)
        {
            var hash = PodTemplateHash.Of(template, collisions);
            var name = $"{owner.Name()}-{hash}";
            var revision = Doc.Obj(
                ("apiVersion", "apps/v1"),
                ("kind", "ControllerRevision"),
                ("metadata", Doc.Obj(
                    ("name", name),
                    ("namespace", owner.Namespace()),
                    ("labels", (template.At("metadata", "labels") ?? Doc.Empty).With(hash, HashLabel)),
                    ("annotations", owner.At("metadata", "annotations")),
                    ("ownerReferences", Doc.Arr(Metadata.ReferenceTo(owner, ownerResource.ApiVersion, ownerKind))))),
                ("data", data),
                ("revision", number));
            var reply = context.Client.Send(ApiRequest.Create(Resources.ControllerRevisions, owner.Namespace(), revision));
            if (reply.IsSuccess)
            {
                return reply.Response!.Body;
            }

            if (reply.Reason != "AlreadyExists")
            {
                return null;
            }

            var existing = context.Client.Send(ApiRequest.Get(Resources.ControllerRevisions, owner.Namespace(), name));
            if (existing.IsSuccess && existing.Response!.Body.IsControlledBy(owner) && data.Equals(existing.Response.Body["data"]))
            {
                return existing.Response.Body;
            }
        }
    }
}
