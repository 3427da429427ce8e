using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>PersistentVolumeClaims.</summary>
internal sealed class PersistentVolumeClaimRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", static spec => spec.Or("volumeMode", "Filesystem"));

    public override Doc PrepareForCreate(Doc value, RuleContext context) => value.With(Doc.Obj(("phase", "Pending")), "status");

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        AccessModes(value, errors);
        if (value.Text("spec", "resources", "requests", "storage") is null)
        {
            errors.Required("spec.resources[storage]");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        // The claim may grow, and the binder may set the volume and the class.
        var (now, old) = (Fixed(value), Fixed(before));
        var isBinding = before.Text("spec", "volumeName") is null or "";
        if (!now.Equals(old) || (!isBinding && value.Text("spec", "volumeName") != before.Text("spec", "volumeName")))
        {
            errors.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        }
    }

    internal static void AccessModes(Doc value, FieldErrors errors)
    {
        var modes = value.List("spec", "accessModes");
        if (modes.IsEmpty)
        {
            errors.Required("spec.accessModes", "at least 1 access mode is required");
        }

        foreach (var mode in modes)
        {
            if (mode.AsText is not ("ReadWriteOnce" or "ReadOnlyMany" or "ReadWriteMany" or "ReadWriteOncePod"))
            {
                errors.NotSupported("spec.accessModes", mode, "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
            }
        }
    }

    private static Doc Fixed(Doc claim) => (claim["spec"] ?? Doc.Empty)
        .Without("volumeName").Without("resources").Without("storageClassName").Without("volumeAttributesClassName");
}

/// <summary>PersistentVolumes.</summary>
internal sealed class PersistentVolumeRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) => value.In("spec", static spec => spec
        .Or("persistentVolumeReclaimPolicy", "Retain")
        .Or("volumeMode", "Filesystem")
        .In("hostPath", static path => path.Or("type", "")));

    public override Doc PrepareForCreate(Doc value, RuleContext context) => value.With(Doc.Obj(("phase", "Pending")), "status");

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        PersistentVolumeClaimRules.AccessModes(value, errors);
        if (value.Text("spec", "capacity", "storage") is null)
        {
            errors.Required("spec.capacity");
        }

        if (value.Text("spec", "persistentVolumeReclaimPolicy") is not ("Retain" or "Delete" or "Recycle"))
        {
            errors.NotSupported("spec.persistentVolumeReclaimPolicy", value.At("spec", "persistentVolumeReclaimPolicy"), "Delete", "Recycle", "Retain");
        }
    }
}

/// <summary>StorageClasses.</summary>
internal sealed class StorageClassRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) =>
        value.Or("reclaimPolicy", "Delete").Or("volumeBindingMode", "Immediate");

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (string.IsNullOrEmpty(value.Text("provisioner")))
        {
            errors.Required("provisioner");
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        foreach (var field in (ReadOnlySpan<string>)["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"])
        {
            if (!(value[field] ?? Doc.Null).Equals(before[field] ?? Doc.Null))
            {
                errors.Forbidden(field, $"updates to {field} are forbidden.");
            }
        }
    }
}
