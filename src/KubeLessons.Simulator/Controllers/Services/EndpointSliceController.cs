using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>
/// Keeps the EndpointSlices of Services with a selector (pkg/controller/endpointslice): at most 100 endpoints each, changed in
/// place where an endpoint changed, filled up before a new one is made.
/// </summary>
internal sealed class EndpointSliceController
{
    /// <summary>--max-endpoints-per-slice.</summary>
    public const int MaxEndpointsPerSlice = 100;

    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    public const string ManagedBy = "endpointslice-controller.k8s.io";

    private readonly ControllerContext _context;
    private readonly ResourcePath _resource;
    private readonly Informer _services;
    private readonly Informer _slices;
    private readonly Informer _pods;
    private readonly Informer _nodes;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Expectations _expectations;

    public EndpointSliceController(ControllerContext context)
    {
        _context = context;
        _resource = Resources.EndpointSlicesIn(context.Version);
        _services = context.InformerOf(Resources.Services);
        _slices = context.InformerOf(_resource);
        _pods = context.InformerOf(Resources.Pods);
        _nodes = context.InformerOf(Resources.Nodes);
        _queue = context.QueueOf<ObjectName>(Sync);
        _expectations = new Expectations(context.World);
        _ = new ServiceWatch(context, _queue.Add);
        _slices.Changed += OnSliceChanged;
    }

    private static ObjectName? ServiceOf(Doc slice) =>
        slice.Label(ManagedByLabel) == ManagedBy && slice.Label(ServiceNameLabel) is { } name ? new ObjectName(slice.Namespace(), name) : null;

    private void OnSliceChanged(Doc? before, Doc? after)
    {
        if (ServiceOf((after ?? before)!) is not { } service)
        {
            return;
        }

        if (before is null)
        {
            _expectations.CreationSeen(service);
        }
        else if (after is null)
        {
            _expectations.DeletionSeen(service, before.Uid());
        }

        _queue.Add(service);
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_services.Get(key.Namespace, key.Name) is not { } service)
        {
            // The slices go with the Service, by their owner reference.
            _expectations.Forget(key);
            return SyncResult.Done;
        }

        if (!ServiceTargets.HasSelector(service) || !_expectations.AreMet(key))
        {
            return SyncResult.Done;
        }

        var wanted = Wanted(service);
        var existing = _slices.Objects.Where(slice => ServiceOf(slice) == key && !slice.IsBeingDeleted()).OrderBy(static slice => slice.Name(), StringComparer.Ordinal).ToList();
        var plan = new SlicePlan(wanted, existing);
        return SyncResult.FromSuccess(Carry(service, plan));
    }

    private bool Carry(Doc service, SlicePlan plan)
    {
        var success = true;
        foreach (var (slice, endpoints) in plan.Kept)
        {
            var changed = slice.With(endpoints, "endpoints").With(Labels(service), "metadata", "labels");
            if (!changed.Equals(_slices.Get(slice.Namespace(), slice.Name())))
            {
                changed = changed.With(_context.Timestamp, "metadata", "annotations", ServiceTargets.LastChangeTriggerTime);
                success &= _context.Client.Send(ApiRequest.Update(_resource, changed)).IsSuccess;
            }
        }

        if (plan.Made.Count + plan.Dropped.Count > 0)
        {
            _expectations.Expect(service.Key(), plan.Made.Count, plan.Dropped.Select(static slice => slice.Uid()));
        }

        foreach (var (ports, endpoints) in plan.Made)
        {
            if (!_context.Client.Send(ApiRequest.Create(_resource, service.Namespace(), NewSlice(service, ports, endpoints))).IsSuccess)
            {
                _expectations.CreationSeen(service.Key());
                success = false;
            }
        }

        foreach (var slice in plan.Dropped)
        {
            if (!_context.Client.Send(ApiRequest.Delete(_resource, slice.Namespace(), slice.Name())).IsSuccess)
            {
                _expectations.DeletionSeen(service.Key(), slice.Uid());
            }
        }

        return success;
    }

    // The endpoints that should be, by their ports. A Service without any endpoint has one slice without any.
    private List<(Doc Ports, List<Doc> Endpoints)> Wanted(Doc service)
    {
        var groups = new List<(Doc Ports, List<Doc> Endpoints)>();
        foreach (var pod in ServiceTargets.PodsOf(service, _pods.Objects, withTerminating: true))
        {
            if (ServiceTargets.PortsOf(service, pod) is not { } ports)
            {
                continue;
            }

            var group = groups.Find(group => group.Ports.Equals(ports));
            if (group.Ports is null)
            {
                groups.Add(group = (ports, []));
            }

            group.Endpoints.Add(EndpointOf(service, pod));
        }

        if (groups.Count == 0)
        {
            groups.Add((Doc.EmptyArray, []));
        }

        return groups;
    }

    private Doc EndpointOf(Doc service, Doc pod)
    {
        var isServing = pod.IsReady();
        var isTerminating = pod.IsBeingDeleted();
        var isReady = service.Flag("spec", "publishNotReadyAddresses") == true || (isServing && !isTerminating);
        var conditions = Doc.Obj(("ready", isReady));
        Doc full = conditions;
        if (_context.Version.Minor >= 22)
        {
            full = conditions.With(isServing, "serving").With(isTerminating, "terminating");
        }

        var zone = pod.NodeName() is { } node ? _nodes.Get("", node)?.Label("topology.kubernetes.io/zone") : null;
        return Doc.Obj(
            ("addresses", Doc.Arr(pod.At("status", "podIP")!)),
            ("conditions", full),
            ("hostname", ServiceTargets.HostnameIn(service, pod)),
            ("nodeName", pod.At("spec", "nodeName")),
            ("targetRef", ServiceTargets.TargetOf(pod)),
            ("zone", zone is null ? null : (Doc)zone));
    }

    private static Doc Labels(Doc service)
    {
        var labels = service.At("metadata", "labels") ?? Doc.Empty;
        labels = ServiceTargets.IsHeadless(service) ? labels.With("", ServiceTargets.HeadlessLabel) : labels.Without(ServiceTargets.HeadlessLabel);
        return labels.With(ManagedBy, ManagedByLabel).With(service.Name(), ServiceNameLabel);
    }

    private Doc NewSlice(Doc service, Doc ports, Doc endpoints) => Doc.Obj(
        ("apiVersion", _resource.ApiVersion),
        ("kind", "EndpointSlice"),
        ("metadata", Doc.Obj(
            ("generateName", service.Name() + "-"),
            ("namespace", service.Namespace()),
            ("labels", Labels(service)),
            ("annotations", Doc.Obj((ServiceTargets.LastChangeTriggerTime, _context.Timestamp))),
            ("ownerReferences", Doc.Arr(Metadata.ReferenceTo(service, "v1", "Service"))))),
        ("addressType", "IPv4"),
        ("endpoints", endpoints),
        ("ports", SlicePlan.Named(ports)));
}
