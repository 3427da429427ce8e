using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe node</c>.</summary>
internal static class NodeDescriber
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static IEnumerable<Wait> Describe(DescribeSession session, Doc node)
    {
        var name = node.Text("metadata", "name") ?? "";
        yield return Wait.Call(session.Get(new("coordination.k8s.io", "v1", "leases"), "kube-node-lease", name));
        var lease = session.Object;
        yield return Wait.Call(session.List(
            ResourcePath.Core("pods"), "", fieldSelector: $"spec.nodeName={name},status.phase!=Failed,status.phase!=Succeeded"));
        var pods = session.Items;

        // A kubelet writes the node's name where its uid belongs; the node controller writes the uid.
        yield return Wait.Call(session.FetchEvents(node, name));
        var byName = session.Events;
        yield return Wait.Call(session.FetchEvents(node));
        var events = byName.AddRange(session.Events.Where(each => byName.All(known => known.Text("metadata", "uid") != each.Text("metadata", "uid"))));

        var writer = session.Writer;
        Head(writer, node, lease);
        Status(writer, node);
        NodeResources.Describe(writer, node, pods);
        if (session.Call.Flags.Flag("show-events"))
        {
            EventList.Write(writer, events);
        }
    }

    private static void Head(DescribeWriter writer, Doc node, Doc? lease)
    {
        writer.Field(0, "Name", node.Text("metadata", "name"));
        writer.Field(0, "Roles", RolesOf(node) is { IsEmpty: false } roles ? string.Join(',', roles) : "<none>");
        writer.Labels("Labels", node.At("metadata", "labels"));
        writer.Annotations("Annotations", node.At("metadata", "annotations"));
        writer.Field(0, "CreationTimestamp", DescribeWriter.Time(node.Text("metadata", "creationTimestamp")));
        Taints(writer, node.List("spec", "taints"));
        writer.Field(0, "Unschedulable", node.Flag("spec", "unschedulable") == true ? "true" : "false");
        writer.Line(0, "Lease:");
        if (lease is null)
        {
            writer.Line(1, "Failed to get lease: not found");
            return;
        }

        writer.Field(1, "HolderIdentity", lease.Text("spec", "holderIdentity") ?? "<unset>");
        writer.Field(1, "AcquireTime", DescribeWriter.Time(lease.Text("spec", "acquireTime")));
        writer.Field(1, "RenewTime", DescribeWriter.Time(lease.Text("spec", "renewTime")));
    }

    private static ImmutableArray<string> RolesOf(Doc node)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.At("metadata", "labels")?.Fields ?? [])
        {
            var role = key.StartsWith(RolePrefix, StringComparison.Ordinal) ? key[RolePrefix.Length..]
                : key == "kubernetes.io/role" ? value.AsText ?? ""
                : "";
            if (role.Length > 0)
            {
                roles.Add(role);
            }
        }

        return [.. roles];
    }

    private static void Taints(DescribeWriter writer, ImmutableArray<Doc> taints)
    {
        if (taints.IsEmpty)
        {
            writer.Field(0, "Taints", "<none>");
            return;
        }

        var lines = taints
            .OrderBy(taint => taint.Text("effect"), StringComparer.Ordinal)
            .ThenBy(taint => taint.Text("key"), StringComparer.Ordinal)
            .Select(taint => $"{taint.Text("key")}{(taint.Text("value") is { Length: > 0 } value ? "=" + value : "")}:{taint.Text("effect")}");
        writer.Write("Taints:\t" + string.Join("\n\t", lines) + "\n");
    }

    private static void Status(DescribeWriter writer, Doc node)
    {
        if (node.List("status", "conditions") is { IsEmpty: false } conditions)
        {
            writer.Line(0, "Conditions:");
            writer.Line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
            writer.Line(1, "----\t------\t-----------------\t------------------\t------\t-------");
            foreach (var each in conditions)
            {
                writer.Line(1, $"{each.Text("type")} \t{each.Text("status")} \t{DescribeWriter.Time(each.Text("lastHeartbeatTime"))} \t"
                    + $"{DescribeWriter.Time(each.Text("lastTransitionTime"))} \t{each.Text("reason")} \t{each.Text("message")}");
            }
        }

        writer.Line(0, "Addresses:");
        foreach (var address in node.List("status", "addresses"))
        {
            writer.Field(1, address.Text("type")!, address.Text("address"));
        }

        Amounts(writer, "Capacity", node.At("status", "capacity"));
        Amounts(writer, "Allocatable", node.At("status", "allocatable"));
        var info = node.At("status", "nodeInfo");
        writer.Line(0, "System Info:");
        foreach (var (label, field) in (ReadOnlySpan<(string, string)>)[
            ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"), ("Kernel Version", "kernelVersion"), ("OS Image", "osImage"),
            ("Operating System", "operatingSystem"), ("Architecture", "architecture"), ("Container Runtime Version", "containerRuntimeVersion"),
            ("Kubelet Version", "kubeletVersion"), ("Kube-Proxy Version", "kubeProxyVersion")])
        {
            writer.Field(1, label, info?.Text(field));
        }

        if (node.Text("spec", "podCIDR") is { Length: > 0 } range)
        {
            writer.Field(0, "PodCIDR", range);
        }

        if (node.List("spec", "podCIDRs") is { IsEmpty: false } ranges)
        {
            writer.Field(0, "PodCIDRs", string.Join(',', ranges.Select(each => each.AsText)));
        }

        if (node.Text("spec", "providerID") is { Length: > 0 } provider)
        {
            writer.Field(0, "ProviderID", provider);
        }
    }

    private static void Amounts(DescribeWriter writer, string title, Doc? amounts)
    {
        if (amounts is not DocObject { Count: > 0 } map)
        {
            return;
        }

        writer.Line(0, title + ":");
        foreach (var (name, amount) in map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.Field(1, name, amount.AsText ?? amount.ToString());
        }
    }
}
