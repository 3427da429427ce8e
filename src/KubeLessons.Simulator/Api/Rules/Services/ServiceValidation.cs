using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Services;

/// <summary>Checks Services (pkg/apis/core/validation: ValidateService).</summary>
internal static class ServiceValidation
{
    public static void Validate(Doc spec, FieldErrors errors, RuleContext context)
    {
        var type = spec.Text("type") ?? "";
        var isHeadless = spec.Text("clusterIP") == "None";
        if (spec.List("ports").IsEmpty && !isHeadless && type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        switch (type)
        {
            case "NodePort" when isHeadless:
                errors.Invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services");
                break;
            case "LoadBalancer" when isHeadless:
                errors.Invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services");
                break;
            case "ExternalName":
                ValidateExternalName(spec, errors);
                break;
            case "ClusterIP" or "NodePort" or "LoadBalancer":
                break;
            default:
                errors.NotSupported("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
                break;
        }

        Pipeline.ObjectMeta.ValidateLabels(spec["selector"], "spec.selector", errors);
        if (spec.Text("sessionAffinity") is not ("None" or "ClientIP"))
        {
            errors.NotSupported("spec.sessionAffinity", spec["sessionAffinity"] ?? "", "ClientIP", "None");
        }

        ValidatePorts(spec, type, errors);
        foreach (var (field, message) in context.Server.ServiceAddresses.FaultsOf(context))
        {
            errors.InvalidShown(field, message.Value, message.Detail);
        }

        if (spec.Text("externalTrafficPolicy") is { } policy)
        {
            if (type is "ClusterIP" or "ExternalName")
            {
                errors.Invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
            }
            else if (policy is not ("Cluster" or "Local"))
            {
                errors.NotSupported("spec.externalTrafficPolicy", policy, "Cluster", "Local");
            }
        }
    }

    private static void ValidateExternalName(Doc spec, FieldErrors errors)
    {
        if (spec.Text("clusterIP") is { Length: > 0 })
        {
            errors.Forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }

        var name = (spec.Text("externalName") ?? "").TrimEnd('.');
        if (name.Length == 0)
        {
            errors.Required("spec.externalName");
        }
        else if (Names.Dns1123Subdomain(name) is { } fault)
        {
            errors.Invalid("spec.externalName", name, fault);
        }
    }

    private static void ValidatePorts(Doc spec, string type, FieldErrors errors)
    {
        var ports = spec.List("ports");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string?, long?)>();
        var nodePorts = new HashSet<(string?, long?)>();
        for (var i = 0; i < ports.Length; i++)
        {
            var (port, at) = (ports[i], $"spec.ports[{i}]");
            var name = port.Text("name") ?? "";
            if (name.Length == 0 && ports.Length > 1)
            {
                errors.Required(at + ".name");
            }
            else if (name.Length > 0 && Names.Dns1123Label(name) is { } fault)
            {
                errors.Invalid(at + ".name", name, fault);
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                errors.Duplicate(at + ".name", name);
            }

            if (port.Int("port") is not (>= 1 and <= 65535))
            {
                errors.Invalid(at + ".port", port.Int("port") ?? 0, PortNames.Range);
            }

            if (port.Text("protocol") is not ("TCP" or "UDP" or "SCTP"))
            {
                errors.NotSupported(at + ".protocol", port["protocol"], "SCTP", "TCP", "UDP");
            }

            ValidateTarget(port["targetPort"], at, errors);
            if (type is "ClusterIP" or "ExternalName" && port.Int("nodePort") is > 0)
            {
                errors.Forbidden(at + ".nodePort", $"may not be used when `type` is '{type}'");
            }

            if (!numbers.Add((port.Text("protocol"), port.Int("port"))))
            {
                errors.InvalidShown(at, GoText.Literal(Doc.Obj(("protocol", port["protocol"]), ("port", port["port"]))), "");
            }
            else if (port.Int("nodePort") is > 0 and var nodePort && !nodePorts.Add((port.Text("protocol"), nodePort)))
            {
                errors.Duplicate(at + ".nodePort", nodePort);
            }
        }
    }

    private static void ValidateTarget(Doc? target, string at, FieldErrors errors)
    {
        switch (target)
        {
            case DocNumber number when number.AsInt is not (>= 1 and <= 65535):
                errors.Invalid(at + ".targetPort", number, PortNames.Range);
                break;
            case DocText text when PortNames.Check(text.AsText) is { } fault:
                errors.Invalid(at + ".targetPort", text, fault);
                break;
        }
    }
}
