using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Checks a pod's volumes (pkg/apis/core/validation: ValidateVolumes).</summary>
internal static class VolumeValidation
{
    /// <summary>The answer: the volumes by their names, for the mounts.</summary>
    public static Dictionary<string, Doc> Validate(Doc spec, string field, FieldErrors errors)
    {
        var known = new Dictionary<string, Doc>(StringComparer.Ordinal);
        var volumes = spec.List("volumes");
        for (var i = 0; i < volumes.Length; i++)
        {
            var (volume, at) = (volumes[i], $"{field}[{i}]");
            var name = volume.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else if (Names.Dns1123Label(name) is { } fault)
            {
                errors.Invalid(at + ".name", name, fault);
            }
            else if (!known.TryAdd(name, volume))
            {
                errors.Duplicate(at + ".name", name);
            }

            ValidateSource(volume, at, errors);
        }

        return known;
    }

    private static void ValidateSource(Doc volume, string at, FieldErrors errors)
    {
        var found = 0;
        foreach (var (key, source) in volume.Fields)
        {
            if (key == "name")
            {
                continue;
            }

            if (++found > 1)
            {
                errors.Forbidden($"{at}.{key}", "may not specify more than 1 volume type");
                return;
            }

            ValidateOne(key, source, $"{at}.{key}", errors);
        }

        if (found == 0)
        {
            errors.Required(at, "must specify a volume type");
        }
    }

    private static void ValidateOne(string type, Doc source, string at, FieldErrors errors)
    {
        switch (type)
        {
            case "hostPath":
                Needs(source, "path", at, errors);
                if (source.Text("path") is { } path && path.Split('/').Contains(".."))
                {
                    errors.Invalid(at + ".path", path, "must not contain '..'");
                }

                if (source.Text("type") is { Length: > 0 } kind
                    && kind is not ("DirectoryOrCreate" or "Directory" or "FileOrCreate" or "File" or "Socket" or "CharDevice" or "BlockDevice"))
                {
                    errors.NotSupported(
                        at + ".type", kind, "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
                }

                break;
            case "secret":
                Needs(source, "secretName", at, errors);
                Items(source, at, errors);
                break;
            case "configMap":
                Needs(source, "name", at, errors);
                Items(source, at, errors);
                break;
            case "persistentVolumeClaim":
                Needs(source, "claimName", at, errors);
                break;
            case "nfs":
                Needs(source, "server", at, errors);
                Needs(source, "path", at, errors);
                break;
            case "projected":
                Projections(source, at, errors);
                break;
        }
    }

    private static void Projections(Doc source, string at, FieldErrors errors)
    {
        var sources = source.List("sources");
        for (var i = 0; i < sources.Length; i++)
        {
            if (sources[i]["secret"] is { } secret)
            {
                Needs(secret, "name", $"{at}.sources[{i}].secret", errors);
            }

            if (sources[i]["configMap"] is { } map)
            {
                Needs(map, "name", $"{at}.sources[{i}].configMap", errors);
            }

            if (sources[i]["serviceAccountToken"] is { } token)
            {
                if (token.Int("expirationSeconds") is < 600)
                {
                    errors.Invalid($"{at}.sources[{i}].serviceAccountToken.expirationSeconds", token["expirationSeconds"], "may not specify a duration less than 10 minutes");
                }

                Needs(token, "path", $"{at}.sources[{i}].serviceAccountToken", errors);
            }
        }
    }

    private static void Items(Doc source, string at, FieldErrors errors)
    {
        var items = source.List("items");
        for (var i = 0; i < items.Length; i++)
        {
            Needs(items[i], "key", $"{at}.items[{i}]", errors);
            Needs(items[i], "path", $"{at}.items[{i}]", errors);
            if (items[i].Text("path") is { } path && path.StartsWith('/'))
            {
                errors.Invalid($"{at}.items[{i}].path", path, "must be a relative path");
            }
        }
    }

    private static void Needs(Doc source, string name, string at, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(source.Text(name)))
        {
            errors.Required($"{at}.{name}");
        }
    }
}
