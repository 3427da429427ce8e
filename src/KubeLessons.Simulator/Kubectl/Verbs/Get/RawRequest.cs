using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get --raw PATH</c> and <c>kubectl create --raw PATH -f FILE</c>: the answer as it came.</summary>
internal static class RawRequest
{
    public static IEnumerable<Wait> Run(Invocation call, string path)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage("arguments may not be passed when --raw is specified");
            yield break;
        }

        yield return Wait.Call(Send(call, RequestOf(path, isCreation: false)));
    }

    /// <summary>Sends the one file that is named, as it is.</summary>
    public static IEnumerable<Wait> Create(Invocation call, string path)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage("arguments may not be passed when --raw is specified");
            yield break;
        }

        var files = new ManifestFiles(call);
        if (call.Flags.List("filename") is not [var name])
        {
            call.FailUsage("--raw can only use a single local file or stdin");
            yield break;
        }

        yield return Wait.Call(files.Read([name]));
        if (files.Errors is [var error, ..] || files.Manifests is not [var manifest])
        {
            call.Fail(files.Errors is [var first, ..] ? first : "--raw can only use a single local file or stdin");
            yield break;
        }

        yield return Wait.Call(Send(call, RequestOf(path, isCreation: true) with { Body = manifest.Value }));
    }

    private static IEnumerable<Wait> Send(Invocation call, ApiRequest request)
    {
        var reply = call.Send(request);
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            call.Fail(reply);
            yield break;
        }

        var body = reply.Response!.Body;
        call.Out(body.AsText ?? GoJson.Compact(body) + "\n");
    }

    private static ApiRequest RequestOf(string path, bool isCreation)
    {
        var parts = path.Split('?')[0].Trim('/').Split('/');
        var rest = parts is ["api", _, ..] ? parts.AsSpan(2) : parts is ["apis", _, _, ..] ? parts.AsSpan(3) : [];
        if (rest.IsEmpty)
        {
            var query = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? path[at..] : "";
            return new ApiRequest(isCreation ? ApiVerb.Create : ApiVerb.Get, default) { NonResourcePath = "/" + string.Join('/', parts) + query };
        }

        var (group, version) = parts[0] == "api" ? ("", parts[1]) : (parts[1], parts[2]);
        var ns = "";
        if (rest is ["namespaces", var name, _, ..])
        {
            ns = name;
            rest = rest[2..];
        }

        if (!isCreation && path.IndexOf('?') is >= 0 and var question
            && ApiRequest.FromHttp(new HttpApiRequest("GET", path[..question], path[(question + 1)..])).Request is { } asked)
        {
            return asked;
        }

        return new ApiRequest(isCreation ? ApiVerb.Create : rest.Length > 1 ? ApiVerb.Get : ApiVerb.List, new ResourcePath(group, version, rest[0]))
        {
            Namespace = ns,
            Name = rest.Length > 1 ? rest[1] : "",
            Subresource = rest.Length > 2 ? rest[2] : "",
        };
    }
}
