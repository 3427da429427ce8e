using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>StatefulSets (pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation: ValidateStatefulSetUpdate).</summary>
internal sealed class StatefulSetRules : KindRules
{
    private static readonly string[] Changeable =
        ["replicas", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds", "ordinals", "revisionHistoryLimit"];

    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec =>
    {
        spec = spec
            .Or("podManagementPolicy", "OrderedReady")
            .Or("replicas", 1)
            .Or("revisionHistoryLimit", 10)
            .In("updateStrategy", Strategy)
            .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context)))
            .Each("volumeClaimTemplates", ClaimTemplate);

        // StatefulSetAutoDeletePVC is on since 1.27.
        return context.Version.Minor < 27 ? spec : spec
            .Or("persistentVolumeClaimRetentionPolicy", Doc.Empty)
            .In("persistentVolumeClaimRetentionPolicy", static policy => policy.Or("whenDeleted", "Retain").Or("whenScaled", "Retain"));
    });

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        WorkloadValidation.ValidateReplicas(value, errors);
        WorkloadValidation.ValidateTemplate(value, "statefulset", errors, context);
        if (value.Text("spec", "podManagementPolicy") is not ("OrderedReady" or "Parallel"))
        {
            errors.Invalid("spec.podManagementPolicy", value.At("spec", "podManagementPolicy"), "must be 'OrderedReady' or 'Parallel'");
        }

        if (value.Text("spec", "updateStrategy", "type") is not ("RollingUpdate" or "OnDelete"))
        {
            errors.Invalid("spec.updateStrategy", value.At("spec", "updateStrategy"), "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        var (spec, old) = (value["spec"] ?? Doc.Empty, before["spec"] ?? Doc.Empty);
        foreach (var field in Changeable)
        {
            (spec, old) = (spec.Without(field), old.Without(field));
        }

        if (!spec.Equals(old))
        {
            errors.Forbidden("spec", context.Version.Minor >= 28
                ? "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + (context.Version.Minor >= 33 ? "'revisionHistoryLimit', " : "") + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
                : "updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden");
        }
    }

    private static Doc Strategy(Doc strategy)
    {
        strategy = strategy.Or("type", "RollingUpdate");
        return strategy.Text("type") == "RollingUpdate"
            ? strategy.Or("rollingUpdate", Doc.Empty).In("rollingUpdate", static update => update.Or("partition", 0))
            : strategy;
    }

    private static Doc ClaimTemplate(Doc claim) => claim
        .Or("kind", "PersistentVolumeClaim")
        .Or("apiVersion", "v1")
        .In("spec", static spec => spec.Or("volumeMode", "Filesystem"))
        .In("status", static status => status.Or("phase", "Pending"));
}
