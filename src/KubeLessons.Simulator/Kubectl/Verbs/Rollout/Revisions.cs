using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Describing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Rollout;

/// <summary>One revision of a workload: its number, its pod template, and the object that keeps it.</summary>
internal sealed record Revision(long Number, Doc Template, Doc Keeper)
{
    /// <summary>What <c>kubernetes.io/change-cause</c> says.</summary>
    public string ChangeCause => Keeper.At("metadata", "annotations")?.Text("kubernetes.io/change-cause") is { Length: > 0 } cause ? cause : "<none>";
}

/// <summary>The revisions of a workload, oldest first: ReplicaSets of a Deployment, ControllerRevisions of a DaemonSet or StatefulSet.</summary>
internal sealed class Revisions(Invocation call, FoundObject owner)
{
    public List<Revision> Found { get; } = [];

    public IEnumerable<Wait> Fetch()
    {
        var isDeployment = owner.Resource.Kind == "Deployment";
        var path = new ResourcePath("apps", "v1", isDeployment ? "replicasets" : "controllerrevisions");
        var reply = call.Send(ApiRequest.List(path, owner.Namespace) with
        {
            Options = new ApiOptions { LabelSelector = SelectorText.Of(owner.Value.At("spec", "selector")) },
        });
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            call.Fail(reply);
            yield break;
        }

        foreach (var keeper in reply.Response!.Body.List("items").Where(IsOwned))
        {
            Found.Add(isDeployment
                ? new Revision(Rollouts.RevisionOf(keeper), keeper.At("spec", "template") ?? Doc.Empty, keeper)
                : new Revision(keeper.Int("revision") ?? 0, keeper.At("data", "spec", "template")?.Without("$patch") ?? Doc.Empty, keeper));
        }

        Found.Sort((a, b) => a.Number.CompareTo(b.Number));
    }

    private bool IsOwned(Doc keeper) => keeper.List("metadata", "ownerReferences").Any(each =>
        each.Flag("controller") == true && each.Text("uid") == owner.Value.Text("metadata", "uid"));
}
