using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>ReplicaSets (pkg/registry/apps/replicaset/strategy.go).</summary>
internal sealed class ReplicaSetRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec => spec
        .Or("replicas", 1)
        .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context))));

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        WorkloadValidation.ValidateReplicas(value, errors);
        PodSpecValidation.NotNegative(value["spec"] ?? Doc.Empty, "minReadySeconds", "spec", errors);
        WorkloadValidation.ValidateTemplate(value, "deployment", errors, context);
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context) =>
        WorkloadValidation.SelectorIsImmutable(value, before, errors, context);
}

/// <summary>ReplicationControllers: the selector is a plain map and defaults to the template's labels.</summary>
internal sealed class ReplicationControllerRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context)
    {
        var labels = value.At("spec", "template", "metadata", "labels");
        if (labels is DocObject { Count: > 0 })
        {
            value = value.In("spec", spec => spec.Or("selector", labels));
            value = value.At("metadata", "labels") is null ? value.With(labels, "metadata", "labels") : value;
        }

        return value.In("spec", spec => spec
            .Or("replicas", 1)
            .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context))));
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        WorkloadValidation.ValidateReplicas(value, errors);
        var spec = value["spec"] ?? Doc.Empty;
        if (spec["selector"] is not DocObject { Count: > 0 } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        if (spec["template"] is not { } template)
        {
            errors.Required("spec.template");
            return;
        }

        if (!Selectors.LabelSelector.FromMap(selector).Matches(template.At("metadata", "labels")))
        {
            errors.InvalidShown(
                "spec.template.metadata.labels", GoText.StringMap(template.At("metadata", "labels")), "`selector` does not match template `labels`");
        }

        PodSpecValidation.ValidateTemplate(template, "spec.template", errors, RuleScope.Of(context));
    }
}
