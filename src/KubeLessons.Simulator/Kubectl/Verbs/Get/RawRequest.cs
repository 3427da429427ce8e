using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get --raw PATH</c>: the answer as it came.</summary>
internal static class RawRequest
{
    public static IEnumerable<Wait> Run(Invocation call, string path)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage("arguments may not be passed when --raw is specified");
            yield break;
        }

        var reply = call.Send(RequestOf(path));
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            call.Fail(reply);
            yield break;
        }

        var body = reply.Response!.Body;
        call.Out(body.AsText ?? GoJson.Compact(body) + "\n");
    }

    private static ApiRequest RequestOf(string path)
    {
        var parts = path.Split('?')[0].Trim('/').Split('/');
        var rest = parts is ["api", _, ..] ? parts.AsSpan(2) : parts is ["apis", _, _, ..] ? parts.AsSpan(3) : [];
        if (rest.IsEmpty)
        {
            var query = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? path[at..] : "";
            return new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/" + string.Join('/', parts) + query };
        }

        var (group, version) = parts[0] == "api" ? ("", parts[1]) : (parts[1], parts[2]);
        var ns = "";
        if (rest is ["namespaces", var name, _, ..])
        {
            ns = name;
            rest = rest[2..];
        }

        return new ApiRequest(rest.Length > 1 ? ApiVerb.Get : ApiVerb.List, new ResourcePath(group, version, rest[0]))
        {
            Namespace = ns,
            Name = rest.Length > 1 ? rest[1] : "",
            Subresource = rest.Length > 2 ? rest[2] : "",
        };
    }
}
