using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>HorizontalPodAutoscalers (pkg/apis/autoscaling/v2/defaults.go).</summary>
internal sealed class HorizontalPodAutoscalerRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", static spec =>
    {
        spec = spec.Or("minReplicas", 1);
        if (spec["targetCPUUtilizationPercentage"] is not null || !spec.List("metrics").IsEmpty)
        {
            return spec;
        }

        return spec.With(
            Doc.Arr(Doc.Obj(("type", "Resource"), ("resource", Doc.Obj(
                ("name", "cpu"), ("target", Doc.Obj(("type", "Utilization"), ("averageUtilization", 80))))))),
            "metrics");
    });

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var (least, most) = (value.Int("spec", "minReplicas") ?? 1, value.Int("spec", "maxReplicas") ?? 0);
        if (least < 1)
        {
            errors.Invalid("spec.minReplicas", least, "must be greater than or equal to 1");
        }

        if (most < 1)
        {
            errors.Invalid("spec.maxReplicas", most, "must be greater than 0");
        }
        else if (most < least)
        {
            errors.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        }
    }
}

/// <summary>Leases (pkg/apis/coordination/validation).</summary>
internal sealed class LeaseRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (value.Int("spec", "leaseDurationSeconds") is <= 0 and var duration)
        {
            errors.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        }

        if (value.Int("spec", "leaseTransitions") is < 0 and var transitions)
        {
            errors.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}

/// <summary>CertificateSigningRequests: who asked is what the server saw (pkg/registry/certificates/certificates/strategy.go).</summary>
internal sealed class CertificateSigningRequestRules : KindRules
{
    public override Doc PrepareForCreate(Doc value, RuleContext context) => value
        .With(context.Request.User.Name, "spec", "username")
        .With(Doc.Arr(context.Request.User.Groups.Select(group => (Doc)group)), "spec", "groups");

    public override Doc PrepareForUpdate(Doc value, Doc before, RuleContext context) => value.With(before["spec"], "spec");

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (string.IsNullOrEmpty(value.Text("spec", "request")))
        {
            errors.Required("spec.request");
        }

        if (string.IsNullOrEmpty(value.Text("spec", "signerName")))
        {
            errors.Required("spec.signerName");
        }
    }
}
