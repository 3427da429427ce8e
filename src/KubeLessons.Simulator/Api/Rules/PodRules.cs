using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Pods (pkg/registry/core/pod/strategy.go, pkg/apis/core/v1/defaults.go: SetDefaults_Pod).</summary>
internal sealed class PodRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context)
    {
        if (value["spec"] is not DocObject before)
        {
            return value;
        }

        var spec = PodSpecDefaults.Apply(before.Or("enableServiceLinks", true), RuleScope.Of(context))
            .Each("containers", RequestsFromLimits)
            .Each("initContainers", RequestsFromLimits);
        return ReferenceEquals(spec, before) ? value : value.With(spec, "spec");
    }

    public override Doc PrepareForCreate(Doc value, RuleContext context) => value.With(
        Doc.Obj(("phase", "Pending"), ("qosClass", QualityOfService.ClassOf(value["spec"] ?? Doc.Empty))), "status");

    public override Doc PrepareForStatusUpdate(Doc value, Doc before, RuleContext context) =>
        // The class is the server's to say, whatever a kubelet sends (pod status strategy).
        value.Text("status", "qosClass") is null ? value.With(before.At("status", "qosClass"), "status", "qosClass") : value;

    public override void Validate(Doc value, FieldErrors errors, RuleContext context) =>
        PodSpecValidation.Validate(value["spec"] ?? Doc.Empty, "spec", errors, RuleScope.Of(context));

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context) =>
        PodUpdateValidation.Validate(value, before, errors, context.Version.Minor);

    // A container that limits a resource and does not say what it requests, requests its limit.
    private static Doc RequestsFromLimits(Doc container)
    {
        if (container.At("resources", "limits") is not DocObject limits)
        {
            return container;
        }

        for (var i = 0; i < limits.Count; i++)
        {
            if (container.At("resources", "requests", limits.Keys[i]) is null)
            {
                container = container.With(limits.Values[i], "resources", "requests", limits.Keys[i]);
            }
        }

        return container;
    }
}
