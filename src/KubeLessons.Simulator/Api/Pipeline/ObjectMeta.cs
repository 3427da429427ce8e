using System.Globalization;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>The fields of <c>metadata</c> that the server owns: stamps them on new objects and keeps them through updates.</summary>
internal static class ObjectMeta
{
    /// <summary>A generated name is the prefix (cut to 58 characters) and five letters (apiserver: storage/names).</summary>
    public const int MaxGeneratedPrefix = 58;

    /// <summary>In the order in which the API server writes them.</summary>
    private static readonly string[] Order =
    [
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    /// <summary>A time as <c>metav1.Time</c> prints it: RFC 3339, whole seconds, UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time as <c>metav1.MicroTime</c> prints it.</summary>
    public static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>The metadata of a new object: name, namespace, uid, creation time; what only the server may set is cleared.</summary>
    public static Doc Stamp(Doc value, ResourceKind kind, string ns, RuleContext context)
    {
        var metadata = value["metadata"] as DocObject ?? Doc.Empty;
        var dice = context.Server.DiceForNextRevision();
        var uid = dice.NextUid();
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            name = GenerateName(prefix, kind, ns, dice, context);
        }

        var builder = new DocObjectBuilder(Order.Length);
        foreach (var field in Order)
        {
            Doc? own = field switch
            {
                "name" => name.Length > 0 ? (Doc)name : null,
                "namespace" => kind.IsNamespaced ? (Doc)ns : null,
                "uid" => uid,
                "resourceVersion" => "",
                "generation" => kind.HasGeneration ? 1 : null,
                "creationTimestamp" => Time(context.World.UtcNow),
                "deletionTimestamp" or "deletionGracePeriodSeconds" or "selfLink" or "managedFields" => null,
                _ => NotEmpty(metadata[field]),
            };
            if (own is not null)
            {
                builder.Set(field, own);
            }
        }

        return value.With(builder.ToObject(), "metadata");
    }

    /// <summary>The metadata of an update: what only the server may change is as it was.</summary>
    public static Doc Keep(Doc value, Doc before)
    {
        var (now, old) = (value["metadata"] as DocObject ?? Doc.Empty, before["metadata"] as DocObject ?? Doc.Empty);
        var builder = new DocObjectBuilder(Order.Length);
        foreach (var field in Order)
        {
            var own = field switch
            {
                "labels" or "annotations" or "ownerReferences" or "finalizers" or "managedFields" => NotEmpty(now[field]),
                "generateName" => now[field] ?? old[field],
                _ => old[field],
            };
            if (own is not null)
            {
                builder.Set(field, own);
            }
        }

        return value.With(builder.ToObject(), "metadata");
    }

    public static Doc BumpGeneration(Doc value) =>
        value.Int("metadata", "generation") is { } generation ? value.With(generation + 1, "metadata", "generation") : value;

    /// <summary>True when a watcher could tell the two apart: revisions aside, they differ.</summary>
    public static bool Differs(Doc value, Doc before) =>
        !value.With(before.At("metadata", "resourceVersion"), "metadata", "resourceVersion").Equals(before);

    public static void Validate(Doc value, ResourceKind kind, FieldErrors errors)
    {
        var name = value.Text("metadata", "name") ?? "";
        var prefix = value.Text("metadata", "generateName") ?? "";
        if (name.Length == 0)
        {
            errors.Required("metadata.name", prefix.Length > 0 ? "" : "name or generateName is required");
        }
        else if (kind.Rules.CheckName(name) is { } fault)
        {
            errors.Invalid("metadata.name", name, fault);
        }

        ValidateLabels(value.At("metadata", "labels"), "metadata.labels", errors);
        ValidateAnnotations(value.At("metadata", "annotations"), errors);
        ValidateOwners(value, errors);
        foreach (var finalizer in value.List("metadata", "finalizers"))
        {
            var text = finalizer.AsText ?? "";
            if (Names.QualifiedName(text) is { } wrong)
            {
                errors.Invalid("metadata.finalizers", text, wrong);
            }
            else if (!text.Contains('/', StringComparison.Ordinal) && text is not ("orphan" or "foregroundDeletion" or "kubernetes"))
            {
                errors.Invalid("metadata.finalizers", text, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    public static void ValidateLabels(Doc? labels, string field, FieldErrors errors)
    {
        if (labels is not DocObject map)
        {
            return;
        }

        for (var i = 0; i < map.Count; i++)
        {
            if (Names.QualifiedName(map.Keys[i]) is { } wrongKey)
            {
                errors.Invalid(field, map.Keys[i], wrongKey);
            }

            if (Names.LabelValue(map.Values[i].AsText ?? "") is { } wrongValue)
            {
                errors.Invalid(field, map.Values[i], wrongValue);
            }
        }
    }

    // A name that is taken is drawn again since 1.30 (RetryGenerateName); before, the creation fails with AlreadyExists.
    private static string GenerateName(string prefix, ResourceKind kind, string ns, SeededRandom dice, RuleContext context)
    {
        const int MaxTries = 8;
        prefix = prefix[..Math.Min(prefix.Length, MaxGeneratedPrefix)];
        var name = prefix + dice.NextName(5);
        for (var tries = 1; tries < MaxTries && context.Version.Minor >= 30; tries++)
        {
            if (context.Server.Store.Get(new ObjectKey(kind.StorageName, kind.IsNamespaced ? ns : "", name)) is null)
            {
                break;
            }

            name = prefix + dice.NextName(5);
        }

        return name;
    }

    private static void ValidateAnnotations(Doc? annotations, FieldErrors errors)
    {
        const int MaxTotalBytes = 256 * 1024;
        if (annotations is not DocObject map)
        {
            return;
        }

        long total = 0;
        for (var i = 0; i < map.Count; i++)
        {
            if (Names.QualifiedName(map.Keys[i].ToLowerInvariant()) is { } wrong)
            {
                errors.Invalid("metadata.annotations", map.Keys[i], wrong);
            }

            total += map.Keys[i].Length + (map.Values[i].AsText?.Length ?? 0);
        }

        if (total > MaxTotalBytes)
        {
            errors.TooLong("metadata.annotations", MaxTotalBytes);
        }
    }

    private static void ValidateOwners(Doc value, FieldErrors errors)
    {
        var owners = value.List("metadata", "ownerReferences");
        for (var i = 0; i < owners.Length; i++)
        {
            foreach (var field in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owners[i].Text(field)))
                {
                    errors.Invalid($"metadata.ownerReferences[{i}].{field}", owners[i].Text(field) ?? "", $"{(field == "apiVersion" ? "version" : field)} must not be empty");
                }
            }
        }

        if (owners.Count(owner => owner.Flag("controller") == true) > 1)
        {
            errors.InvalidShown("metadata.ownerReferences", "[]", "Only one reference can have Controller set to true.");
        }
    }

    private static Doc? NotEmpty(Doc? value) => value switch
    {
        DocObject { Count: 0 } or DocNull => null,
        DocArray { Items.IsEmpty: true } => null,
        DocText { AsText.Length: 0 } => null,
        _ => value,
    };
}
