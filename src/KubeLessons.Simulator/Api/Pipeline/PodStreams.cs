using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>
/// The subresources of pods that are streams: the pod, its container and its node are found, and the request goes to the node's
/// kubelet (pkg/registry/core/pod: LogLocation, ExecLocation…).
/// </summary>
internal sealed class PodStreams(ApiServer server)
{
    public (PodStream? Stream, ApiReply? Failure) Open(ApiRequest request)
    {
        var pod = server.Store.Get(new ObjectKey("pods", request.Namespace, request.Name))?.Object;
        if (pod is null)
        {
            return Refuse(ApiStatus.NotFound(request.Resource, request.Name));
        }

        var (container, fault) = request.Subresource == "portforward" ? ("", null) : Container(pod, request);
        if (fault is not null)
        {
            return Refuse(ApiStatus.BadRequest(fault));
        }

        if (pod.Text("spec", "nodeName") is not { Length: > 0 } nodeName)
        {
            return Refuse(ApiStatus.BadRequest($"pod {request.Name} does not have a host assigned"));
        }

        var node = server.Store.Get(new ObjectKey("nodes", "", nodeName))?.Object;
        if (node is null)
        {
            return Refuse(ApiStatus.NotFound(ResourcePath.Core("nodes"), nodeName));
        }

        return Open(request, container, node);
    }

    private (PodStream?, ApiReply?) Open(ApiRequest request, string container, Doc node)
    {
        var address = node.List("status", "addresses").FirstOrDefault(each => each.Text("type") == "InternalIP")?.Text("address") ?? "";
        var port = (int)(node.Int("status", "daemonEndpoints", "kubeletEndpoint", "Port") ?? 10250);
        var kind = request.Subresource switch { "log" => "containerLogs", "portforward" => "portForward", var same => same };
        var dial = server.DialKubelet(address, port);
        if (dial.Kubelet is not { } kubelet)
        {
            var url = $"https://{address}:{port}/{kind}/{request.Namespace}/{request.Name}/{container}";
            var message = kind == "containerLogs" ? $"Get \"{url}{LogQuery(request.Body ?? Doc.Empty)}\": {dial.Error}" : $"error dialing backend: {dial.Error}";
            return (null, new ApiReply(ApiStatus.Failure(500, "", message), null, dial.Takes + ApiClient.RoundTrip));
        }

        var reply = kubelet.Open(new PodStreamRequest(kind, request.Namespace, request.Name, container, request.Body ?? Doc.Empty));
        if (reply.Stream is { } stream)
        {
            return (stream, null);
        }

        var failure = reply.Code switch
        {
            400 => ApiStatus.BadRequest(reply.Error ?? ""),
            404 => ApiStatus.Failure(404, "NotFound", reply.Error ?? ""),

            // Since 1.30 the API server hands a failed upgrade on within the WebSocket; before, kubectl's SPDY met it itself.
            _ when kind is "exec" or "attach" && server.Version.Minor < 30 => ApiStatus.Failure(reply.Code, "InternalError", reply.Error ?? ""),
            _ => ApiStatus.Failure(reply.Code, "InternalError", $"Internal error occurred: {reply.Error}"),
        };
        return (null, new ApiReply(failure, null, dial.Takes + ApiClient.RoundTrip));
    }

    // The options as they are handed on (pkg/registry/core/pod: LogLocation), sorted by name as Go's url.Values are.
    private static string LogQuery(Doc options)
    {
        var words = new List<string>();
        foreach (var name in (ReadOnlySpan<string>)["follow", "limitBytes", "previous", "sinceSeconds", "sinceTime", "tailLines", "timestamps"])
        {
            if (options.Flag(name) == true)
            {
                words.Add(name + "=true");
            }
            else if (options.Int(name) is { } number)
            {
                words.Add($"{name}={number}");
            }
            else if (options.Text(name) is { } text)
            {
                words.Add($"{name}={Uri.EscapeDataString(text)}");
            }
        }

        return words.Count == 0 ? "" : "?" + string.Join('&', words);
    }

    // The container that was asked for; the only one when none was (pkg/registry/core/pod: validateContainer).
    private static (string Container, string? Fault) Container(Doc pod, ApiRequest request)
    {
        var mains = Names(pod, "containers");
        var inits = Names(pod, "initContainers");
        var name = request.Name;
        if (request.Body?.Text("container") is { Length: > 0 } asked)
        {
            return mains.Contains(asked) || inits.Contains(asked) || Names(pod, "ephemeralContainers").Contains(asked)
                ? (asked, null)
                : ("", $"container {asked} is not valid for pod {name}");
        }

        if (mains.Count == 1)
        {
            return (mains[0], null);
        }

        var fault = $"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', mains)}]";
        return ("", inits.Count == 0 ? fault : $"{fault} or one of the init containers: [{string.Join(' ', inits)}]");
    }

    private static List<string> Names(Doc pod, string list) => [.. pod.List("spec", list).Select(container => container.Text("name") ?? "")];

    private static (PodStream?, ApiReply?) Refuse(ApiResponse response) => (null, new ApiReply(response, null, ApiClient.RoundTrip));
}
