using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>Deployments (pkg/apis/apps/v1/defaults.go, pkg/registry/apps/deployment/strategy.go).</summary>
internal sealed class DeploymentRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec => spec
        .Or("replicas", 1)
        .Or("revisionHistoryLimit", 10)
        .Or("progressDeadlineSeconds", 600)
        .In("strategy", Strategy)
        .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context))));

    public override Doc PrepareForUpdate(Doc value, Doc before, RuleContext context)
    {
        // Annotations are copied to the ReplicaSet, so they count as a change (deploymentStrategy.PrepareForUpdate).
        var annotations = value.At("metadata", "annotations");
        var old = before.At("metadata", "annotations");
        var sameAnnotations = annotations is null ? old is null : annotations.Equals(old);
        var sameSpec = value["spec"]!.Equals(before["spec"]);
        return sameSpec && !sameAnnotations ? Pipeline.ObjectMeta.BumpGeneration(value) : value;
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        WorkloadValidation.ValidateReplicas(value, errors);
        WorkloadValidation.ValidateTemplate(value, "deployment", errors, context);
        var spec = value["spec"] ?? Doc.Empty;
        ValidateStrategy(spec["strategy"] ?? Doc.Empty, errors);
        PodSpecValidation.NotNegative(spec, "minReadySeconds", "spec", errors);
        PodSpecValidation.NotNegative(spec, "revisionHistoryLimit", "spec", errors);
        PodSpecValidation.NotNegative(spec, "progressDeadlineSeconds", "spec", errors);
        if (spec.Int("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Int("minReadySeconds") ?? 0))
        {
            errors.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context) =>
        WorkloadValidation.SelectorIsImmutable(value, before, errors, context);

    private static Doc Strategy(Doc strategy)
    {
        strategy = strategy.Or("type", "RollingUpdate");
        return strategy.Text("type") != "RollingUpdate"
            ? strategy
            : strategy.Or("rollingUpdate", Doc.Empty).In("rollingUpdate", static update => update.Or("maxUnavailable", "25%").Or("maxSurge", "25%"));
    }

    private static void ValidateStrategy(Doc strategy, FieldErrors errors)
    {
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (strategy["rollingUpdate"] is not null)
                {
                    errors.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                }

                break;
            case "RollingUpdate":
                var update = strategy["rollingUpdate"] ?? Doc.Empty;
                const string Field = "spec.strategy.rollingUpdate";
                IntOrPercent.Validate(update["maxUnavailable"], Field + ".maxUnavailable", errors);
                IntOrPercent.Validate(update["maxSurge"], Field + ".maxSurge", errors);
                if (IntOrPercent.IsZero(update["maxUnavailable"]) && IntOrPercent.IsZero(update["maxSurge"]))
                {
                    errors.Invalid(Field + ".maxUnavailable", update["maxUnavailable"], "may not be 0 when `maxSurge` is 0");
                }

                if (IntOrPercent.IsMoreThanAll(update["maxUnavailable"]))
                {
                    errors.Invalid(Field + ".maxUnavailable", update["maxUnavailable"], "must not be greater than 100%");
                }

                break;
            default:
                errors.NotSupported("spec.strategy.type", strategy["type"] ?? "", "Recreate", "RollingUpdate");
                break;
        }
    }
}
