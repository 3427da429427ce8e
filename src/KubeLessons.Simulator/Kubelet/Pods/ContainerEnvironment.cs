using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Volumes;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>A container's environment (pkg/kubelet: makeEnvironmentVariables): Services, envFrom, env, in this order.</summary>
internal sealed class ContainerEnvironment(Informer services, ReferencedObjects objects, PodFields fields)
{
    /// <summary>The variables in their order, or why they cannot be given.</summary>
    public (ImmutableArray<KeyValuePair<string, string>> Variables, string? Error) Of(PodObject pod, ContainerSpec container)
    {
        if (!services.HasSynced && !pod.IsStatic)
        {
            return ([], "services have not yet been read at least once, cannot construct envvars");
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var (name, value) in ServiceVariables.Of(services.Objects, pod.Namespace, pod.Doc.Flag("spec", "enableServiceLinks") != false))
        {
            Set(name, value);
        }

        foreach (var source in container.Doc.List("envFrom"))
        {
            if (AddAll(pod, source, Set) is { } error)
            {
                return ([], error);
            }
        }

        foreach (var variable in container.Doc.List("env"))
        {
            var (value, isSet, error) = Value(pod, container, variable, name => variables.GetValueOrDefault(name));
            if (error is not null)
            {
                return ([], error);
            }

            if (isSet)
            {
                Set(variable.Text("name") ?? "", value);
            }
        }

        return ([.. order.Select(name => KeyValuePair.Create(name, variables[name]))], null);

        void Set(string name, string value)
        {
            if (!variables.ContainsKey(name))
            {
                order.Add(name);
            }

            variables[name] = value;
        }
    }

    /// <summary>The objects that a container's environment refers to: their caches are filled before it is made.</summary>
    public static IEnumerable<(string Plural, string Name)> References(ContainerSpec container)
    {
        foreach (var source in container.Doc.List("envFrom").Concat(container.Doc.List("env").Select(variable => variable["valueFrom"] ?? Doc.Empty)))
        {
            if ((source.Text("configMapRef", "name") ?? source.Text("configMapKeyRef", "name")) is { } map)
            {
                yield return ("configmaps", map);
            }

            if ((source.Text("secretRef", "name") ?? source.Text("secretKeyRef", "name")) is { } secret)
            {
                yield return ("secrets", secret);
            }
        }
    }

    /// <summary>
    /// Puts the values of variables in place of <c>$(NAME)</c>; <c>$$</c> is a dollar sign, and what is no variable stays as it is
    /// (third_party/forked/golang/expansion).
    /// </summary>
    public static string Expand(string text, Func<string, string?> valueOf)
    {
        if (!text.Contains('$'))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 >= text.Length)
            {
                result.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is > 0 and var end)
            {
                result.Append(valueOf(text[(i + 2)..end]) ?? text[i..(end + 1)]);
                i = end;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }

    private string? AddAll(PodObject pod, Doc source, Action<string, string> set)
    {
        foreach (var (plural, reference) in new[] { ("configmaps", source["configMapRef"]), ("secrets", source["secretRef"]) })
        {
            if (reference is null)
            {
                continue;
            }

            var (found, error, isMissing) = objects.Get(plural, pod.Namespace, reference.Text("name") ?? "");
            if (found is null)
            {
                return isMissing && reference.Flag("optional") == true ? null : error;
            }

            foreach (var (key, value) in VolumeFiles.Values(found, plural))
            {
                set(source.Text("prefix") + key, value);
            }
        }

        return null;
    }

    private (string Value, bool IsSet, string? Error) Value(PodObject pod, ContainerSpec container, Doc variable, Func<string, string?> soFar)
    {
        if (variable["valueFrom"] is not { } from)
        {
            return (Expand(variable.Text("value") ?? "", soFar), true, null);
        }

        if (from.Text("fieldRef", "fieldPath") is { } path)
        {
            var (field, error) = fields.Field(pod, path);
            return (field ?? "", true, error);
        }

        if (from["resourceFieldRef"] is { } resource)
        {
            var (amount, error) = fields.Resource(pod, container, resource);
            return (amount ?? "", true, error);
        }

        return from["secretKeyRef"] is { } secret ? Key(pod, "secrets", "Secret", secret)
            : from["configMapKeyRef"] is { } map ? Key(pod, "configmaps", "ConfigMap", map)
            : ("", true, null);
    }

    private (string Value, bool IsSet, string? Error) Key(PodObject pod, string plural, string kind, Doc reference)
    {
        var (name, key) = (reference.Text("name") ?? "", reference.Text("key") ?? "");
        var isOptional = reference.Flag("optional") == true;
        var (found, error, isMissing) = objects.Get(plural, pod.Namespace, name);
        if (found is null)
        {
            return isMissing && isOptional ? ("", false, null) : ("", false, error);
        }

        return VolumeFiles.Values(found, plural).TryGetValue(key, out var value) ? (value, true, null)
            : isOptional ? ("", false, null)
            : ("", false, $"couldn't find key {key} in {kind} {pod.Namespace}/{name}");
    }
}
