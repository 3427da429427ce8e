using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of nodes.</summary>
internal static class NodeCells
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static Doc[] Node(Doc value, CellContext context) =>
    [
        Cells.Name(value),
        Status(value),
        Roles(value),
        context.Age(value),
        value.Text("status", "nodeInfo", "kubeletVersion") ?? "",
        Address(value, "InternalIP"),
        Address(value, "ExternalIP"),
        Known(value, "osImage"),
        Known(value, "kernelVersion"),
        Known(value, "containerRuntimeVersion"),
    ];

    private static string Status(Doc value)
    {
        var ready = value.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return value.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(Doc value)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, role) in value.At("metadata", "labels")?.Fields ?? [])
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
            {
                roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == "kubernetes.io/role" && role.AsText is { Length: > 0 } name)
            {
                roles.Add(name);
            }
        }

        return Cells.OrNone(string.Join(',', roles));
    }

    private static string Address(Doc value, string type) => Cells.OrNone(
        value.List("status", "addresses").FirstOrDefault(address => address.Text("type") == type)?.Text("address"));

    private static string Known(Doc value, string field) =>
        value.Text("status", "nodeInfo", field) is { Length: > 0 } text ? text : Cells.Unknown;
}
