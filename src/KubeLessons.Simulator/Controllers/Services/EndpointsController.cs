using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>
/// Keeps the Endpoints of Services with a selector (pkg/controller/endpoint): addresses of pods that are Ready, and apart from
/// them those that are not. The pod's Ready condition decides, not its containers: a pod of a silent node is not ready.
/// </summary>
internal sealed class EndpointsController
{
    /// <summary>More addresses than this are cut off (maxCapacity).</summary>
    public const int MaxAddresses = 1000;

    private readonly ControllerContext _context;
    private readonly Informer _services;
    private readonly Informer _endpoints;
    private readonly Informer _pods;
    private readonly RetryingQueue<ObjectName> _queue;

    public EndpointsController(ControllerContext context)
    {
        _context = context;
        _services = context.InformerOf(Resources.Services);
        _endpoints = context.InformerOf(Resources.Endpoints);
        _pods = context.InformerOf(Resources.Pods);
        _queue = context.QueueOf<ObjectName>(Sync);
        _ = new ServiceWatch(context, _queue.Add);
        _endpoints.Changed += (before, after) =>
        {
            if (after is null)
            {
                _queue.Add(before!.Key());
            }
        };
    }

    private SyncResult Sync(ObjectName key)
    {
        var existing = _endpoints.Get(key.Namespace, key.Name);
        if (_services.Get(key.Namespace, key.Name) is not { } service)
        {
            if (existing is null)
            {
                return SyncResult.Done;
            }

            var gone = _context.Client.Send(ApiRequest.Delete(Resources.Endpoints, key.Namespace, key.Name));
            return SyncResult.FromSuccess(gone.IsSuccess || gone.Reason == "NotFound");
        }

        if (!ServiceTargets.HasSelector(service))
        {
            return SyncResult.Done;
        }

        var subsets = Subsets(service);
        var labels = Labels(service);
        if (existing is null)
        {
            return Create(service, subsets, labels);
        }

        if (Doc.Arr(existing.List("subsets")).Equals(subsets) && Equals(existing.At("metadata", "labels") ?? Doc.Empty, labels))
        {
            return SyncResult.Done;
        }

        var changed = existing.With(subsets.Items.IsEmpty ? null : subsets, "subsets")
            .With(labels, "metadata", "labels")
            .With(_context.Timestamp, "metadata", "annotations", ServiceTargets.LastChangeTriggerTime);
        return SyncResult.FromSuccess(_context.Client.Send(ApiRequest.Update(Resources.Endpoints, changed)).IsSuccess);
    }

    private SyncResult Create(Doc service, Doc subsets, Doc labels)
    {
        var made = Doc.Obj(
            ("apiVersion", "v1"),
            ("kind", "Endpoints"),
            ("metadata", Doc.Obj(
                ("name", service.Name()),
                ("namespace", service.Namespace()),
                ("labels", labels is DocObject { Count: 0 } ? null : labels),
                ("annotations", Doc.Obj((ServiceTargets.LastChangeTriggerTime, service.At("metadata", "creationTimestamp") ?? _context.Timestamp))))),
            ("subsets", subsets.Items.IsEmpty ? null : subsets));
        var reply = _context.Client.Send(ApiRequest.Create(Resources.Endpoints, service.Namespace(), made));
        return SyncResult.FromSuccess(reply.IsSuccess || reply.Reason == "Forbidden");
    }

    // Since 1.33 the Endpoints say who made them, now that the kind is deprecated.
    private Doc Labels(Doc service)
    {
        var labels = service.At("metadata", "labels") ?? Doc.Empty;
        labels = ServiceTargets.IsHeadless(service) ? labels.With("", ServiceTargets.HeadlessLabel) : labels.Without(ServiceTargets.HeadlessLabel);
        return _context.Version.Minor >= 33 ? labels.With("endpoint-controller", "endpoints.kubernetes.io/managed-by") : labels;
    }

    // One subset for each set of ports; pods that lack a named port form one of their own without it.
    private Doc Subsets(Doc service)
    {
        var tolerant = service.Flag("spec", "publishNotReadyAddresses") == true;
        var groups = new List<(Doc Ports, List<Doc> Ready, List<Doc> NotReady)>();
        foreach (var pod in ServiceTargets.PodsOf(service, _pods.Objects, withTerminating: tolerant))
        {
            if (ServiceTargets.PortsOf(service, pod) is not { } ports)
            {
                continue;
            }

            var group = groups.Find(group => group.Ports.Equals(ports));
            if (group.Ports is null)
            {
                groups.Add(group = (ports, [], []));
            }

            (tolerant || pod.IsReady() ? group.Ready : group.NotReady).Add(AddressOf(service, pod));
        }

        return Doc.Arr(groups.Select(static group => (Doc)Doc.Obj(
            ("addresses", List(group.Ready)),
            ("notReadyAddresses", List(group.NotReady)),
            ("ports", group.Ports.Items.IsEmpty ? null : group.Ports))));
    }

    private static Doc AddressOf(Doc service, Doc pod) => Doc.Obj(
        ("ip", pod.At("status", "podIP")),
        ("hostname", ServiceTargets.HostnameIn(service, pod)),
        ("nodeName", pod.At("spec", "nodeName")),
        ("targetRef", ServiceTargets.TargetOf(pod)));

    private static Doc? List(List<Doc> addresses) => addresses.Count == 0
        ? null
        : Doc.Arr(addresses.OrderBy(static address => address.Text("ip"), StringComparer.Ordinal).Take(MaxAddresses));
}
