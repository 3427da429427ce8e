using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Namespaces;

/// <summary>
/// Empties namespaces that are being deleted, and lets them go when nothing is left (pkg/controller/namespace): first the pods,
/// then everything else; conditions tell what is still there.
/// </summary>
internal sealed class NamespaceController
{
    /// <summary>A namespace that is marked is left alone for so long, for writes that are on their way (namespaceDeletionGracePeriod).</summary>
    public static readonly TimeSpan DeletionGrace = TimeSpan.FromSeconds(5);

    /// <summary>What objects that wait for a finalizer are given (finalizerEstimateSeconds).</summary>
    private const long FinalizerEstimateSeconds = 15;

    private const string Finalizer = "kubernetes";

    private readonly ControllerContext _context;
    private readonly ServedResources _served;
    private readonly Informer _namespaces;
    private readonly RetryingQueue<string> _queue;

    public NamespaceController(ControllerContext context, ServedResources served)
    {
        (_context, _served) = (context, served);
        _namespaces = context.InformerOf(Resources.Namespaces);
        _queue = context.QueueOf<string>(Sync);
        _namespaces.Changed += (_, after) =>
        {
            if (after is not null && after.IsBeingDeleted())
            {
                _queue.AddAfter(after.Name(), DeletionGrace);
            }
        };
    }

    private SyncResult Sync(string name)
    {
        var reply = _context.Client.Send(ApiRequest.Get(Resources.Namespaces, "", name));
        if (!reply.IsSuccess)
        {
            return SyncResult.FromSuccess(reply.Reason == "NotFound");
        }

        var ns = reply.Response!.Body;
        if (!ns.IsBeingDeleted() || !HasFinalizer(ns))
        {
            return SyncResult.Done;
        }

        var content = new NamespaceContent(_context.Client, _served, name);
        var removed = content.Delete();
        if (!WriteConditions(ns, content))
        {
            return SyncResult.Failure;
        }

        if (!removed)
        {
            return content.Failures.Count > 0
                ? SyncResult.Failure
                : SyncResult.After(TimeSpan.FromSeconds((Math.Max(content.GraceSeconds, content.Finalizers.Count > 0 ? FinalizerEstimateSeconds : 0) / 2) + 1));
        }

        var left = ns.List("spec", "finalizers").Where(static item => item.AsText != Finalizer);
        var fresh = _context.Client.Send(ApiRequest.Get(Resources.Namespaces, "", name));
        return fresh.IsSuccess
            ? SyncResult.FromSuccess(_context.Client.Send(new ApiRequest(ApiVerb.Update, Resources.Namespaces)
            {
                Name = name,
                Subresource = "finalize",
                Body = fresh.Response!.Body.With(Doc.Arr(left), "spec", "finalizers"),
            }).IsSuccess)
            : SyncResult.FromSuccess(fresh.Reason == "NotFound");
    }

    private static bool HasFinalizer(Doc ns) => ns.List("spec", "finalizers").Any(static item => item.AsText == Finalizer);

    private bool WriteConditions(Doc ns, NamespaceContent content)
    {
        var remaining = content.Remaining.Count == 0
            ? ("False", "ContentRemoved", "All content successfully removed")
            : ("True", "SomeResourcesRemain", "Some resources are remaining: " + Join(content.Remaining, "resource"));
        var finalizers = content.Finalizers.Count == 0
            ? ("False", "ContentHasNoFinalizers", "All content-preserving finalizers finished")
            : ("True", "SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: " + Join(content.Finalizers, "finalizer"));
        var failures = content.Failures.Count == 0
            ? ("False", "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
            : ("True", "ContentDeletionFailed", "Failed to delete all resource types, " + content.Failures.Count + " remaining: " + string.Join(", ", content.Failures));
        var conditions = ns.At("status", "conditions");
        conditions = Set(conditions, "NamespaceDeletionDiscoveryFailure", ("False", "ResourcesDiscovered", "All resources successfully discovered"));
        conditions = Set(conditions, "NamespaceDeletionGroupVersionParsingFailure", ("False", "ParsedGroupVersions", "All legacy kube types successfully parsed"));
        conditions = Set(conditions, "NamespaceDeletionContentFailure", failures);
        conditions = Set(conditions, "NamespaceContentRemaining", remaining);
        conditions = Set(conditions, "NamespaceFinalizersRemaining", finalizers);
        return _context.UpdateStatus(Resources.Namespaces, ns, (ns["status"] ?? Doc.Empty).With(conditions, "conditions"));
    }

    private static string Join(IEnumerable<KeyValuePair<string, int>> counts, string what) => what == "resource"
        ? string.Join(", ", counts.Select(static count => $"{count.Key} has {count.Value} resource instances"))
        : string.Join(", ", counts.Select(static count => $"{count.Key} in {count.Value} resource instances"));

    private Doc Set(Doc? conditions, string type, (string Status, string Reason, string Message) now)
    {
        var had = Conditions.FindIn(conditions, type);
        var since = had?.Text("status") == now.Status ? had["lastTransitionTime"] : null;
        return Conditions.Replace(conditions, Doc.Obj(
            ("type", type),
            ("status", now.Status),
            ("lastTransitionTime", since ?? _context.Timestamp),
            ("reason", now.Reason),
            ("message", now.Message)));
    }
}
