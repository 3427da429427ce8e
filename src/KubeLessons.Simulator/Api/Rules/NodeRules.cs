using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Nodes (pkg/apis/core/validation: ValidateNodeUpdate).</summary>
internal sealed class NodeRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var taints = value.List("spec", "taints");
        var seen = new HashSet<(string?, string?)>();
        for (var i = 0; i < taints.Length; i++)
        {
            var (taint, at) = (taints[i], $"metadata.taints[{i}]");
            if (Names.QualifiedName(taint.Text("key") ?? "") is { } fault)
            {
                errors.Invalid(at + ".key", taint.Text("key") ?? "", fault);
            }

            switch (taint.Text("effect"))
            {
                case "NoSchedule" or "PreferNoSchedule" or "NoExecute":
                    break;
                case null or "":
                    errors.Required(at + ".effect");
                    break;
                case var effect:
                    errors.NotSupported(at + ".effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
                    break;
            }

            if (!seen.Add((taint.Text("key"), taint.Text("effect"))))
            {
                errors.Duplicate(at, taint);
            }
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        if (before.Text("spec", "podCIDR") is { Length: > 0 } range && value.Text("spec", "podCIDR") != range)
        {
            errors.Forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }

        if (before.Text("spec", "providerID") is { Length: > 0 } provider && value.Text("spec", "providerID") != provider)
        {
            errors.Forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
    }
}
