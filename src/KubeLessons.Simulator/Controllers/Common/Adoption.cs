using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// Whose an object is: a controller keeps what refers to it and matches its selector, releases what no longer matches, and
/// adopts what matches and has no controller (pkg/controller: PodControllerRefManager).
/// </summary>
/// <param name="context">The process' way to the API.</param>
/// <param name="owner">The ReplicaSet, Deployment… that claims.</param>
/// <param name="ownerResource">Its resource.</param>
/// <param name="ownerKind">Its kind, as an owner reference names it.</param>
/// <param name="dependents">What is claimed.</param>
internal sealed class Adoption(
    ControllerContext context, Doc owner, ResourcePath ownerResource, string ownerKind, ResourcePath dependents)
{
    private bool? _mayAdopt;

    /// <summary>Of these candidates, those that belong to the owner now; null when a patch failed and the look must be repeated.</summary>
    public List<Doc>? Claim(IEnumerable<Doc> candidates)
    {
        var selector = LabelSelector.FromDoc(owner.At("spec", "selector"));
        var claimed = new List<Doc>();
        foreach (var candidate in candidates)
        {
            var matches = selector.Matches(candidate.At("metadata", "labels"));
            if (candidate.ControllerReference() is { } reference)
            {
                if (reference.Text("uid") != owner.Uid())
                {
                    continue;
                }

                if (matches)
                {
                    claimed.Add(candidate);
                }
                else if (!owner.IsBeingDeleted() && !Release(candidate))
                {
                    return null;
                }
            }
            else if (matches && !owner.IsBeingDeleted() && !candidate.IsBeingDeleted())
            {
                if (!MayAdopt())
                {
                    return null;
                }

                if (Adopt(candidate) is { } adopted)
                {
                    claimed.Add(adopted);
                }
            }
        }

        return claimed;
    }

    // The owner may have been deleted, or deleted and made anew, since it was cached: ask once before the first adoption.
    private bool MayAdopt()
    {
        if (_mayAdopt is { } known)
        {
            return known;
        }

        var reply = context.Client.Send(ApiRequest.Get(ownerResource, owner.Namespace(), owner.Name()));
        _mayAdopt = reply.IsSuccess && reply.Response!.Body.Uid() == owner.Uid() && !reply.Response.Body.IsBeingDeleted();
        return _mayAdopt.Value;
    }

    private Doc? Adopt(Doc candidate)
    {
        var reference = Metadata.ReferenceTo(owner, ownerResource.ApiVersion, ownerKind);
        var reply = context.Client.Send(Patch(candidate, Doc.Arr(reference)));
        return reply.IsSuccess ? reply.Response!.Body : null;
    }

    private bool Release(Doc candidate)
    {
        var leave = Doc.Obj(("$patch", "delete"), ("uid", owner.Uid()));
        var reply = context.Client.Send(Patch(candidate, Doc.Arr(leave)));
        return reply.IsSuccess || reply.Reason is "NotFound" or "Invalid" or "Conflict";
    }

    private ApiRequest Patch(Doc candidate, Doc ownerReferences) =>
        new(ApiVerb.Patch, dependents)
        {
            Namespace = candidate.Namespace(),
            Name = candidate.Name(),
            Patch = PatchKind.StrategicMerge,
            Body = Doc.Obj(("metadata", Doc.Obj(("ownerReferences", ownerReferences), ("uid", candidate.Uid())))),
        };
}
