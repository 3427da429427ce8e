using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Checks one container (pkg/apis/core/validation: validateContainerCommon and what it calls).</summary>
internal static class ContainerValidation
{
    public static void Validate(
        Doc container, string at, Dictionary<string, Doc> volumes, HashSet<string> names, FieldErrors errors, RuleScope scope, bool isInit)
    {
        var name = container.Text("name") ?? "";
        if (name.Length == 0)
        {
            errors.Required(at + ".name");
        }
        else if (Names.Dns1123Label(name) is { } fault)
        {
            errors.Invalid(at + ".name", name, fault);
        }
        else if (!names.Add(name))
        {
            errors.Duplicate(at + ".name", name);
        }

        ValidateImage(container, at, errors);
        ValidatePorts(container.List("ports"), at + ".ports", errors);
        ValidateEnvironment(container.List("env"), at + ".env", errors, scope);
        ValidateMounts(container, at, volumes, errors);
        ResourceValidation.Validate(container["resources"], at + ".resources", errors, scope);
        var isSidecar = isInit && container.Text("restartPolicy") == "Always";
        if (container.Text("restartPolicy") is { } restart && restart != "Always" && isInit)
        {
            errors.NotSupported(at + ".restartPolicy", restart, "Always");
        }

        if (isInit && !isSidecar)
        {
            foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"])
            {
                if (container[probe] is not null)
                {
                    errors.Forbidden($"{at}.{probe}", "may not be set for init containers without restartPolicy=Always");
                }
            }

            return;
        }

        ProbeValidation.Validate(container, at, errors);
    }

    /// <summary>Two containers of a pod cannot have the same host port.</summary>
    public static void CheckHostPorts(ImmutableArray<Doc> containers, string field, FieldErrors errors)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Length; i++)
        {
            var ports = containers[i].List("ports");
            for (var j = 0; j < ports.Length; j++)
            {
                if (ports[j].Int("hostPort") is > 0 and var port
                    && !taken.Add($"{ports[j].Text("protocol")}/{ports[j].Text("hostIP")}/{port}"))
                {
                    errors.Duplicate($"{field}.containers[{i}].ports[{j}].hostPort", $"{ports[j].Text("protocol")}/{ports[j].Text("hostIP")}/{port}");
                }
            }
        }
    }

    private static void ValidateImage(Doc container, string at, FieldErrors errors)
    {
        var image = container.Text("image") ?? "";
        if (image.Length == 0)
        {
            errors.Required(at + ".image");
        }
        else if (image.Trim().Length != image.Length)
        {
            errors.Invalid(at + ".image", image, "must not have leading or trailing whitespace");
        }

        if (container.Text("imagePullPolicy") is not ("Always" or "IfNotPresent" or "Never"))
        {
            errors.NotSupported(at + ".imagePullPolicy", container["imagePullPolicy"], "Always", "IfNotPresent", "Never");
        }

        if (container.Text("terminationMessagePolicy") is { } policy && policy is not ("File" or "FallbackToLogsOnError"))
        {
            errors.NotSupported(at + ".terminationMessagePolicy", policy, "FallbackToLogsOnError", "File");
        }
    }

    private static void ValidatePorts(ImmutableArray<Doc> ports, string field, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Length; i++)
        {
            var (port, at) = (ports[i], $"{field}[{i}]");
            if (port.Text("name") is { Length: > 0 } name)
            {
                if (PortNames.Check(name) is { } fault)
                {
                    errors.Invalid(at + ".name", name, fault);
                }
                else if (!names.Add(name))
                {
                    errors.Duplicate(at + ".name", name);
                }
            }

            if (port.Int("containerPort") is not { } number || number == 0)
            {
                errors.Required(at + ".containerPort");
            }
            else if (number is < 1 or > 65535)
            {
                errors.Invalid(at + ".containerPort", number, PortNames.Range);
            }

            if (port.Int("hostPort") is { } host and (< 0 or > 65535))
            {
                errors.Invalid(at + ".hostPort", host, PortNames.Range);
            }

            if (port.Text("protocol") is not ("TCP" or "UDP" or "SCTP"))
            {
                errors.NotSupported(at + ".protocol", port["protocol"], "SCTP", "TCP", "UDP");
            }
        }
    }

    private static void ValidateEnvironment(ImmutableArray<Doc> variables, string field, FieldErrors errors, RuleScope scope)
    {
        for (var i = 0; i < variables.Length; i++)
        {
            var (variable, at) = (variables[i], $"{field}[{i}]");
            var name = variable.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else if (EnvironmentNames.Check(name, scope.Minor) is { } fault)
            {
                errors.Invalid(at + ".name", name, fault);
            }

            if (variable["valueFrom"] is not DocObject source)
            {
                continue;
            }

            if (variable.Text("value") is { Length: > 0 })
            {
                errors.Invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty");
            }

            if (source.Count != 1)
            {
                errors.Invalid(
                    at + ".valueFrom",
                    "",
                    source.Count == 0
                        ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
                        : "may not have more than one field specified at a time");
            }

            foreach (var reference in (ReadOnlySpan<string>)["configMapKeyRef", "secretKeyRef"])
            {
                if (source[reference] is { } key && string.IsNullOrEmpty(key.Text("key")))
                {
                    errors.Required($"{at}.valueFrom.{reference}.key");
                }
            }

            if (source["fieldRef"] is { } fieldRef && string.IsNullOrEmpty(fieldRef.Text("fieldPath")))
            {
                errors.Required(at + ".valueFrom.fieldRef.fieldPath");
            }
        }
    }

    private static void ValidateMounts(Doc container, string at, Dictionary<string, Doc> volumes, FieldErrors errors)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var mounts = container.List("volumeMounts");
        for (var i = 0; i < mounts.Length; i++)
        {
            var (mount, field) = (mounts[i], $"{at}.volumeMounts[{i}]");
            var (name, path) = (mount.Text("name") ?? "", mount.Text("mountPath") ?? "");
            if (name.Length == 0)
            {
                errors.Required(field + ".name");
            }
            else if (!volumes.ContainsKey(name))
            {
                errors.NotFound(field + ".name", name);
            }

            if (path.Length == 0)
            {
                errors.Required(field + ".mountPath");
            }
            else if (!paths.Add(path))
            {
                errors.Invalid(field + ".mountPath", path, "must be unique");
            }

            if (mount.Text("subPath") is { } sub && (sub.StartsWith('/') || sub.Split('/').Contains("..")))
            {
                errors.Invalid(field + ".subPath", sub, sub.StartsWith('/') ? "must be a relative path" : "must not contain '..'");
            }
        }
    }
}
