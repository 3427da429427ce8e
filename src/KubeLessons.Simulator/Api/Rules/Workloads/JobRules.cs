using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Rules.Pods;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>Jobs (pkg/apis/batch/v1/defaults.go, pkg/registry/batch/job/strategy.go).</summary>
internal sealed class JobRules : KindRules
{
    private const string Prefix = "batch.kubernetes.io/";

    public override Doc Default(Doc value, RuleContext context) => value.In("spec", spec =>
    {
        var minor = context.Version.Minor;
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec = spec.With(1, "completions").With(1, "parallelism");
        }

        spec = spec
            .Or("parallelism", 1)
            .Or("backoffLimit", spec["backoffLimitPerIndex"] is null ? 6 : int.MaxValue)
            .In("template", template => PodSpecDefaults.Template(template, RuleScope.Of(context)));
        spec = minor >= 22 ? spec.Or("completionMode", "NonIndexed").Or("suspend", false) : spec;
        spec = minor >= 28 ? spec.Or("manualSelector", false) : spec;
        return minor >= 29
            ? spec.Or("podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed")
            : spec;
    });

    public override Doc PrepareForCreate(Doc value, RuleContext context)
    {
        if (value.Flag("spec", "manualSelector") != true)
        {
            value = WithSelector(value, context.Version.Minor);
        }

        // Every read defaults a job's labels to its template's, which now have those that the selector needs.
        return value.At("metadata", "labels") is null && value.At("spec", "template", "metadata", "labels") is { } labels
            ? value.With(labels, "metadata", "labels")
            : value;
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        foreach (var number in (ReadOnlySpan<string>)["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"])
        {
            PodSpecValidation.NotNegative(spec, number, "spec", errors);
        }

        if (spec["selector"] is DocObject selector && !Selectors.LabelSelector.FromDoc(selector).Matches(spec.At("template", "metadata", "labels")))
        {
            errors.InvalidShown(
                "spec.template.metadata.labels", GoText.StringMap(spec.At("template", "metadata", "labels")), "`selector` does not match template `labels`");
        }

        ValidateTemplate(spec["template"] ?? Doc.Empty, "spec.template", errors, context);
        if (spec.Text("completionMode") == "Indexed" && spec["completions"] is null)
        {
            errors.Required("spec.completions", "when completion mode is Indexed");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        var suspended = before.Flag("spec", "suspend") == true && before.Text("status", "startTime") is null;
        foreach (var field in (ReadOnlySpan<string>)["completions", "selector", "template", "completionMode", "backoffLimitPerIndex"])
        {
            var (now, old) = (value.At("spec", field), before.At("spec", field));
            if (!(field == "template" && suspended) && !(now is null ? old is null : now.Equals(old)))
            {
                errors.InvalidShown("spec." + field, now is DocObject map ? GoText.Literal(map) : (now ?? Doc.Null).ToString(), "field is immutable");
            }
        }
    }

    internal static void ValidateTemplate(Doc template, string field, FieldErrors errors, RuleContext context)
    {
        PodSpecValidation.ValidateTemplate(template, field, errors, RuleScope.Of(context));
        if (template.Text("spec", "restartPolicy") is not ("OnFailure" or "Never"))
        {
            errors.Required(field + ".spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
    }

    private static Doc WithSelector(Doc value, int minor)
    {
        var (uid, name) = (value.Text("metadata", "uid")!, value.Text("metadata", "name") ?? "");
        Doc labels = value.At("spec", "template", "metadata", "labels") ?? Doc.Empty;
        labels = labels.With(uid, "controller-uid").With(name, "job-name");
        if (minor >= 27)
        {
            labels = labels.With(uid, Prefix + "controller-uid").With(name, Prefix + "job-name");
        }

        var selector = Doc.Obj(("matchLabels", Doc.Obj((minor >= 27 ? Prefix + "controller-uid" : "controller-uid", uid))));
        return value.With(labels, "spec", "template", "metadata", "labels").With(selector, "spec", "selector");
    }
}
