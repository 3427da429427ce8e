using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Services;

/// <summary>Services (pkg/apis/core/v1/defaults.go: SetDefaults_Service; pkg/registry/core/service).</summary>
internal sealed class ServiceRules : KindRules
{
    public override string? CheckName(string name) => Names.Dns1035Label(name);

    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec =>
    {
        var minor = context.Version.Minor;
        spec = spec.Or("sessionAffinity", "None").Or("type", "ClusterIP").Each("ports", Port);
        if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec = spec.Or("sessionAffinityConfig", Doc.Empty).In("sessionAffinityConfig", static config =>
                config.Or("clientIP", Doc.Empty).In("clientIP", static client => client.Or("timeoutSeconds", 10800)));
        }

        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer")
        {
            spec = spec.Or("externalTrafficPolicy", "Cluster");
        }

        if (type is not "ExternalName" && minor >= 22)
        {
            spec = spec.Or("internalTrafficPolicy", "Cluster");
        }

        return type == "LoadBalancer" && minor >= 22 ? spec.Or("allocateLoadBalancerNodePorts", true) : spec;
    });

    public override Doc PrepareForCreate(Doc value, RuleContext context) =>
        context.Server.ServiceAddresses.Allocate(Families(value, context.Version.Minor), null, context);

    public override Doc PrepareForUpdate(Doc value, Doc before, RuleContext context)
    {
        value = KeepAllocated(value, before);
        return context.Server.ServiceAddresses.Allocate(Families(value, context.Version.Minor), before, context);
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context) =>
        ServiceValidation.Validate(value["spec"] ?? Doc.Empty, errors, context);

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        var (ip, old) = (value.Text("spec", "clusterIP") ?? "", before.Text("spec", "clusterIP") ?? "");
        var staysReachable = value.Text("spec", "type") != "ExternalName" && before.Text("spec", "type") != "ExternalName";
        if (staysReachable && old.Length > 0 && ip != old)
        {
            errors.InvalidShown("spec.clusterIPs[0]", $"[]string{{{GoText.Quote(ip)}}}", "may not change once set");
        }
    }

    private static Doc Port(Doc port)
    {
        port = port.Or("protocol", "TCP");
        return port["targetPort"] is null or DocNumber { AsInt: 0 } or DocText { AsText.Length: 0 } && port["port"] is { } number
            ? port.With(number, "targetPort")
            : port;
    }

    // One address family, as in a cluster that is not set up for two; the fields are there since 1.20 (clusterIPs) and 1.21.
    private static Doc Families(Doc value, int minor)
    {
        if (minor < 21 || value.Text("spec", "type") == "ExternalName")
        {
            return value;
        }

        return value.In("spec", static spec =>
        {
            var isHeadlessWithoutPods = spec.Text("clusterIP") == "None" && spec["selector"] is null;
            return isHeadlessWithoutPods
                ? spec.Or("ipFamilies", Doc.Arr("IPv4", "IPv6")).Or("ipFamilyPolicy", "RequireDualStack")
                : spec.Or("ipFamilies", Doc.Arr("IPv4")).Or("ipFamilyPolicy", "SingleStack");
        });
    }

    // What was allocated stays when an update leaves it out (patchAllocatedValues).
    private static Doc KeepAllocated(Doc value, Doc before)
    {
        var type = value.Text("spec", "type");
        if (type == "ExternalName" || before.Text("spec", "type") == "ExternalName")
        {
            return value;
        }

        return value.In("spec", spec =>
        {
            if (string.IsNullOrEmpty(spec.Text("clusterIP")) && spec.List("clusterIPs").IsEmpty && before.At("spec", "clusterIP") is { } ip)
            {
                spec = spec.With(ip, "clusterIP").With(before.At("spec", "clusterIPs"), "clusterIPs");
            }

            var olds = before.List("spec", "ports");
            return type is not ("NodePort" or "LoadBalancer") ? spec : spec.Each("ports", port =>
                port["nodePort"] is null && OldPort(olds, port)?["nodePort"] is { } number ? port.With(number, "nodePort") : port);
        });
    }

    private static Doc? OldPort(ImmutableArray<Doc> olds, Doc port)
    {
        foreach (var old in olds)
        {
            if (old.Int("port") == port.Int("port") && old.Text("protocol") == port.Text("protocol"))
            {
                return old;
            }
        }

        return null;
    }
}
