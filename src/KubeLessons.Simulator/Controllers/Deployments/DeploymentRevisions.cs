using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>
/// The ReplicaSets of one Deployment during one look at it: the new one, whose template is the Deployment's, and the old ones
/// (pkg/controller/deployment: getAllReplicaSetsAndSyncRevision).
/// </summary>
internal sealed class DeploymentRevisions(ControllerContext context, Doc deployment, List<Doc> sets, Action<string, string, string> say)
{
    /// <summary>The Deployment as it is by now: conditions and revision may have been written.</summary>
    public Doc Deployment { get; private set; } = deployment;

    /// <summary>The set that has the Deployment's template; null when there is none yet.</summary>
    public Doc? New { get; private set; }

    public List<Doc> Old { get; private set; } = [];

    /// <summary>Old ones first, the new one last.</summary>
    public List<Doc> All => New is null ? [.. Old] : [.. Old, New];

    public IEnumerable<Doc> ActiveOld => Old.Where(static set => ProportionalScaling.Size(set) > 0);

    /// <summary>Finds the new and the old sets and brings their revisions up to date. False: something failed, look again.</summary>
    public bool Sync(bool createNew)
    {
        sets.Sort(ProportionalScaling.ByAge);
        var template = Deployment.At("spec", "template") ?? Doc.Empty;
        New = sets.Find(set => WithoutHash(set.At("spec", "template") ?? Doc.Empty).Equals(WithoutHash(template)));
        Old = [.. sets.Where(set => !ReferenceEquals(set, New))];
        var revision = Old.Count == 0 ? 1 : Old.Max(DeploymentAnnotations.RevisionOf) + 1;
        return New is { } found ? Refresh(found, revision) : !createNew || Create(template, revision);
    }

    /// <summary>Replaces a set by its newer state.</summary>
    public void Put(Doc set)
    {
        if (New is not null && New.Uid() == set.Uid())
        {
            New = set;
            return;
        }

        var at = Old.FindIndex(old => old.Uid() == set.Uid());
        if (at >= 0)
        {
            Old[at] = set;
        }
    }

    private static Doc WithoutHash(Doc template)
    {
        template = template.Without("metadata", "labels", PodTemplateHash.Label);
        return template.At("metadata", "labels") is DocObject { Count: 0 } ? template.Without("metadata", "labels") : template;
    }

    private bool Refresh(Doc found, long revision)
    {
        var wanted = DeploymentAnnotations.Inherit(found, Deployment, revision);
        var minReadySeconds = Deployment.Int("spec", "minReadySeconds") ?? 0;
        if ((found.Int("spec", "minReadySeconds") ?? 0) != minReadySeconds)
        {
            wanted = wanted.With(minReadySeconds, "spec", "minReadySeconds");
        }

        if (!ReferenceEquals(wanted, found) && !wanted.Equals(found))
        {
            var reply = context.Client.Send(ApiRequest.Update(Resources.ReplicaSets, wanted));
            New = reply.IsSuccess ? reply.Response!.Body : found;
            return reply.IsSuccess;
        }

        var changed = WithRevision(DeploymentAnnotations.RevisionOf(found));
        if (HasDeadline && Conditions.Find(Deployment, "Progressing") is null)
        {
            changed = WithProgressing(changed, "True", "FoundNewReplicaSet", $"Found new replica set \"{found.Name()}\"");
        }

        return Write(changed);
    }

