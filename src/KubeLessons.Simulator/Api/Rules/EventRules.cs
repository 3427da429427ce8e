using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Events (pkg/apis/core/validation/events.go).</summary>
internal sealed class EventRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        // An event about a cluster-scoped object lives in "default" (or, since 1.13, in any namespace the writer may use).
        var (ns, about) = (value.Text("metadata", "namespace") ?? "", value.Text("involvedObject", "namespace") ?? "");
        if (about.Length == 0 ? ns is not ("default" or "kube-system") : about != ns)
        {
            errors.Invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
    }
}
