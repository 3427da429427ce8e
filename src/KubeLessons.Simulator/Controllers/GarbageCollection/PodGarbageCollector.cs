using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.GarbageCollection;

/// <summary>
/// Removes pods that nobody else will (pkg/controller/podgc): those of nodes that are gone, those that are being deleted and
/// never had a node, and the oldest finished ones when there are very many. It looks every 20 s, when there is something.
/// </summary>
internal sealed class PodGarbageCollector
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    /// <summary>A node must be missing for so long (quarantineTime).</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    /// <summary>--terminated-pod-gc-threshold.</summary>
    public const int TerminatedThreshold = 12_500;

    private const string OutOfService = "node.kubernetes.io/out-of-service";

    private readonly ControllerContext _context;
    private readonly Informer _pods;
    private readonly Informer _nodes;
    private readonly SortedDictionary<string, TimeSpan> _missingNodes = new(StringComparer.Ordinal);
    private TimeSpan? _start;
    private Turn? _tick;
    private int _finished;

    public PodGarbageCollector(ControllerContext context)
    {
        _context = context;
        _pods = context.InformerOf(Resources.Pods);
        _nodes = context.InformerOf(Resources.Nodes);
        _pods.Changed += (before, after) =>
        {
            _finished += (after?.IsTerminated() == true ? 1 : 0) - (before?.IsTerminated() == true ? 1 : 0);
            if (after is not null && (MayBeGarbage(after) || _finished > TerminatedThreshold))
            {
                Arm();
            }
        };
        _nodes.Changed += (_, after) =>
        {
            if (after is null || IsOutOfService(after))
            {
                Arm();
            }
        };
    }

    public void Start()
    {
        _start = _context.World.Now;
        Arm();
    }

    private static bool IsOutOfService(Doc node) => node.List("spec", "taints").Any(static taint => taint.Text("key") == OutOfService);

    private bool MayBeGarbage(Doc pod) =>
        pod.NodeName() is { } node ? _nodes.Get("", node) is not { } there || IsOutOfService(there) : pod.IsBeingDeleted();

    private void Arm()
    {
        if (_start is { } start && _tick is not { IsCancelled: false })
        {
            var periods = ((_context.World.Now - start).Ticks / Period.Ticks) + 1;
            _tick = _context.Self.After(start + (Period * periods) - _context.World.Now, Tick);
        }
    }

    private void Tick()
    {
        var now = _context.World.Now;
        var all = _pods.Objects.ToList();
        foreach (var pod in all)
        {
            if (pod.NodeName() is null && pod.IsBeingDeleted())
            {
                Remove(pod, null);
            }
            else if (pod.NodeName() is { } name && _nodes.Get("", name) is { } node && IsOutOfService(node) && pod.IsBeingDeleted()
                && Conditions.Find(node, "Ready")?.Text("status") != "True")
            {
                Remove(pod, "PodGC: deleting a terminating pod on an out-of-service node");
            }
        }

        RemoveOrphans(all, now);
        RemoveTerminated(all);
        if (_missingNodes.Count > 0 || all.Exists(MayBeGarbage))
        {
            Arm();
        }
    }

    private void RemoveOrphans(List<Doc> all, TimeSpan now)
    {
        var missing = all.Select(static pod => pod.NodeName()).OfType<string>().Where(name => _nodes.Get("", name) is null).ToHashSet();
        foreach (var name in _missingNodes.Keys.Where(name => !missing.Contains(name)).ToList())
        {
            _missingNodes.Remove(name);
        }

        foreach (var name in missing.Order(StringComparer.Ordinal))
        {
            if (_missingNodes.TryAdd(name, now) || now - _missingNodes[name] < Quarantine)
            {
                continue;
            }

            if (_context.Client.Send(ApiRequest.Get(Resources.Nodes, "", name)).Reason == "NotFound")
            {
                foreach (var pod in all.Where(pod => pod.NodeName() == name))
                {
                    Remove(pod, "PodGC: node no longer exists");
                }
            }
        }
    }

    private void RemoveTerminated(List<Doc> all)
    {
        var finished = all.Where(static pod => pod.IsTerminated()).ToList();
        if (finished.Count > TerminatedThreshold)
        {
            finished.Sort(static (a, b) => a.CreatedAt().CompareTo(b.CreatedAt()));
            foreach (var pod in finished.Take(finished.Count - TerminatedThreshold))
            {
                Remove(pod, null);
            }
        }
    }

    // Since 1.26 the pod is called Failed first, and says why it goes (PodDisruptionConditions).
    private void Remove(Doc pod, string? message)
    {
        if (_context.Version.HasDisruptionConditions && !pod.IsTerminated())
        {
            var status = (pod["status"] ?? Doc.Empty).With("Failed", "phase");
            if (message is not null)
            {
                status = status.With(Conditions.Replace(status["conditions"], Doc.Obj(
                    ("type", "DisruptionTarget"),
                    ("status", "True"),
                    ("lastProbeTime", Doc.Null),
                    ("lastTransitionTime", _context.Timestamp),
                    ("reason", "DeletionByPodGC"),
                    ("message", message))), "conditions");
            }

            var reply = _context.Client.Send(ApiRequest.Update(Resources.Pods, pod.With(status, "status"), "status"));
            if (!reply.IsSuccess)
            {
                return;
            }
        }

        _context.Client.Send(ApiRequest.Delete(Resources.Pods, pod.Namespace(), pod.Name()) with
        {
            Options = new ApiOptions { GracePeriodSeconds = 0, PreconditionUid = pod.Uid() },
        });
    }
}
