using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using KubeLessons.Lessons;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>A node as the API server knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Control plane or worker, by its labels.</param>
/// <param name="InternalIp">Its address inside of the cluster; "" where none is told.</param>
internal sealed record ApiNode(string Name, NodeRole Role, string InternalIp)
{
    private const string RoleLabel = "node-role.kubernetes.io/";

    /// <summary>Reads a list of nodes. A control plane is labelled so (<c>master</c> before Kubernetes 1.24), or named so by kind or k3d.</summary>
    public static ImmutableArray<ApiNode> Read(JsonDocument list)
    {
        var nodes = list.RootElement.GetProperty("items").EnumerateArray().Select(Read).ToImmutableArray();

        // A cluster whose provider hides its control plane has none: its first node then stands for it where a lesson needs one.
        return nodes;
    }

    private static ApiNode Read(JsonElement node)
    {
        var metadata = node.GetProperty("metadata");
        var name = metadata.GetProperty("name").GetString()!;
        var labels = metadata.TryGetProperty("labels", out var found) ? found : default;
        bool Has(string label) => labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(label, out _);
        var isControlPlane = Has(RoleLabel + "control-plane") || Has(RoleLabel + "master")
            || name.EndsWith("-control-plane", StringComparison.Ordinal) || Regex.IsMatch(name, "^k3d-.*-server-[0-9]+$");
        var ip = node.TryGetProperty("status", out var status) && status.TryGetProperty("addresses", out var addresses)
            ? addresses.EnumerateArray().FirstOrDefault(address => address.GetProperty("type").GetString() == "InternalIP")
            : default;
        return new ApiNode(
            name,
            isControlPlane ? NodeRole.ControlPlane : NodeRole.Worker,
            ip.ValueKind == JsonValueKind.Object ? ip.GetProperty("address").GetString() ?? "" : "");
    }
}

/// <summary>A node with both of its names.</summary>
/// <param name="LessonName">What the lesson calls it.</param>
/// <param name="ClusterName">What the cluster calls it.</param>
/// <param name="Address">How it is reached.</param>
/// <param name="Role">What it is for.</param>
internal sealed record MappedNode(string LessonName, string ClusterName, string Address, NodeRole Role);

/// <summary>Finds the cluster's nodes for those of a lesson.</summary>
internal static class NodeMapping
{
    /// <summary>
    /// First what the user says, then nodes of the same name, then those of the same role in the order of their names. Nodes that the
    /// lesson does not ask for keep their own names; nodes that the cluster lacks are not there.
    /// </summary>
    /// <returns>The nodes in the lesson's order, or null and the word of the user that names no node.</returns>
    public static (ImmutableArray<MappedNode> Nodes, string? Unknown) Map(
        IReadOnlyList<NodeSpec> wanted, IReadOnlyList<ApiNode> real, IReadOnlyDictionary<string, string> said)
    {
        var free = real.OrderBy(node => Natural(node.Name), StringComparer.Ordinal).ToList();
        var byLesson = new Dictionary<string, (ApiNode Node, string Address)>(StringComparer.Ordinal);
        foreach (var (lesson, target) in said)
        {
            var at = target.IndexOf('@');
            var name = at < 0 ? target : target[..at];
            if (free.Find(node => node.Name == name) is not { } node)
            {
                return ([], $"{lesson}={target}");
            }

            byLesson[lesson] = (node, at < 0 ? node.Name : target[(at + 1)..]);
            free.Remove(node);
        }

        void Take(NodeSpec spec, ApiNode? node)
        {
            if (node is not null && byLesson.TryAdd(spec.Name, (node, node.Name)))
            {
                free.Remove(node);
            }
        }

        foreach (var spec in wanted)
        {
            Take(spec, byLesson.ContainsKey(spec.Name) ? null : free.Find(node => node.Name == spec.Name && node.Role == spec.Role));
        }

        foreach (var spec in wanted)
        {
            Take(spec, byLesson.ContainsKey(spec.Name) ? null : free.Find(node => node.Role == spec.Role));
        }

        var mapped = wanted.Where(spec => byLesson.ContainsKey(spec.Name))
            .Select(spec => new MappedNode(spec.Name, byLesson[spec.Name].Node.Name, byLesson[spec.Name].Address, spec.Role))
            .Concat(free.Select(node => new MappedNode(node.Name, node.Name, node.Name, node.Role)));
        return ([.. mapped], null);
    }

    // kind-worker, kind-worker2, kind-worker10: numbers count as numbers.
    private static string Natural(string name) => Regex.Replace(name, "[0-9]+", digits => digits.Value.PadLeft(10, '0'));
}
