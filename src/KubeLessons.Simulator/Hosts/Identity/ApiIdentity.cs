using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>
/// Who credentials say that one is: a client certificate's common name and organizations, or the subject of a service account's
/// token (kubernetes.io/docs/reference/access-authn-authz/authentication). Whether it is true is the server's to check.
/// </summary>
public static class ApiIdentity
{
    public static ApiUser Of(ApiCredentials credentials)
    {
        if (credentials.Certificate is { } certificate)
        {
            return new ApiUser(certificate.Subject.CommonName, [.. certificate.Subject.Organizations, "system:authenticated"]);
        }

        return credentials.Token is { } token && OfToken(token) is { } user ? user : ApiUser.Anonymous;
    }

    /// <summary>The service account that a token names; null when the text is no such token.</summary>
    public static ApiUser? OfToken(string token)
    {
        var subject = Payload(token)?.Text("sub");
        return subject?.Split(':') is ["system", "serviceaccount", var ns, _]
            ? new ApiUser(subject, ["system:serviceaccounts", "system:serviceaccounts:" + ns, "system:authenticated"])
            : null;
    }

    /// <summary>What a JSON web token says (RFC 7519), its signature unread; null when it is none.</summary>
    public static Doc? Payload(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        var base64 = parts[1].Replace('-', '+').Replace('_', '/');
        base64 += new string('=', (4 - base64.Length % 4) % 4);
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            && DocJson.TryParse(bytes.AsSpan(0, length), out var payload, out _) ? payload : null;
    }
}
