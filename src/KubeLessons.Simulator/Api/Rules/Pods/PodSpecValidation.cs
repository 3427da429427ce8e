using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Checks the spec of a pod or of a template (pkg/apis/core/validation: ValidatePodSpec).</summary>
internal static class PodSpecValidation
{
    /// <summary>A template: its labels and its spec.</summary>
    public static void ValidateTemplate(Doc template, string field, FieldErrors errors, RuleScope scope)
    {
        Pipeline.ObjectMeta.ValidateLabels(template.At("metadata", "labels"), field + ".labels", errors);
        Validate(template["spec"] ?? Doc.Empty, field + ".spec", errors, scope with { IsTemplate = true });
    }

    public static void Validate(Doc spec, string field, FieldErrors errors, RuleScope scope)
    {
        var volumes = VolumeValidation.Validate(spec, field + ".volumes", errors);
        ValidateContainers(spec, field, volumes, errors, scope);
        if (spec.Text("restartPolicy") is not ("Always" or "OnFailure" or "Never"))
        {
            errors.NotSupported(field + ".restartPolicy", spec["restartPolicy"], "Always", "OnFailure", "Never");
        }

        if (spec.Text("dnsPolicy") is not ("ClusterFirstWithHostNet" or "ClusterFirst" or "Default" or "None"))
        {
            errors.NotSupported(field + ".dnsPolicy", spec["dnsPolicy"], "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
        }

        NotNegative(spec, "terminationGracePeriodSeconds", field, errors);
        if (spec.Int("activeDeadlineSeconds") is < 1 and var deadline)
        {
            errors.Invalid(field + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        }

        CheckName(spec, "serviceAccountName", field, Names.Dns1123Subdomain, errors);
        CheckName(spec, "nodeName", field, Names.Dns1123Subdomain, errors);
        CheckName(spec, "hostname", field, Names.Dns1123Label, errors);
        CheckName(spec, "subdomain", field, Names.Dns1123Label, errors);
        CheckName(spec, "priorityClassName", field, Names.Dns1123Subdomain, errors);
        Pipeline.ObjectMeta.ValidateLabels(spec["nodeSelector"], field + ".nodeSelector", errors);
        ValidateTolerations(spec, field, errors);
        ValidateSpread(spec, field, errors);
    }

    private static void ValidateContainers(Doc spec, string field, Dictionary<string, Doc> volumes, FieldErrors errors, RuleScope scope)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var containers = spec.List("containers");
        if (containers.IsEmpty)
        {
            errors.Required(field + ".containers");
        }

        for (var i = 0; i < containers.Length; i++)
        {
            ContainerValidation.Validate(containers[i], $"{field}.containers[{i}]", volumes, names, errors, scope, isInit: false);
        }

        var inits = spec.List("initContainers");
        for (var i = 0; i < inits.Length; i++)
        {
            ContainerValidation.Validate(inits[i], $"{field}.initContainers[{i}]", volumes, names, errors, scope, isInit: true);
        }

        ContainerValidation.CheckHostPorts(containers, field, errors);
    }

    private static void ValidateTolerations(Doc spec, string field, FieldErrors errors)
    {
        var tolerations = spec.List("tolerations");
        for (var i = 0; i < tolerations.Length; i++)
        {
            var (toleration, at) = (tolerations[i], $"{field}.tolerations[{i}]");
            var (key, op) = (toleration.Text("key") ?? "", toleration.Text("operator") ?? "");
            if (key.Length > 0 && Names.QualifiedName(key) is { } fault)
            {
                errors.Invalid(at + ".key", key, fault);
            }

            if (key.Length == 0 && op != "Exists")
            {
                errors.Invalid(at + ".operator", op, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (toleration["tolerationSeconds"] is not null && toleration.Text("effect") is not "NoExecute")
            {
                errors.Invalid(at + ".effect", toleration.Text("effect") ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }

            switch (op)
            {
                case "" or "Equal":
                    if (Names.LabelValue(toleration.Text("value") ?? "") is { } wrong)
                    {
                        errors.Invalid(at + ".operator", toleration["value"], wrong);
                    }

                    break;
                case "Exists":
                    if (toleration.Text("value") is { Length: > 0 })
                    {
                        errors.InvalidShown(at + ".operator", GoText.Literal(toleration), "value must be empty when `operator` is 'Exists'");
                    }

                    break;
                default:
                    errors.NotSupported(at + ".operator", op, "Equal", "Exists");
                    break;
            }

            if (toleration.Text("effect") is { Length: > 0 } effect && effect is not ("NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            {
                errors.NotSupported(at + ".effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
            }
        }
    }

    private static void ValidateSpread(Doc spec, string field, FieldErrors errors)
    {
        var constraints = spec.List("topologySpreadConstraints");
        for (var i = 0; i < constraints.Length; i++)
        {
            var (constraint, at) = (constraints[i], $"{field}.topologySpreadConstraints[{i}]");
            if (constraint.Int("maxSkew") is not > 0)
            {
                errors.Invalid(at + ".maxSkew", constraint.Int("maxSkew") ?? 0, "must be greater than zero");
            }

            if (string.IsNullOrEmpty(constraint.Text("topologyKey")))
            {
                errors.Required(at + ".topologyKey", "can not be empty");
            }

            if (constraint.Text("whenUnsatisfiable") is not ("DoNotSchedule" or "ScheduleAnyway"))
            {
                errors.NotSupported(at + ".whenUnsatisfiable", constraint.Text("whenUnsatisfiable") ?? "", "DoNotSchedule", "ScheduleAnyway");
            }
        }
    }

    internal static void NotNegative(Doc value, string name, string field, FieldErrors errors)
    {
        if (value.Int(name) is < 0 and var number)
        {
            errors.Invalid($"{field}.{name}", number, "must be greater than or equal to 0");
        }
    }

    private static void CheckName(Doc spec, string name, string field, Func<string, string?> check, FieldErrors errors)
    {
        if (spec.Text(name) is { Length: > 0 } text && check(text) is { } fault)
        {
            errors.Invalid($"{field}.{name}", text, fault);
        }
    }
}
