using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Api;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Safety;

/// <summary>What kubectl writes on a node: labels, taints, and whether it takes pods. Put back where a run's commands speak of such.</summary>
internal static class NodeMarks
{
    private static readonly string[] Verbs = ["cordon", "uncordon", "drain", "taint", "label", "patch", "edit", "apply", "replace"];

    /// <summary>The nodes' marks as an entry of the journal. Taints and labels that Kubernetes' own controllers write are not ours.</summary>
    public static JsonObject Of(JsonDocument nodes)
    {
        var marks = new JsonObject();
        foreach (var node in nodes.RootElement.GetProperty("items").EnumerateArray())
        {
            marks[node.GetProperty("metadata").GetProperty("name").GetString()!] = Read(node);
        }

        return new JsonObject { ["nodes"] = marks };
    }

    public static async Task RestoreAsync(ApiConnection api, Journal journal, Action<Message> tell, CancellationToken cancellation)
    {
        var words = new SpokenOf(string.Join('\n', journal.Of("command").Select(each => (string)each["script"]!)));
        if (!words.Has("kubectl") || !Verbs.Any(words.Has) || journal.Of("marks").FirstOrDefault()?["nodes"] is not JsonObject before)
        {
            return;
        }

        using var list = await api.GetAsync("/api/v1/nodes", cancellation).ConfigureAwait(false);
        foreach (var node in list!.RootElement.GetProperty("items").EnumerateArray())
        {
            var name = node.GetProperty("metadata").GetProperty("name").GetString()!;
            var now = Read(node);
            if (before[name] is not JsonObject old || JsonNode.DeepEquals(old, now))
            {
                continue;
            }

            var labels = new JsonObject();
            foreach (var key in old["labels"]!.AsObject().Select(label => label.Key).Concat(now["labels"]!.AsObject().Select(label => label.Key)).Distinct())
            {
                if ((string?)old["labels"]![key] is var value && value != (string?)now["labels"]![key])
                {
                    labels[key] = value;
                }
            }

            var taints = new JsonArray([.. Taints(node, ofKubernetes: true), .. old["taints"]!.AsArray().Select(taint => taint!.DeepClone())]);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels },
                ["spec"] = new JsonObject { ["taints"] = taints.Count > 0 ? taints : null, ["unschedulable"] = (bool)old["unschedulable"]! ? true : null },
            };
            tell(Message.Of("real.undoing", name, $"kubectl patch node {name} -p '{patch.ToJsonString()}'"));
            using var body = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
            using var answer = await api.SendAsync(HttpMethod.Patch, $"/api/v1/nodes/{name}", body, cancellation).ConfigureAwait(false);
        }
    }

    private static JsonObject Read(JsonElement node)
    {
        var labels = new JsonObject();
        if (node.GetProperty("metadata").TryGetProperty("labels", out var found))
        {
            foreach (var label in found.EnumerateObject())
            {
                labels[label.Name] = label.Value.GetString();
            }
        }

        return new JsonObject
        {
            ["labels"] = labels,
            ["taints"] = new JsonArray([.. Taints(node, ofKubernetes: false)]),
            ["unschedulable"] = node.GetProperty("spec").TryGetProperty("unschedulable", out var closed) && closed.ValueKind == JsonValueKind.True,
        };
    }

    private static IEnumerable<JsonNode?> Taints(JsonElement node, bool ofKubernetes) =>
        node.GetProperty("spec").TryGetProperty("taints", out var taints)
            ? taints.EnumerateArray()
                .Where(taint => taint.GetProperty("key").GetString()!.StartsWith("node.kubernetes.io/", StringComparison.Ordinal) == ofKubernetes
                    && (!ofKubernetes || taint.GetProperty("key").GetString() != "node.kubernetes.io/unschedulable"))
                .Select(taint => JsonNode.Parse(taint.GetRawText()))
            : [];
}
