using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create service …</c>.</summary>
internal static class ServiceGenerators
{
    public static Command Service { get; } = new("service", "[flags] [options]", "Create a service using a specified subcommand")
    {
        Aliases = ["svc"],
        Children =
        [
            Generator("ClusterIP").Command(
                "clusterip", "NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none] [options]", "Create a ClusterIP service", [], FlagSpec.List("tcp"), FlagSpec.Text("clusterip")),
            Generator("ExternalName").Command(
                "externalname", "NAME --external-name external.name [--dry-run=server|client|none] [options]", "Create an ExternalName service", [], FlagSpec.List("tcp"), FlagSpec.Text("external-name") with { IsRequired = true }),
            Generator("LoadBalancer").Command(
                "loadbalancer", "NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]", "Create a LoadBalancer service", [], FlagSpec.List("tcp")),
            Generator("NodePort").Command(
                "nodeport", "NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]", "Create a NodePort service", [], FlagSpec.List("tcp"), FlagSpec.Int("node-port")),
        ],
    };

    private static Generator Generator(string type) =>
        new(new("", "v1", "services"), true, $"failed to create {type} service: ", (call, name) => Make(call, name, type));

    private static Made Make(Invocation call, string name, string type)
    {
        var isHeadless = type == "ClusterIP" && call.Flags.Text("clusterip") == "None";
        var specs = call.Flags.List("tcp");
        if (specs.IsEmpty && !isHeadless && type != "ExternalName")
        {
            return Made.Fault("at least one tcp port specifier must be provided");
        }

        var ports = new List<Doc>();
        foreach (var spec in specs)
        {
            var (port, error) = PortOf(spec, type == "NodePort" ? call.Flags.Int("node-port") : 0);
            if (port is null)
            {
                return Made.Fault(error!);
            }

            ports.Add(port);
        }

        var labels = MadeObjects.Label("app", name);
        return MadeObjects.Object(
            "Service",
            "v1",
            MadeObjects.Metadata(name, labels),
            ("spec", Doc.Obj(
                ("ports", ports.Count > 0 ? Doc.Arr(ports) : null),
                ("selector", labels),
                ("clusterIP", type == "ClusterIP" && call.Flags.Text("clusterip") is { Length: > 0 } ip ? ip : null),
                ("type", type),
                ("externalName", type == "ExternalName" ? call.Flags.Text("external-name") : null))),
            ("status", Doc.Obj(("loadBalancer", Doc.Empty))));
    }

    // "80" is port and target; "80:8080" and "80:http" name the target.
    private static (Doc? Port, string? Error) PortOf(string spec, long nodePort)
    {
        var parts = spec.Split(':');
        if (!uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return (null, $"strconv.ParseUint: parsing \"{parts[0]}\": invalid syntax");
        }

        Doc target = port;
        if (parts.Length > 1)
        {
            if (!uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                target = parts[1];
            }
            else if (number is 0 or > 65535)
            {
                return (null, "must be between 1 and 65535, inclusive");
            }
            else
            {
                target = number;
            }
        }

        return (Doc.Obj(
            ("name", spec.Replace(':', '-')),
            ("protocol", "TCP"),
            ("port", port),
            ("targetPort", target),
            ("nodePort", nodePort > 0 ? nodePort : null)), null);
    }
}
