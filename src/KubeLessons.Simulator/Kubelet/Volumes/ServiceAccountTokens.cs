using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>
/// Tokens of service accounts for the pods that mount them, each bound to its pod, asked for by TokenRequest
/// (pkg/kubelet/token). A token is kept as long as the pod is here.
/// </summary>
internal sealed class ServiceAccountTokens(ApiClient client)
{
    private static readonly ResourcePath _accounts = ResourcePath.Core("serviceaccounts");

    private readonly Dictionary<(string Uid, string Audience), string> _tokens = [];

    /// <summary>A token, or why there is none.</summary>
    public (string? Token, string? Error) Get(PodObject pod, string audience, long expirationSeconds)
    {
        if (_tokens.TryGetValue((pod.Uid, audience), out var known))
        {
            return (known, null);
        }

        var account = pod.Doc.Text("spec", "serviceAccountName") is { Length: > 0 } name ? name : "default";
        var body = Doc.Obj(
            ("apiVersion", "authentication.k8s.io/v1"),
            ("kind", "TokenRequest"),
            ("spec", Doc.Obj(
                ("audiences", audience.Length > 0 ? Doc.Arr(audience) : null),
                ("expirationSeconds", expirationSeconds),
                ("boundObjectRef", Doc.Obj(("kind", "Pod"), ("apiVersion", "v1"), ("name", pod.Name), ("uid", pod.Uid))))));
        var reply = client.Send(ApiRequest.Create(_accounts, pod.Namespace, body) with { Name = account, Subresource = "token" });
        if (!reply.IsSuccess || reply.Response!.Body.Text("status", "token") is not { } token)
        {
            return (null, KubeletLog.Describe(reply));
        }

        _tokens[(pod.Uid, audience)] = token;
        return (token, null);
    }

    public void Forget(string uid)
    {
        foreach (var key in _tokens.Keys.Where(key => key.Uid == uid).ToList())
        {
            _tokens.Remove(key);
        }
    }
}
