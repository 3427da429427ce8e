using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Ingresses (pkg/apis/networking/validation).</summary>
internal sealed class IngressRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        if (spec.List("rules").IsEmpty && spec["defaultBackend"] is null)
        {
            errors.Invalid("spec", Doc.Arr(), "either `defaultBackend` or `rules` must be specified");
        }

        if (spec["defaultBackend"] is { } fallback)
        {
            ValidateBackend(fallback, "spec.defaultBackend", errors);
        }

        var rules = spec.List("rules");
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Text("host") is { Length: > 0 } host && Names.Dns1123Subdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is { } fault)
            {
                errors.Invalid($"spec.rules[{i}].host", host, fault);
            }

            var paths = rules[i].List("http", "paths");
            if (rules[i]["http"] is not null && paths.IsEmpty)
            {
                errors.Required($"spec.rules[{i}].http.paths");
            }

            for (var j = 0; j < paths.Length; j++)
            {
                ValidatePath(paths[j], $"spec.rules[{i}].http.paths[{j}]", errors);
            }
        }
    }

    private static void ValidatePath(Doc path, string at, FieldErrors errors)
    {
        switch (path.Text("pathType"))
        {
            case "Exact" or "Prefix":
                if (path.Text("path") is not { } text || !text.StartsWith('/'))
                {
                    errors.Invalid(at + ".path", path.Text("path") ?? "", "must be an absolute path");
                }

                break;
            case "ImplementationSpecific":
                break;
            case null:
                errors.Required(at + ".pathType", "pathType must be specified");
                break;
            case var type:
                errors.NotSupported(at + ".pathType", type, "Exact", "ImplementationSpecific", "Prefix");
                break;
        }

        ValidateBackend(path["backend"] ?? Doc.Empty, at + ".backend", errors);
    }

    private static void ValidateBackend(Doc backend, string at, FieldErrors errors)
    {
        if (backend["service"] is not { } service)
        {
            if (backend["resource"] is null)
            {
                errors.Required(at, "resource or service backend is required");
            }

            return;
        }

        if (string.IsNullOrEmpty(service.Text("name")))
        {
            errors.Required(at + ".service.name");
        }

        var port = service["port"] ?? Doc.Empty;
        if (port["name"] is null && port.Int("number") is null or 0)
        {
            errors.Required(at, "port name or number is required");
        }
        else if (port.Int("number") is { } number and not (>= 1 and <= 65535))
        {
            errors.Invalid(at + ".service.port.number", number, PortNames.Range);
        }
    }
}

/// <summary>NetworkPolicies (pkg/apis/networking/v1/defaults.go).</summary>
internal sealed class NetworkPolicyRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", static spec =>
    {
        spec = spec.Each("ingress", Ports).Each("egress", Ports);
        return spec["policyTypes"] is not null ? spec
            : spec.With(spec.List("egress").IsEmpty ? Doc.Arr("Ingress") : Doc.Arr("Ingress", "Egress"), "policyTypes");
    });

    private static Doc Ports(Doc rule) => rule.Each("ports", static port => port.Or("protocol", "TCP"));
}

/// <summary>Endpoints and EndpointSlices: ports are TCP and nameless unless told otherwise.</summary>
internal sealed class EndpointsRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) =>
        value.Each("subsets", static subset => subset.Each("ports", static port => port.Or("protocol", "TCP")));
}

internal sealed class EndpointSliceRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) =>
        value.Each("ports", static port => port.Or("name", "").Or("protocol", "TCP"));

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (value.Text("addressType") is not ("IPv4" or "IPv6" or "FQDN"))
        {
            errors.NotSupported("addressType", value["addressType"] ?? "", "FQDN", "IPv4", "IPv6");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        if (value.Text("addressType") != before.Text("addressType"))
        {
            errors.Invalid("addressType", value["addressType"], "field is immutable");
        }
    }
}
