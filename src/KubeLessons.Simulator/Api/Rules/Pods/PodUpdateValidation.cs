using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>What may change in a pod that exists (pkg/apis/core/validation: ValidatePodUpdate).</summary>
internal static class PodUpdateValidation
{
    private static readonly string[] ChangeableContainerFields = ["image"];

    public static void Validate(Doc value, Doc before, FieldErrors errors, int minor)
    {
        var (spec, old) = (value["spec"] ?? Doc.Empty, before["spec"] ?? Doc.Empty);
        if (spec.Equals(old))
        {
            return;
        }

        if (spec.List("containers").Length != old.List("containers").Length)
        {
            errors.Forbidden("spec.containers", "pod updates may not add or remove containers");
            return;
        }

        if (spec.List("initContainers").Length != old.List("initContainers").Length)
        {
            errors.Forbidden("spec.initContainers", "pod updates may not add or remove containers");
            return;
        }

        ValidateDeadline(spec, old, errors);
        ValidateTolerations(spec, old, errors);
        if (!Allowed(spec, old).Equals(old))
        {
            var (minus, plus) = minor >= 24 ? (old, Allowed(spec, old)) : (Allowed(spec, old), old);
            errors.Forbidden("spec", Sentence(minor) + PodSpecDiff.Of(minus, plus, minor));
        }
    }

    /// <summary>The new spec with everything that may change put back as it was; a gate may be taken away, a scheduled node set once.</summary>
    private static Doc Allowed(Doc spec, Doc old)
    {
        var result = spec
            .With(old["activeDeadlineSeconds"], "activeDeadlineSeconds")
            .With(old["tolerations"], "tolerations")
            .With(old["ephemeralContainers"], "ephemeralContainers");
        if (old.Int("terminationGracePeriodSeconds") < 0 && spec.Int("terminationGracePeriodSeconds") == 1)
        {
            result = result.With(old["terminationGracePeriodSeconds"], "terminationGracePeriodSeconds");
        }

        if (spec.List("schedulingGates").All(gate => old.List("schedulingGates").Contains(gate)))
        {
            result = result.With(old["schedulingGates"], "schedulingGates");
        }

        result = Restore(result, old, "containers");
        return Restore(result, old, "initContainers");
    }

    private static Doc Restore(Doc spec, Doc old, string list)
    {
        var index = 0;
        var originals = old.List(list);
        return spec.Each(list, container =>
        {
            var original = originals[index++];
            foreach (var field in ChangeableContainerFields)
            {
                container = container.With(original[field], field);
            }

            return container;
        });
    }

    private static void ValidateDeadline(Doc spec, Doc old, FieldErrors errors)
    {
        if (old.Int("activeDeadlineSeconds") is not { } before)
        {
            return;
        }

        if (spec.Int("activeDeadlineSeconds") is not { } now)
        {
            errors.Invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
        }
        else if (now > before)
        {
            errors.Invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
        }
    }

    private static void ValidateTolerations(Doc spec, Doc old, FieldErrors errors)
    {
        // Tolerations may only be added.
        foreach (var toleration in old.List("tolerations"))
        {
            var bare = toleration.Without("tolerationSeconds");
            if (!spec.List("tolerations").Any(each => each.Without("tolerationSeconds").Equals(bare)))
            {
                errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static string Sentence(int minor) =>
        minor >= 24
            ? "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
            : "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, "
                + "`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)\n";
}
