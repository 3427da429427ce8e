using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Authentication;

/// <summary>
/// Tokens of service accounts: JSON web tokens that the server signs and knows again (pkg/serviceaccount). The signature is a hash
/// keyed by the world's seed: nobody in the world can make one but the server.
/// </summary>
internal sealed class ServiceAccountTokens(ApiServer server)
{
    private const string LegacyIssuer = "kubernetes/serviceaccount";
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    /// <summary>Shorter lifetimes are refused (pkg/registry/core/serviceaccount: minimum 10 minutes).</summary>
    private const long ShortestSeconds = 600;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes("sa.key/" + server.World.Seed.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Answers a creation of <c>serviceaccounts/NAME/token</c>.</summary>
    public ApiResponse Issue(ApiRequest request)
    {
        var account = server.Store.Get(new ObjectKey("serviceaccounts", request.Namespace, request.Name))?.Object;
        if (account is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var spec = request.Body?["spec"] ?? Doc.Empty;
        var seconds = spec.Int("expirationSeconds") ?? 3600;
        if (seconds < ShortestSeconds)
        {
            return ApiStatus.Failure(422, "Invalid",
                $"TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: {seconds}: may not specify a duration less than 10 minutes");
        }

        var audiences = spec.List("audiences").IsEmpty ? Doc.Arr(Issuer) : new DocArray(spec.List("audiences"));
        var issued = server.World.UtcNow.ToUnixTimeSeconds();
        var bound = spec["boundObjectRef"];
        var claims = Doc.Obj(
            ("aud", audiences),
            ("exp", issued + seconds),
            ("iat", issued),
            ("iss", Issuer),
            ("jti", server.DiceForNextRevision().NextUid()),
            ("kubernetes.io", Doc.Obj(
                ("namespace", request.Namespace),
                ("pod", bound?.Text("kind") == "Pod" ? Doc.Obj(("name", bound["name"]), ("uid", bound["uid"])) : null),
                ("serviceaccount", Doc.Obj(("name", request.Name), ("uid", account.At("metadata", "uid")))))),
            ("nbf", issued),
            ("sub", $"system:serviceaccount:{request.Namespace}:{request.Name}"));
        return new ApiResponse(201, Doc.Obj(
            ("kind", "TokenRequest"),
            ("apiVersion", "authentication.k8s.io/v1"),
            ("metadata", Doc.Obj(("name", request.Name), ("namespace", request.Namespace), ("creationTimestamp", Doc.Null))),
            ("spec", Doc.Obj(("audiences", audiences), ("expirationSeconds", seconds), ("boundObjectRef", bound ?? Doc.Null))),
            ("status", Doc.Obj(
                ("token", Sign(claims)),
                ("expirationTimestamp", Pipeline.ObjectMeta.Time(server.World.UtcNow + TimeSpan.FromSeconds(seconds)))))));
    }

    /// <summary>Who holds a token; null with the reason when it is none of this server's, or not good any more.</summary>
    public (ApiUser? User, string? Fault) Check(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[1]) is not { } bytes || !DocJson.TryParse(bytes, out var claims, out _))
        {
            return (null, "invalid bearer token");
        }

        if (claims.Text("iss") == LegacyIssuer)
        {
            return IsKept(claims, token) ? (Holder(claims), null) : (null, "invalid bearer token");
        }

        if (parts[2] != Signature(parts[0] + "." + parts[1]))
        {
            return (null, "invalid bearer token");
        }

        if (claims.Int("exp") <= server.World.UtcNow.ToUnixTimeSeconds())
        {
            return (null, "[invalid bearer token, service account token has expired]");
        }

        var (ns, name) = (claims.Text("kubernetes.io", "namespace") ?? "", claims.Text("kubernetes.io", "serviceaccount", "name") ?? "");
        var account = server.Store.Get(new ObjectKey("serviceaccounts", ns, name))?.Object;
        return account?.Text("metadata", "uid") == claims.Text("kubernetes.io", "serviceaccount", "uid") && account is not null
            ? (Holder(claims), null)
            : (null, "[invalid bearer token, service account token has been invalidated]");
    }

    // A token of the old kind has no end and lives in a Secret, which is looked up (--service-account-lookup).
    private bool IsKept(Doc claims, string token)
    {
        var key = new ObjectKey(
            "secrets", claims.Text("kubernetes.io/serviceaccount/namespace") ?? "", claims.Text("kubernetes.io/serviceaccount/secret.name") ?? "");
        return server.Store.Get(key)?.Object?.Text("data", "token") is { } kept
            && kept == Convert.ToBase64String(Encoding.UTF8.GetBytes(token));
    }

    private static ApiUser Holder(Doc claims)
    {
        var subject = claims.Text("sub") ?? "";
        var ns = subject.Split(':') is [_, _, var found, _] ? found : "";
        return new ApiUser(subject, ["system:serviceaccounts", "system:serviceaccounts:" + ns, "system:authenticated"]);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[]? Decode(string text)
    {
        var base64 = text.Replace('-', '+').Replace('_', '/');
        base64 = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    private string Sign(Doc claims)
    {
        var keyId = Encode(_key.AsSpan(0, 24));
        var text = Encode(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{keyId}}"}""")) + "." + Encode(DocJson.WriteUtf8(claims).Span);
        return text + "." + Signature(text);
    }

    private string Signature(string text) => Encode(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(text)));
}
