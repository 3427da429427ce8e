using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// Tells kubelets how long they may keep Secrets and ConfigMaps before they ask again, by the size of the cluster
/// (pkg/controller/ttl): 0 s up to 100 nodes.
/// </summary>
internal sealed class NodeTtl
{
    public const string Annotation = "node.alpha.kubernetes.io/ttl";

    private readonly ControllerContext _context;
    private readonly Informer _nodes;
    private readonly RetryingQueue<string> _queue;

    public NodeTtl(ControllerContext context)
    {
        _context = context;
        _nodes = context.InformerOf(Resources.Nodes);
        _queue = context.QueueOf<string>(Sync);
        _nodes.Changed += (_, after) =>
        {
            if (after is not null && after.Annotation(Annotation) != Seconds)
            {
                _queue.Add(after.Name());
            }
        };
    }

    private string Seconds => _nodes.Count switch
    {
        <= 100 => "0",
        <= 500 => "15",
        <= 1000 => "30",
        <= 2000 => "60",
        _ => "300",
    };

    private SyncResult Sync(string name)
    {
        if (_nodes.Get("", name) is not { } node || node.Annotation(Annotation) == Seconds)
        {
            return SyncResult.Done;
        }

        var patch = Doc.Obj(("metadata", Doc.Obj(("annotations", Doc.Obj((Annotation, Seconds))))));
        return SyncResult.FromSuccess(_context.Client.Send(ApiRequest.MergePatch(Resources.Nodes, "", name, patch)).IsSuccess);
    }
}
