using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Checks probes and lifecycle hooks (pkg/apis/core/validation: validateProbe, validateHandler).</summary>
internal static class ProbeValidation
{
    public static void Validate(Doc container, string at, FieldErrors errors)
    {
        if (container["lifecycle"] is { } lifecycle)
        {
            foreach (var hook in (ReadOnlySpan<string>)["postStart", "preStop"])
            {
                if (lifecycle[hook] is { } handler)
                {
                    ValidateHandler(handler, $"{at}.lifecycle.{hook}", errors);
                }
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[name] is not { } probe)
            {
                continue;
            }

            ValidateHandler(probe, $"{at}.{name}", errors);
            foreach (var number in (ReadOnlySpan<string>)["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
            {
                PodSpecValidation.NotNegative(probe, number, $"{at}.{name}", errors);
            }

            if (name != "readinessProbe" && probe.Int("successThreshold") is { } successes and not 1 and >= 0)
            {
                errors.Invalid($"{at}.{name}.successThreshold", successes, "must be 1");
            }
        }
    }

    private static void ValidateHandler(Doc handler, string at, FieldErrors errors)
    {
        var found = 0;
        foreach (var type in (ReadOnlySpan<string>)["exec", "httpGet", "tcpSocket", "grpc", "sleep"])
        {
            if (handler[type] is not { } action)
            {
                continue;
            }

            if (++found > 1)
            {
                errors.Forbidden($"{at}.{type}", "may not specify more than 1 handler type");
                continue;
            }

            ValidateAction(type, action, $"{at}.{type}", errors);
        }

        if (found == 0)
        {
            errors.Required(at, "must specify a handler type");
        }
    }

    private static void ValidateAction(string type, Doc action, string at, FieldErrors errors)
    {
        switch (type)
        {
            case "exec" when action.List("command").IsEmpty:
                errors.Required(at + ".command");
                break;
            case "httpGet":
                CheckPort(action["port"], at + ".port", errors);
                if (action.Text("scheme") is { } scheme && scheme is not ("HTTP" or "HTTPS"))
                {
                    errors.NotSupported(at + ".scheme", scheme, "HTTP", "HTTPS");
                }

                break;
            case "tcpSocket":
                CheckPort(action["port"], at + ".port", errors);
                break;
        }
    }

    private static void CheckPort(Doc? port, string at, FieldErrors errors)
    {
        if (port?.AsText is { } name)
        {
            if (PortNames.Check(name) is { } fault)
            {
                errors.Invalid(at, name, fault);
            }
        }
        else if (port?.AsInt is not (>= 1 and <= 65535))
        {
            errors.Invalid(at, port?.AsInt ?? 0, PortNames.Range);
        }
    }
}
