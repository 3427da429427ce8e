using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Settings;

/// <summary>ConfigMaps (pkg/apis/core/validation: ValidateConfigMap).</summary>
internal sealed class ConfigMapRules : KindRules
{
    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var size = DataKeys.Validate(value["data"], "data", errors) + DataKeys.Validate(value["binaryData"], "binaryData", errors);
        if (value["data"] is DocObject data && value["binaryData"] is { } binary)
        {
            foreach (var (key, _) in data.Fields)
            {
                if (binary[key] is not null)
                {
                    errors.Invalid($"data[{key}]", key, $"duplicate of key present in binaryData");
                }
            }
        }

        if (size > DataKeys.MaxSize)
        {
            errors.TooLong("", DataKeys.MaxSize);
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context) =>
        DataKeys.ValidateImmutable(value, before, ["data", "binaryData"], errors);
}

/// <summary>Secrets (pkg/registry/core/secret/strategy.go, pkg/apis/core/validation: ValidateSecret).</summary>
internal sealed class SecretRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context)
    {
        value = value.Or("type", "Opaque");

        // stringData is for writing only: it lands in data, base64.
        if (value["stringData"] is DocObject plain)
        {
            foreach (var (key, text) in plain.Fields)
            {
                value = value.With(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text.AsText ?? "")), "data", key);
            }

            value = value.Without("stringData");
        }

        return value;
    }

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        if (DataKeys.Validate(value["data"], "data", errors) > DataKeys.MaxSize)
        {
            errors.TooLong("data", DataKeys.MaxSize);
        }

        switch (value.Text("type"))
        {
            case "kubernetes.io/service-account-token":
                if (value.Text("metadata", "annotations", "kubernetes.io/service-account.name") is null or "")
                {
                    errors.Required("metadata.annotations[kubernetes.io/service-account.name]");
                }

                break;
            case "kubernetes.io/dockerconfigjson":
                Needs(value, ".dockerconfigjson", errors);
                break;
            case "kubernetes.io/dockercfg":
                Needs(value, ".dockercfg", errors);
                break;
            case "kubernetes.io/basic-auth" when value.At("data", "username") is null && value.At("data", "password") is null:
                Needs(value, "username", errors);
                Needs(value, "password", errors);
                break;
            case "kubernetes.io/ssh-auth":
                Needs(value, "ssh-privatekey", errors);
                break;
            case "kubernetes.io/tls":
                Needs(value, "tls.crt", errors);
                Needs(value, "tls.key", errors);
                break;
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        if (value.Text("type") != before.Text("type"))
        {
            errors.Invalid("type", value["type"], "field is immutable");
        }

        DataKeys.ValidateImmutable(value, before, ["data"], errors);
    }

    private static void Needs(Doc value, string key, FieldErrors errors)
    {
        if (value.At("data", key) is null)
        {
            errors.Required($"data[{key}]");
        }
    }
}

/// <summary>What ConfigMaps and Secrets share.</summary>
internal static class DataKeys
{
    /// <summary>1 MiB (api.MaxSecretSize).</summary>
    public const int MaxSize = 1024 * 1024;

    private const string Fault =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
        + "regex used for validation is '[-._a-zA-Z0-9]+')";

    /// <summary>Checks the keys; the answer is the size of all values.</summary>
    public static long Validate(Doc? data, string field, FieldErrors errors)
    {
        long size = 0;
        if (data is not DocObject map)
        {
            return size;
        }

        for (var i = 0; i < map.Count; i++)
        {
            var key = map.Keys[i];
            var wrong = key.Length > 253 ? Names.TooLong(253)
                : key.Length == 0 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? Fault
                : key is "." or ".." ? $"must not be '{key}'"
                : key.StartsWith("..", StringComparison.Ordinal) ? "must not start with '..'"
                : null;
            if (wrong is not null)
            {
                errors.Invalid($"{field}[{key}]", key, wrong);
            }

            size += map.Values[i].AsText?.Length ?? 0;
        }

        return size;
    }

    public static void ValidateImmutable(Doc value, Doc before, ReadOnlySpan<string> fields, FieldErrors errors)
    {
        if (before.Flag("immutable") != true)
        {
            return;
        }

        if (value.Flag("immutable") != true)
        {
            errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var field in fields)
        {
            if (!(value[field] ?? Doc.Null).Equals(before[field] ?? Doc.Null))
            {
                errors.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }
}