    private bool Create(Doc template, long revision)
    {
        var hash = PodTemplateHash.Of(template, Deployment.Int("status", "collisionCount"));
        var limits = RolloutLimits.Of(Deployment);
        Doc set = Doc.Obj(
            ("apiVersion", "apps/v1"),
            ("kind", "ReplicaSet"),
            ("metadata", Doc.Obj(
                ("name", $"{Deployment.Name()}-{hash}"),
                ("namespace", Deployment.Namespace()),
                ("labels", (template.At("metadata", "labels") ?? Doc.Empty).With(hash, PodTemplateHash.Label)),
                ("ownerReferences", Doc.Arr(Metadata.ReferenceTo(Deployment, "apps/v1", "Deployment"))))),
            ("spec", Doc.Obj(
                ("replicas", 0),
                ("minReadySeconds", Deployment.At("spec", "minReadySeconds")),
                ("selector", (Deployment.At("spec", "selector") ?? Doc.Empty).With(hash, "matchLabels", PodTemplateHash.Label)),
                ("template", template.With(hash, "metadata", "labels", PodTemplateHash.Label)))));
        var replicas = RollingUpdate.NewSize(Deployment, [.. Old, set], set, limits);
        set = DeploymentAnnotations.Inherit(set.With(replicas, "spec", "replicas"), Deployment, revision);
        var desired = Deployment.Int("spec", "replicas") ?? 1;
        set = DeploymentAnnotations.WithSizes(set, desired, desired + limits.MaxSurge);

        var reply = context.Client.Send(ApiRequest.Create(Resources.ReplicaSets, Deployment.Namespace(), set));
        if (!reply.IsSuccess)
        {
            return reply.Reason == "AlreadyExists" ? AfterCollision(set) : AfterRefusal(reply.Response?.Message ?? reply.ConnectionError ?? "");
        }

        New = reply.Response!.Body;
        if (replicas > 0)
        {
            var from = context.Version.ScalingMessageStartsFromZero ? "from 0 to" : "to";
            say("Normal", "ScalingReplicaSet", $"Scaled up replica set {New.Name()} {from} {replicas}");
        }

        var changed = WithRevision(revision);
        return Write(HasDeadline
            ? WithProgressing(changed, "True", "NewReplicaSetCreated", $"Created new replica set \"{New.Name()}\"")
            : changed);
    }

    // Either the informer lags behind and the set is ours, or the name is taken by another template: then the hash must change.
    private bool AfterCollision(Doc set)
    {
        var reply = context.Client.Send(ApiRequest.Get(Resources.ReplicaSets, set.Namespace(), set.Name()));
        if (reply.IsSuccess
            && reply.Response!.Body.IsControlledBy(Deployment)
            && WithoutHash(reply.Response.Body.At("spec", "template") ?? Doc.Empty).Equals(WithoutHash(set.At("spec", "template")!)))
        {
            New = reply.Response.Body;
            return true;
        }

        Write(Deployment.With((Deployment.Int("status", "collisionCount") ?? 0) + 1, "status", "collisionCount"));
        return false;
    }

    private bool AfterRefusal(string why)
    {
        var message = $"Failed to create new replica set \"{Deployment.Name()}\": {why}";
        if (HasDeadline)
        {
            Write(WithProgressing(Deployment, "False", "ReplicaSetCreateError", message));
        }

        say("Warning", "ReplicaSetCreateError", message);
        return false;
    }

    private bool HasDeadline => Deployment.At("spec", "progressDeadlineSeconds") is { IsNull: false };

    private Doc WithRevision(long revision) =>
        DeploymentAnnotations.RevisionOf(Deployment) == revision
            ? Deployment
            : Deployment.With(DeploymentAnnotations.Text(revision), "metadata", "annotations", DeploymentAnnotations.Revision);

    private Doc WithProgressing(Doc changed, string status, string reason, string message) => changed.With(
        DeploymentStatus.WithCondition(
            changed["status"] ?? Doc.Empty,
            DeploymentStatus.Condition("Progressing", status, reason, message, context.UtcNow)),
        "status");

    // The status subresource of a Deployment takes annotations too: this is how the revision gets there.
    private bool Write(Doc changed)
    {
        if (changed.Equals(Deployment))
        {
            return true;
        }

        var reply = context.Client.Send(ApiRequest.Update(Resources.Deployments, changed, "status"));
        Deployment = reply.IsSuccess ? reply.Response!.Body : Deployment;
        return reply.IsSuccess;
    }
}
