using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Workloads;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Policy;

/// <summary>PodDisruptionBudgets (pkg/apis/policy/validation).</summary>
internal sealed class PodDisruptionBudgetRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            errors.InvalidShown("spec", GoText.Literal(spec), "minAvailable and maxUnavailable cannot be both set");
        }

        IntOrPercent.Validate(spec["minAvailable"], "spec.minAvailable", errors);
        IntOrPercent.Validate(spec["maxUnavailable"], "spec.maxUnavailable", errors);
        if (spec["selector"] is DocObject selector)
        {
            WorkloadValidation.ValidateSelector(selector, "spec.selector", errors);
        }
    }
}

/// <summary>PriorityClasses (pkg/apis/scheduling/validation).</summary>
internal sealed class PriorityClassRules : KindRules
{
    /// <summary>The highest value that users may give; above are the system's own.</summary>
    private const long HighestUserValue = 1_000_000_000;

    public override Doc Default(Doc value, RuleContext context) => value.Or("preemptionPolicy", "PreemptLowerPriority").Or("value", 0);

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var name = value.Text("metadata", "name") ?? "";
        var isSystem = name is "system-node-critical" or "system-cluster-critical";
        if (name.StartsWith("system-", StringComparison.Ordinal) && !isSystem)
        {
            errors.Forbidden(
                "metadata.name", "priority class names with 'system-' prefix are reserved for system use only. error: name is not in the allowed list");
        }

        if (value.Int("value") > HighestUserValue && !isSystem)
        {
            errors.Forbidden("value", $"maximum allowed value of a user defined priority is {HighestUserValue}");
        }

        if (value.Text("preemptionPolicy") is not ("PreemptLowerPriority" or "Never"))
        {
            errors.NotSupported("preemptionPolicy", value["preemptionPolicy"], "Never", "PreemptLowerPriority");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        if (value.Int("value") != before.Int("value"))
        {
            errors.Forbidden("value", "may not be changed in an update.");
        }

        if (value.Text("preemptionPolicy") != before.Text("preemptionPolicy"))
        {
            errors.Invalid("preemptionPolicy", value["preemptionPolicy"], "field is immutable");
        }
    }
}
