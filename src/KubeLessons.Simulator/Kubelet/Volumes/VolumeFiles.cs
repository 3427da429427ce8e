using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>A file that a volume is to hold.</summary>
internal sealed record VolumeFile(string Path, string Content, int Mode);

/// <summary>What the files of a volume are, or why that cannot be said.</summary>
internal sealed record VolumeContent(ImmutableArray<VolumeFile> Files, string? Error)
{
    public static VolumeContent Fault(string error) => new([], error);
}

/// <summary>The content of volumes that come from the API: configMap, secret, projected, downwardAPI.</summary>
internal sealed class VolumeFiles(ReferencedObjects objects, ServiceAccountTokens tokens, PodFields fields)
{
    private const int DefaultMode = 0b110_100_100;

    /// <summary>The content of a volume; null for a volume of another kind.</summary>
    public VolumeContent? Of(PodObject pod, Doc volume)
    {
        if (volume["configMap"] is { } map)
        {
            return FromKeys(pod, "configmaps", map.Text("name") ?? "", map, Mode(map));
        }

        if (volume["secret"] is { } secret)
        {
            return FromKeys(pod, "secrets", secret.Text("secretName") ?? "", secret, Mode(secret));
        }

        if (volume["downwardAPI"] is { } downward)
        {
            return FromFields(pod, downward, Mode(downward));
        }

        return volume["projected"] is { } projected ? Projected(pod, projected) : null;
    }

    /// <summary>The objects that a volume's content depends on.</summary>
    public static IEnumerable<(string Plural, string Name)> References(Doc volume)
    {
        IEnumerable<Doc> sources = volume["projected"] is { } projected ? projected.List("sources") : [volume];
        foreach (var source in sources)
        {
            if (source.Text("configMap", "name") is { } map)
            {
                yield return ("configmaps", map);
            }

            if ((source.Text("secret", "secretName") ?? source.Text("secret", "name")) is { } secret)
            {
                yield return ("secrets", secret);
            }
        }
    }

    private VolumeContent Projected(PodObject pod, Doc projected)
    {
        var files = ImmutableArray.CreateBuilder<VolumeFile>();
        var mode = Mode(projected);
        foreach (var source in projected.List("sources"))
        {
            var content = source["configMap"] is { } map ? FromKeys(pod, "configmaps", map.Text("name") ?? "", map, mode)
                : source["secret"] is { } secret ? FromKeys(pod, "secrets", secret.Text("name") ?? "", secret, mode)
                : source["downwardAPI"] is { } downward ? FromFields(pod, downward, mode)
                : source["serviceAccountToken"] is { } token ? FromToken(pod, token, mode)
                : new VolumeContent([], null);
            if (content.Error is not null)
            {
                return content;
            }

            files.AddRange(content.Files);
        }

        return new VolumeContent(files.ToImmutable(), null);
    }

    private VolumeContent FromKeys(PodObject pod, string plural, string name, Doc source, int mode)
    {
        var (found, error, isMissing) = objects.Get(plural, pod.Namespace, name);
        var isOptional = source.Flag("optional") == true;
        if (found is null)
        {
            return isMissing && isOptional ? new VolumeContent([], null) : VolumeContent.Fault(error!);
        }

        var values = Values(found, plural);
        var items = source.List("items");
        if (items.IsEmpty)
        {
            return new VolumeContent([.. values.Select(value => new VolumeFile(value.Key, value.Value, mode))], null);
        }

        var files = ImmutableArray.CreateBuilder<VolumeFile>();
        foreach (var item in items)
        {
            var key = item.Text("key") ?? "";
            if (values.TryGetValue(key, out var value))
            {
                files.Add(new VolumeFile(item.Text("path") ?? key, value, (int)(item.Int("mode") ?? mode)));
            }
            else if (!isOptional)
            {
                return VolumeContent.Fault(plural == "secrets" ? $"references non-existent secret key: {key}" : $"configmap references non-existent config key: {key}");
            }
        }

        return new VolumeContent(files.ToImmutable(), null);
    }

    private VolumeContent FromFields(PodObject pod, Doc source, int mode)
    {
        var files = ImmutableArray.CreateBuilder<VolumeFile>();
        foreach (var item in source.List("items"))
        {
            var (value, error) = item["resourceFieldRef"] is { } resource ? fields.Resource(pod, null, resource) : fields.Field(pod, item.Text("fieldRef", "fieldPath") ?? "");
            if (error is not null)
            {
                return VolumeContent.Fault(error);
            }

            files.Add(new VolumeFile(item.Text("path") ?? "", value ?? "", (int)(item.Int("mode") ?? mode)));
        }

        return new VolumeContent(files.ToImmutable(), null);
    }

    private VolumeContent FromToken(PodObject pod, Doc source, int mode)
    {
        var (token, error) = tokens.Get(pod, source.Text("audience") ?? "", source.Int("expirationSeconds") ?? 3600);
        return token is null
            ? VolumeContent.Fault($"failed to fetch token: {error}")
            : new VolumeContent([new VolumeFile(source.Text("path") ?? "token", token, mode)], null);
    }

    /// <summary>The keys and values of a ConfigMap or Secret, decoded.</summary>
    public static SortedDictionary<string, string> Values(Doc found, string plural)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in found["data"]?.Fields ?? [])
        {
            values[key] = plural == "secrets" ? Decode(value.AsText) : value.AsText ?? "";
        }

        foreach (var (key, value) in found["binaryData"]?.Fields ?? [])
        {
            values[key] = Decode(value.AsText);
        }

        return values;
    }

    private static string Decode(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    private static int Mode(Doc source) => (int)(source.Int("defaultMode") ?? DefaultMode);
}
