using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.ServiceAccounts;

/// <summary>
/// Until 1.23, gives every service account a Secret with a token that never expires, and names it in the account
/// (pkg/controller/serviceaccount/tokens_controller.go; ended by LegacyServiceAccountTokenNoAutoGeneration in 1.24). A pod cannot
/// be admitted before its account has one.
/// </summary>
internal sealed class TokenController
{
    private readonly ControllerContext _context;
    private readonly Informer _accounts;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly SeededRandom _random;
    private readonly string _rootCa;

    /// <param name="context">The process' informers and client.</param>
    /// <param name="rootCa">The authority's certificate (--root-ca-file).</param>
    public TokenController(ControllerContext context, string rootCa)
    {
        (_context, _rootCa) = (context, rootCa);
        _random = context.World.RandomFor("tokens-controller");
        _accounts = context.InformerOf(Resources.ServiceAccounts);
        _queue = context.QueueOf<ObjectName>(Sync);
        _accounts.Changed += (_, after) =>
        {
            if (after is not null)
            {
                _queue.Add(after.Key());
            }
        };
    }

    private SyncResult Sync(ObjectName name)
    {
        if (_accounts.Get(name.Namespace, name.Name) is not { } account || account.IsBeingDeleted() || !account.List("secrets").IsEmpty)
        {
            return SyncResult.Done;
        }

        var secret = $"{name.Name}-token-{_random.NextName(5)}";
        var created = _context.Client.Send(ApiRequest.Create(Resources.Secrets, name.Namespace, Secret(account, secret)));
        if (!created.IsSuccess)
        {
            return SyncResult.FromSuccess(created.Reason is "NotFound" or "Forbidden");
        }

        var named = account.With(Doc.Arr(Doc.Obj(("name", secret))), "secrets");
        return SyncResult.FromSuccess(_context.Client.Send(ApiRequest.Update(Resources.ServiceAccounts, named)).IsSuccess);
    }

    private DocObject Secret(Doc account, string name) => Doc.Obj(
        ("apiVersion", "v1"),
        ("kind", "Secret"),
        ("metadata", Doc.Obj(
            ("name", name),
            ("namespace", account.Namespace()),
            ("annotations", Doc.Obj(
                ("kubernetes.io/service-account.name", account.Name()),
                ("kubernetes.io/service-account.uid", account.Uid()))))),
        ("type", "kubernetes.io/service-account-token"),
        ("data", Doc.Obj(
            ("ca.crt", Base64(_rootCa)),
            ("namespace", Base64(account.Namespace())),
            ("token", Base64(Token(account, name))))));

    private static string Token(Doc account, string secret)
    {
        var claims = Doc.Obj(
            ("iss", "kubernetes/serviceaccount"),
            ("kubernetes.io/serviceaccount/namespace", account.Namespace()),
            ("kubernetes.io/serviceaccount/secret.name", secret),
            ("kubernetes.io/serviceaccount/service-account.name", account.Name()),
            ("kubernetes.io/serviceaccount/service-account.uid", account.Uid()),
            ("sub", $"system:serviceaccount:{account.Namespace()}:{account.Name()}"));
        return $"{Part("""{"alg":"RS256","kid":""}""")}.{Part(claims.ToString())}.{Part(account.Uid())}";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Part(string text) => Base64(text).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
