using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>What the checks of all workloads share (pkg/apis/apps/validation).</summary>
internal static class WorkloadValidation
{
    public static void ValidateReplicas(Doc value, FieldErrors errors) =>
        PodSpecValidation.NotNegative(value["spec"] ?? Doc.Empty, "replicas", "spec", errors);

    /// <summary>The selector is there and takes the template's labels; the template is a good one and restarts always.</summary>
    /// <param name="value">The workload.</param>
    /// <param name="kind">As messages call it: deployment, statefulset, daemonset.</param>
    /// <param name="errors">Where faults go.</param>
    /// <param name="context">The request's.</param>
    public static void ValidateTemplate(Doc value, string kind, FieldErrors errors, RuleContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        var template = spec["template"] ?? Doc.Empty;
        if (spec["selector"] is not DocObject selector)
        {
            errors.Required("spec.selector");
        }
        else
        {
            ValidateSelector(selector, "spec.selector", errors);
            if (IsEmpty(selector))
            {
                errors.InvalidShown("spec.selector", ShowSelector(selector, context), $"empty selector is invalid for {kind}");
            }
        }

        // The Go function for each kind checks the labels before the template's own spec.
        if (spec["selector"] is DocObject taken && !LabelSelector.FromDoc(taken).Matches(template.At("metadata", "labels")))
        {
            errors.InvalidShown(
                "spec.template.metadata.labels", ShowLabels(template.At("metadata", "labels"), context), "`selector` does not match template `labels`");
        }

        PodSpecValidation.ValidateTemplate(template, "spec.template", errors, RuleScope.Of(context));
        if (template.Text("spec", "restartPolicy") is "OnFailure" or "Never")
        {
            errors.NotSupported("spec.template.spec.restartPolicy", template.At("spec", "restartPolicy"), "Always");
        }

        if (template.At("spec", "activeDeadlineSeconds") is not null)
        {
            errors.Forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
        }
    }

    /// <summary>The selector of a workload stays what it was.</summary>
    public static void SelectorIsImmutable(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        var (now, old) = (value.At("spec", "selector"), before.At("spec", "selector"));
        if (now is not null && !now.Equals(old))
        {
            errors.InvalidShown("spec.selector", ShowSelector(now, context), "field is immutable");
        }
    }

    public static void ValidateSelector(Doc selector, string field, FieldErrors errors)
    {
        Pipeline.ObjectMeta.ValidateLabels(selector["matchLabels"], field + ".matchLabels", errors);
        var expressions = selector.List("matchExpressions");
        for (var i = 0; i < expressions.Length; i++)
        {
            var (expression, at) = (expressions[i], $"{field}.matchExpressions[{i}]");
            var hasValues = !expression.List("values").IsEmpty;
            switch (expression.Text("operator"))
            {
                case "In" or "NotIn":
                    if (!hasValues)
                    {
                        errors.Required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }

                    break;
                case "Exists" or "DoesNotExist":
                    if (hasValues)
                    {
                        errors.Forbidden(at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }

                    break;
                default:
                    errors.Invalid(at + ".operator", expression.Text("operator") ?? "", "not a valid selector operator");
                    break;
            }
        }
    }

    public static bool IsEmpty(Doc selector) =>
        selector["matchLabels"] is not DocObject { Count: > 0 } && selector.List("matchExpressions").IsEmpty;

    /// <summary>As the version prints a Go struct: with its type until 1.33, as JSON since.</summary>
    public static string ShowSelector(Doc selector, RuleContext context)
    {
        if (context.Version.Minor >= 34)
        {
            return selector.ToString();
        }

        var labels = GoText.StringMap(selector["matchLabels"]);
        var expressions = selector.List("matchExpressions").IsEmpty
            ? "[]v1.LabelSelectorRequirement(nil)"
            : "[]v1.LabelSelectorRequirement{" + string.Join(", ", selector.List("matchExpressions").Select(each =>
                $"v1.LabelSelectorRequirement{{Key:{GoText.Quote(each.Text("key") ?? "")}, Operator:{GoText.Quote(each.Text("operator") ?? "")}, "
                + $"Values:[]string{{{string.Join(", ", each.List("values").Select(value => GoText.Quote(value.AsText ?? "")))}}}}}")) + "}";
        return $"v1.LabelSelector{{MatchLabels:{labels}, MatchExpressions:{expressions}}}";
    }

    private static string ShowLabels(Doc? labels, RuleContext context) =>
        context.Version.Minor >= 34 ? (labels ?? Doc.Null).ToString() : GoText.StringMap(labels);
}
