using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Pods (pkg/registry/core/pod/strategy.go).</summary>
internal sealed class PodRules : KindRules
{
    public override Doc PrepareForCreate(Doc value, RuleContext context) =>
        value.With(Doc.Obj(("phase", "Pending"), ("qosClass", "BestEffort")), "status");
}
