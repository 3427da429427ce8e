using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;
using KubeLessons.Simulator.Kubectl.Verbs.Create;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl expose</c>: a service in front of what a workload runs.</summary>
internal static class ExposeVerb
{
    public static Command Command { get; } = new(
        "expose",
        "(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type] [options]",
        "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-expose"), CommonFlags.SaveConfig,
            FlagSpec.Text("cluster-ip"), FlagSpec.Text("external-ip"), FlagSpec.Text("labels", 'l'), FlagSpec.Text("load-balancer-ip"), FlagSpec.Text("name"),
            FlagSpec.Text("override-type", value: "merge"), FlagSpec.Text("overrides"), FlagSpec.Text("port"), FlagSpec.Text("protocol"),
            FlagSpec.Text("selector"), FlagSpec.Text("session-affinity"), FlagSpec.Text("target-port"), FlagSpec.Text("type"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun, madeHere: dryRun == DryRun.Client) is not { } printer)
        {
            yield break;
        }

        // The selector of the service is no selector of objects here.
        var arguments = new ResourceArguments(call, new ArgumentRules { IgnoresSelector = true });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        foreach (var found in fetch.Found)
        {
            var made = Make(call, found);
            if (made.Value is not { } service)
            {
                call.Fail(made.Error!);
                yield break;
            }

            if (dryRun != DryRun.Client || call.NamespaceIsEnforced)
            {
                service = MadeObjects.InNamespace(service, call.Namespace);
            }

            if (dryRun == DryRun.Client)
            {
                printer.Print(service, "exposed");
                continue;
            }

            var reply = call.Send(ApiRequest.Create(ResourcePath.Core("services"), call.Namespace, service) with { Options = WriteOptions.Of(call, dryRun) });
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail(reply);
                yield break;
            }

            printer.Print(reply.Response!.Body, "exposed");
        }

        call.Fail(fetch.Failures);
    }

    private static Made Make(Invocation call, FoundObject found)
    {
        var (value, kind) = (found.Value, found.Resource.Kind);
        if (kind is not ("Pod" or "Service" or "ReplicationController" or "Deployment" or "ReplicaSet"))
        {
            return Made.Fault($"cannot expose a {kind}");
        }

        var (selector, fault) = SelectorOf(call, value, kind);
        if (selector is null)
        {
            return Made.Fault(fault!);
        }

        (var ports, fault) = PortsOf(call, value, kind);
        if (ports is null)
        {
            return Made.Fault(fault!);
        }

        var flags = call.Flags;
        var name = flags.Text("name") is { Length: > 0 } given ? given : found.Name;
        var labels = flags.Text("labels") is { Length: > 0 } text ? Pairs(text) : value.At("metadata", "labels") as DocObject;
        return MadeObjects.Object(
            "Service",
            "v1",
            MadeObjects.Metadata(name, labels),
            ("spec", Doc.Obj(
                ("ports", Doc.Arr(ports)),
                ("selector", selector),
                ("clusterIP", flags.Text("cluster-ip") is { Length: > 0 } ip ? ip : null),
                ("type", flags.Text("type") is { Length: > 0 } type ? type : null),
                ("externalIPs", flags.Text("external-ip") is { Length: > 0 } external ? Doc.Arr(external) : null),
                ("sessionAffinity", flags.Text("session-affinity") is { Length: > 0 } affinity ? affinity : null),
                ("loadBalancerIP", flags.Text("load-balancer-ip") is { Length: > 0 } balancer ? balancer : null))),
            ("status", Doc.Obj(("loadBalancer", Doc.Empty))));
    }

    private static (DocObject? Selector, string? Error) SelectorOf(Invocation call, Doc value, string kind)
    {
        if (call.Flags.Text("selector") is { Length: > 0 } given)
        {
            return (Pairs(given), null);
        }

        var expressions = value.List("spec", "selector", "matchExpressions");
        if (!expressions.IsEmpty)
        {
            var shown = string.Join(' ', expressions.Select(each =>
                $"{{Key:{each.Text("key")} Operator:{each.Text("operator")} Values:[{string.Join(' ', each.List("values").Select(item => item.AsText))}]}}"));
            return (null, $"couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - \"[{shown}]\" to map-based selector format");
        }

        var found = kind switch
        {
            "Pod" => value.At("metadata", "labels"),
            "Service" or "ReplicationController" => value.At("spec", "selector"),
            _ => value.At("spec", "selector", "matchLabels"),
        };
        return found is DocObject { Count: > 0 } selector ? (selector, null)
            : kind switch
            {
                "Pod" => (null, "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed"),
                "Service" => (null, "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set"),
                _ => (null, "couldn't retrieve selectors via --selector flag or introspection: invalid deployment: no selectors, therefore cannot be exposed"),
            };
    }

    private static (List<Doc>? Ports, string? Error) PortsOf(Invocation call, Doc value, string kind)
    {
        var wanted = call.Flags.Text("port") is { Length: > 0 } given ? [.. given.Split(',')] : DeclaredPorts(value, kind);
        if (wanted.IsEmpty)
        {
            return (null, "couldn't find port via --port flag or introspection");
        }

        var protocol = call.Flags.Text("protocol") is { Length: > 0 } asked ? asked.ToUpperInvariant() : "TCP";
        var target = call.Flags.Text("target-port");
        var ports = new List<Doc>();
        foreach (var text in wanted)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                return (null, $"strconv.Atoi: parsing \"{text}\": invalid syntax");
            }

            ports.Add(Doc.Obj(
                ("name", wanted.Length > 1 ? $"port-{ports.Count + 1}" : null),
                ("protocol", protocol),
                ("port", port),
                ("targetPort", target.Length == 0 ? port : long.TryParse(target, out var number) ? number : target)));
        }

        return (ports, null);
    }

    private static ImmutableArray<string> DeclaredPorts(Doc value, string kind) => kind == "Service"
        ? [.. value.List("spec", "ports").Select(port => $"{port.Int("port")}")]
        : [.. (kind == "Pod" ? value.List("spec", "containers") : value.List("spec", "template", "spec", "containers"))
            .SelectMany(container => container.List("ports")).Select(port => $"{port.Int("containerPort")}")];

    private static DocObject Pairs(string text) => Doc.Map(text.Split(',').Select(part => part.Split('=', 2)).Where(sides => sides.Length == 2).Select(sides => KeyValuePair.Create(sides[0], sides[1])));
}
