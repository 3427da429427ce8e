using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.ServiceAccounts;

/// <summary>
/// Gives every namespace what its pods need: the service account <c>default</c> (pkg/controller/serviceaccount) and, in the
/// ConfigMap <c>kube-root-ca.crt</c>, the authority of the API server's certificate (pkg/controller/certificates/rootcacertpublisher).
/// </summary>
internal sealed class ServiceAccountController
{
    public const string DefaultName = "default";
    public const string RootCaName = "kube-root-ca.crt";

    private const string Description = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints"
        + " such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

    private readonly ControllerContext _context;
    private readonly Informer _namespaces;
    private readonly Informer _accounts;
    private readonly Informer _configMaps;
    private readonly RetryingQueue<string> _queue;
    private readonly string _rootCa;

    /// <param name="context">The process' informers and client.</param>
    /// <param name="rootCa">The authority's certificate (--root-ca-file).</param>
    public ServiceAccountController(ControllerContext context, string rootCa)
    {
        (_context, _rootCa) = (context, rootCa);
        _namespaces = context.InformerOf(Resources.Namespaces);
        _accounts = context.InformerOf(Resources.ServiceAccounts);
        _configMaps = context.InformerOf(Resources.ConfigMaps);
        _queue = context.QueueOf<string>(Sync);
        _namespaces.Changed += (_, after) =>
        {
            if (after is not null)
            {
                _queue.Add(after.Name());
            }
        };
        _accounts.Changed += (before, after) =>
        {
            if (after is null && before is not null && before.Name() == DefaultName)
            {
                _queue.Add(before.Namespace());
            }
        };
        _configMaps.Changed += (before, after) =>
        {
            if ((after ?? before!).Name() == RootCaName)
            {
                _queue.Add((after ?? before!).Namespace());
            }
        };
    }

    private SyncResult Sync(string name)
    {
        if (_namespaces.Get("", name) is not { } ns || ns.Text("status", "phase") == "Terminating" || ns.IsBeingDeleted())
        {
            return SyncResult.Done;
        }

        return SyncResult.FromSuccess(EnsureAccount(name) & EnsureRootCa(name));
    }

    private bool EnsureAccount(string ns)
    {
        if (_accounts.Get(ns, DefaultName) is not null)
        {
            return true;
        }

        var account = Doc.Obj(
            ("apiVersion", "v1"),
            ("kind", "ServiceAccount"),
            ("metadata", Doc.Obj(("name", DefaultName), ("namespace", ns))));
        var reply = _context.Client.Send(ApiRequest.Create(Resources.ServiceAccounts, ns, account));
        return reply.IsSuccess || reply.Reason is "AlreadyExists" or "Forbidden" or "NotFound";
    }

    private bool EnsureRootCa(string ns)
    {
        var data = Doc.Obj(("ca.crt", _rootCa));
        if (_configMaps.Get(ns, RootCaName) is { } existing)
        {
            return data.Equals(existing["data"])
                || _context.Client.Send(ApiRequest.Update(Resources.ConfigMaps, existing.With(data, "data"))).IsSuccess;
        }

        var annotations = _context.Version.Minor >= 22 ? Doc.Obj(("kubernetes.io/description", Description)) : null;
        var map = Doc.Obj(
            ("apiVersion", "v1"),
            ("kind", "ConfigMap"),
            ("metadata", Doc.Obj(("name", RootCaName), ("namespace", ns), ("annotations", annotations))),
            ("data", data));
        var reply = _context.Client.Send(ApiRequest.Create(Resources.ConfigMaps, ns, map));
        return reply.IsSuccess || reply.Reason is "AlreadyExists" or "Forbidden" or "NotFound";
    }
}
