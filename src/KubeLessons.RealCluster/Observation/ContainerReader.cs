using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Observation;

/// <summary>
/// Reads the containers of a node's runtime: through crictl where the node has it, else through containerd's own ctr. A pod's labels stand
/// on its sandbox alone, which is found by the pod's uid. What a container is never changes, so ctr is asked for it once.
/// </summary>
internal sealed class ContainerReader(NodeShell shell)
{
    private const string Look =
        """
        if crictl --version >/dev/null 2>&1 && [ "$(readlink -f "$(command -v crictl)")" != /usr/local/sbin/kubelessons-crictl ]; then
          echo crictl; crictl pods -o json 2>/dev/null | tr -d '\n'; echo; crictl ps -a -o json 2>/dev/null | tr -d '\n'; echo
        elif command -v ctr >/dev/null 2>&1; then
          echo ctr; ctr -n k8s.io tasks ls 2>/dev/null | awk 'NR > 1 {print $1, $3}'; echo; ctr -n k8s.io containers ls -q 2>/dev/null
        fi
        """;

    private readonly ConcurrentDictionary<(string Address, string Id), JsonObject> _described = new();

    /// <summary>The containers by id, each as the JSON of its fact; null when the node did not answer.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadAsync(string address, CancellationToken cancellation)
    {
        if (await shell.LookAsync(address, Look, cancellation).ConfigureAwait(false) is not { } printed)
        {
            return null;
        }

        var lines = printed.Split('\n');
        return lines[0] switch
        {
            "crictl" when lines.Length > 2 => FromCri(lines[1], lines[2]),
            "ctr" => await FromContainerdAsync(address, lines, cancellation).ConfigureAwait(false),
            _ => new Dictionary<string, string>(),
        };
    }

    internal static Dictionary<string, string> FromCri(string podsJson, string containersJson)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (JsonNode.Parse(podsJson.Length > 0 ? podsJson : "{}") is not { } pods || JsonNode.Parse(containersJson.Length > 0 ? containersJson : "{}") is not { } containers)
        {
            return found;
        }

        var labelsByPod = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var pod in pods["items"]?.AsArray() ?? [])
        {
            labelsByPod[(string?)pod?["metadata"]?["uid"] ?? ""] = pod?["labels"];
        }

        foreach (var container in containers["containers"]?.AsArray() ?? [])
        {
            var labels = container!["labels"];
            var state = (string?)container["state"] switch { "CONTAINER_RUNNING" => "running", "CONTAINER_EXITED" => "exited", _ => "created" };
            found[(string)container["id"]!] = Fact(
                (string?)container["metadata"]?["name"],
                labels,
                (string?)container["image"]?["image"],
                labelsByPod.GetValueOrDefault((string?)labels?["io.kubernetes.pod.uid"] ?? ""),
                state);
        }

        return found;
    }

    private static string Fact(string? name, JsonNode? own, string? image, JsonNode? podLabels, string state)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in podLabels?.AsObject().Where(label => !label.Key.StartsWith("io.cri-containerd", StringComparison.Ordinal)) ?? [])
        {
            labels[key] = value?.DeepClone();
        }

        return new JsonObject
        {
            ["name"] = name,
            ["pod"] = (string?)own?["io.kubernetes.pod.name"],
            ["namespace"] = (string?)own?["io.kubernetes.pod.namespace"],
            ["image"] = image,
            ["labels"] = labels,
            ["state"] = state,
        }.ToJsonString();
    }

    private async Task<IReadOnlyDictionary<string, string>?> FromContainerdAsync(string address, string[] lines, CancellationToken cancellation)
    {
        var blank = Array.IndexOf(lines, "", 1);
        var tasks = lines[1..Math.Max(1, blank)].Select(line => line.Split(' ')).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var ids = lines[(blank + 1)..].Where(line => line.Length > 0).ToList();
        var unknown = ids.Where(id => !_described.ContainsKey((address, id))).ToList();
        if (unknown.Count > 0 && await DescribeAsync(address, unknown, cancellation).ConfigureAwait(false) is { } described)
        {
            foreach (var (id, document) in described)
            {
                _described[(address, id)] = document;
            }
        }

        var here = ids.Select(id => (Id: id, About: _described.GetValueOrDefault((address, id)))).Where(each => each.About is not null).ToList();
        var labelsByPod = here.Where(each => Kind(each.About!) == "sandbox")
            .GroupBy(each => (string?)each.About!["Labels"]?["io.kubernetes.pod.uid"] ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().About!["Labels"], StringComparer.Ordinal);
        return here.Where(each => Kind(each.About!) == "container").ToDictionary(
            each => each.Id,
            each =>
            {
                var labels = each.About!["Labels"];
                var state = tasks.TryGetValue(each.Id, out var status) ? status == "RUNNING" ? "running" : "exited" : "exited";
                return Fact(
                    (string?)labels?["io.kubernetes.container.name"],
                    labels,
                    (string?)each.About["Image"],
                    labelsByPod.GetValueOrDefault((string?)labels?["io.kubernetes.pod.uid"] ?? ""),
                    state);
            },
            StringComparer.Ordinal);

        static string? Kind(JsonObject about) => (string?)about["Labels"]?["io.cri-containerd.kind"];
    }

    private async Task<Dictionary<string, JsonObject>?> DescribeAsync(string address, List<string> ids, CancellationToken cancellation)
    {
        // One document a line; the container's OCI specification, which is long, is of no use here.
        var script = new StringBuilder("for c in");
        script.AppendJoin("", ids.Select(id => " " + SshAccess.Quote(id)));
        script.Append("; do ctr -n k8s.io containers info \"$c\" 2>/dev/null | sed '/^    \"Spec\": {/,$d' | tr -d '\\n'; echo; done");
        if (await shell.LookAsync(address, script.ToString(), cancellation).ConfigureAwait(false) is not { } printed)
        {
            return null;
        }

        var described = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = line.TrimEnd();
            text = text.EndsWith(',') ? text[..^1] + "}" : text;
            try
            {
                if (JsonNode.Parse(text) is JsonObject document && (string?)document["ID"] is { } id)
                {
                    described[id] = document;
                }
            }
            catch (JsonException)
            {
                // The container went while it was asked about.
            }
        }

        return described;
    }
}
