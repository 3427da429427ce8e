using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>CronJobs (pkg/apis/batch/v1/defaults.go, pkg/apis/batch/validation).</summary>
internal sealed class CronJobRules : KindRules
{
    /// <summary>Jobs add a suffix of eleven characters to the name.</summary>
    private const int MaxNameLength = 52;

    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec => spec
        .Or("concurrencyPolicy", "Allow")
        .Or("suspend", false)
        .Or("successfulJobsHistoryLimit", 3)
        .Or("failedJobsHistoryLimit", 1)
        .In("jobTemplate", job => job.In("spec", jobSpec =>
            jobSpec.In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context))))));

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (value.Text("metadata", "name") is { Length: > MaxNameLength } name)
        {
            errors.Invalid("metadata.name", name, $"must be no more than {MaxNameLength} characters");
        }

        var spec = value["spec"] ?? Doc.Empty;
        var schedule = spec.Text("schedule") ?? "";
        if (schedule.Length == 0)
        {
            errors.Required("spec.schedule");
        }
        else if (CronSchedule.FaultOf(schedule) is { } fault)
        {
            errors.Invalid("spec.schedule", schedule, fault);
        }

        switch (spec.Text("concurrencyPolicy"))
        {
            case "Allow" or "Forbid" or "Replace":
                break;
            case null or "":
                errors.Required("spec.concurrencyPolicy");
                break;
            case var policy:
                errors.NotSupported("spec.concurrencyPolicy", policy, "Allow", "Forbid", "Replace");
                break;
        }

        foreach (var number in (ReadOnlySpan<string>)["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"])
        {
            PodSpecValidation.NotNegative(spec, number, "spec", errors);
        }

        JobRules.ValidateTemplate(spec.At("jobTemplate", "spec", "template") ?? Doc.Empty, "spec.jobTemplate.spec.template", errors, context);
    }
}
