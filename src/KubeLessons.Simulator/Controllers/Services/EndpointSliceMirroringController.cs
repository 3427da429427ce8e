using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>
/// Mirrors Endpoints that somebody wrote for a Service without a selector into EndpointSlices (pkg/controller/endpointslicemirroring),
/// which is where kube-proxy and CoreDNS look.
/// </summary>
internal sealed class EndpointSliceMirroringController
{
    public const string ManagedBy = "endpointslicemirroring-controller.k8s.io";

    private const string SkipMirror = "endpointslice.kubernetes.io/skip-mirror";
    private const string LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private readonly ControllerContext _context;
    private readonly ResourcePath _resource;
    private readonly Informer _services;
    private readonly Informer _endpoints;
    private readonly Informer _slices;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Expectations _expectations;

    public EndpointSliceMirroringController(ControllerContext context)
    {
        _context = context;
        _resource = Resources.EndpointSlicesIn(context.Version);
        _services = context.InformerOf(Resources.Services);
        _endpoints = context.InformerOf(Resources.Endpoints);
        _slices = context.InformerOf(_resource);
        _queue = context.QueueOf<ObjectName>(Sync);
        _expectations = new Expectations(context.World);
        _services.Changed += (before, after) => Enqueue((after ?? before)!);
        _endpoints.Changed += (before, after) => Enqueue((after ?? before)!);
        _slices.Changed += OnSliceChanged;
    }

    private void Enqueue(Doc serviceOrEndpoints) => _queue.Add(serviceOrEndpoints.Key());

    private static ObjectName? SourceOf(Doc slice) =>
        slice.Label(EndpointSliceController.ManagedByLabel) == ManagedBy && slice.Label(EndpointSliceController.ServiceNameLabel) is { } name
            ? new ObjectName(slice.Namespace(), name)
            : null;

    private static bool IsToBeMirrored(Doc endpoints) => endpoints.Label(SkipMirror) != "true" && endpoints.Annotation(LeaderAnnotation) is null;

    private void OnSliceChanged(Doc? before, Doc? after)
    {
        if (SourceOf((after ?? before)!) is not { } source)
        {
            return;
        }

        if (before is null)
        {
            _expectations.CreationSeen(source);
        }
        else if (after is null)
        {
            _expectations.DeletionSeen(source, before.Uid());
        }

        _queue.Add(source);
    }

    private SyncResult Sync(ObjectName key)
    {
        var service = _services.Get(key.Namespace, key.Name);
        var endpoints = _endpoints.Get(key.Namespace, key.Name);
        var isMirrored = service is not null && service.At("spec", "selector") is not DocObject { Count: > 0 } && endpoints is not null && IsToBeMirrored(endpoints);
        var existing = _slices.Objects.Where(slice => SourceOf(slice) == key && !slice.IsBeingDeleted()).OrderBy(static slice => slice.Name(), StringComparer.Ordinal).ToList();
        if ((!isMirrored && existing.Count == 0) || !_expectations.AreMet(key))
        {
            return SyncResult.Done;
        }

        var plan = new SlicePlan(isMirrored ? Wanted(endpoints!) : [], existing);
        return SyncResult.FromSuccess(Carry(key, endpoints, plan));
    }

    private bool Carry(ObjectName key, Doc? endpoints, SlicePlan plan)
    {
        var success = true;
        foreach (var (slice, content) in plan.Kept)
        {
            var changed = slice.With(content, "endpoints").With(Labels(endpoints!), "metadata", "labels");
            if (!changed.Equals(_slices.Get(slice.Namespace(), slice.Name())))
            {
                success &= _context.Client.Send(ApiRequest.Update(_resource, changed)).IsSuccess;
            }
        }

        if (plan.Made.Count + plan.Dropped.Count > 0)
        {
            _expectations.Expect(key, plan.Made.Count, plan.Dropped.Select(static slice => slice.Uid()));
        }

        foreach (var (ports, content) in plan.Made)
        {
            if (!_context.Client.Send(ApiRequest.Create(_resource, key.Namespace, NewSlice(endpoints!, ports, content))).IsSuccess)
            {
                _expectations.CreationSeen(key);
                success = false;
            }
        }

        foreach (var slice in plan.Dropped)
        {
            if (!_context.Client.Send(ApiRequest.Delete(_resource, slice.Namespace(), slice.Name())).IsSuccess)
            {
                _expectations.DeletionSeen(key, slice.Uid());
            }
        }

        return success;
    }

    private List<(Doc Ports, List<Doc> Endpoints)> Wanted(Doc endpoints)
    {
        var groups = new List<(Doc Ports, List<Doc> Endpoints)>();
        foreach (var subset in endpoints.List("subsets"))
        {
            var ports = Doc.Arr(subset.List("ports"));
            var group = groups.Find(group => group.Ports.Equals(ports));
            if (group.Ports is null)
            {
                groups.Add(group = (ports, []));
            }

            group.Endpoints.AddRange(subset.List("addresses").Select(address => EndpointOf(address, true)));

            // Before 1.21, addresses that are not ready were mirrored as ready ones: measured on 1.20.2.
            group.Endpoints.AddRange(subset.List("notReadyAddresses").Select(address => EndpointOf(address, _context.Version.Minor < 21)));
        }

        return groups;
    }

    private static Doc EndpointOf(Doc address, bool isReady) => Doc.Obj(
        ("addresses", Doc.Arr(address["ip"]!)),
        ("conditions", Doc.Obj(("ready", isReady))),
        ("hostname", address["hostname"]),
        ("nodeName", address["nodeName"]),
        ("targetRef", address["targetRef"]));

    private static Doc Labels(Doc endpoints) => (endpoints.At("metadata", "labels") ?? Doc.Empty)
        .With(ManagedBy, EndpointSliceController.ManagedByLabel)
        .With(endpoints.Name(), EndpointSliceController.ServiceNameLabel);

    private Doc NewSlice(Doc endpoints, Doc ports, Doc content)
    {
        var annotations = endpoints.At("metadata", "annotations")?.Without(LastApplied);
        return Doc.Obj(
            ("apiVersion", _resource.ApiVersion),
            ("kind", "EndpointSlice"),
            ("metadata", Doc.Obj(
                ("generateName", endpoints.Name() + "-"),
                ("namespace", endpoints.Namespace()),
                ("labels", Labels(endpoints)),
                ("annotations", annotations is DocObject { Count: > 0 } ? annotations : null),
                ("ownerReferences", Doc.Arr(Metadata.ReferenceTo(endpoints, "v1", "Endpoints"))))),
            ("addressType", "IPv4"),
            ("endpoints", content),
            ("ports", SlicePlan.Named(ports)));
    }
}
