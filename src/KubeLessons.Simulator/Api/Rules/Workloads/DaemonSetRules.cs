using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>DaemonSets (pkg/apis/apps/v1/defaults.go, pkg/registry/apps/daemonset/strategy.go).</summary>
internal sealed class DaemonSetRules : KindRules
{
    /// <summary>What is left of spec.templateGeneration of the older API groups.</summary>
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec => spec
        .Or("revisionHistoryLimit", 10)
        .In("updateStrategy", strategy => Strategy(strategy, context.Version.Minor))
        .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context))));

    public override Doc PrepareForCreate(Doc value, RuleContext context) => value.With("1", "metadata", "annotations", TemplateGeneration);

    public override Doc PrepareForUpdate(Doc value, Doc before, RuleContext context)
    {
        var generation = long.TryParse(before.Text("metadata", "annotations", TemplateGeneration), out var old) ? old : 0;
        var changed = value.At("spec", "template") is { } template && !template.Equals(before.At("spec", "template"));
        return value.With((generation + (changed ? 1 : 0)).ToString(System.Globalization.CultureInfo.InvariantCulture), "metadata", "annotations", TemplateGeneration);
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        WorkloadValidation.ValidateTemplate(value, "daemonset", errors, context);
        PodSpecValidation.NotNegative(spec, "minReadySeconds", "spec", errors);
        switch (spec.Text("updateStrategy", "type"))
        {
            case "OnDelete":
                break;
            case "RollingUpdate":
                const string Field = "spec.updateStrategy.rollingUpdate";
                var update = spec.At("updateStrategy", "rollingUpdate") ?? Doc.Empty;
                IntOrPercent.Validate(update["maxUnavailable"], Field + ".maxUnavailable", errors);
                IntOrPercent.Validate(update["maxSurge"], Field + ".maxSurge", errors);
                if (IntOrPercent.IsZero(update["maxUnavailable"]) && IntOrPercent.IsZero(update["maxSurge"]))
                {
                    errors.Required(Field + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
                }
                else if (!IntOrPercent.IsZero(update["maxUnavailable"]) && !IntOrPercent.IsZero(update["maxSurge"]))
                {
                    errors.Invalid(Field + ".maxSurge", update["maxSurge"], "may not be set when maxUnavailable is non-zero");
                }

                break;
            default:
                errors.NotSupported("spec.updateStrategy.type", spec.At("updateStrategy", "type"), "OnDelete", "RollingUpdate");
                break;
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context) =>
        WorkloadValidation.SelectorIsImmutable(value, before, errors, context);

    // maxSurge is defaulted since 1.22 (DaemonSetUpdateSurge).
    private static Doc Strategy(Doc strategy, int minor)
    {
        strategy = strategy.Or("type", "RollingUpdate");
        if (strategy.Text("type") != "RollingUpdate")
        {
            return strategy;
        }

        return strategy.Or("rollingUpdate", Doc.Empty).In("rollingUpdate", update =>
        {
            update = update.Or("maxUnavailable", 1);
            return minor >= 22 ? update.Or("maxSurge", 0) : update;
        });
    }
}
