using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl set env</c>: <c>KEY=VALUE</c> sets, <c>KEY-</c> removes, <c>--list</c> shows.</summary>
internal static class SetEnvironment
{
    public static IEnumerable<Wait> Run(Invocation call)
    {
        var resources = call.Args.TakeWhile(arg => !IsChange(arg)).ToImmutableArray();
        var changes = call.Args[resources.Length..].AddRange(call.Flags.List("env"));
        return call.Flags.Flag("list") ? List(call, resources) : SetVerbs.Apply(call, resources, "env updated", found => Change(call, found, changes));
    }

    private static bool IsChange(string arg) => arg.Contains('=', StringComparison.Ordinal) || (arg.EndsWith('-') && arg.Length > 1);

    private static (Doc? Value, string? Error) Change(Invocation call, FoundObject found, ImmutableArray<string> changes)
    {
        if (ObjectChange.PodSpecPath(found.Value) is not { } path)
        {
            return (null, $"{found.Resource.Path.Plural}/{found.Name} the object is not a pod or does not have a pod template: *v1.{found.Resource.Kind}");
        }

        var spec = found.Value.At(path) ?? Doc.Empty;
        foreach (var change in changes)
        {
            spec = SetVerbs.Each(spec, "containers", call.Flags.Text("containers"), container => Changed(container, change));
        }

        return (found.Value.With(spec, path), null);
    }

    private static Doc Changed(Doc container, string change)
    {
        var equals = change.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? change[..^1] : change[..equals];
        var variables = container.List("env");
        if (equals < 0)
        {
            var rest = variables.Where(variable => variable.Text("name") != name).ToList();
            return rest.Count > 0 ? container.With(Doc.Arr(rest), "env") : container.Without("env");
        }

        var set = Doc.Obj(("name", name), ("value", change[(equals + 1)..]));
        return container.With(
            variables.Any(variable => variable.Text("name") == name)
                ? Doc.Arr(variables.Select(variable => variable.Text("name") == name ? set : variable))
                : Doc.Arr([.. variables, set]),
            "env");
    }

    private static IEnumerable<Wait> List(Invocation call, ImmutableArray<string> resources)
    {
        var arguments = new ResourceArguments(call, new ArgumentRules { Arguments = resources });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        foreach (var found in fetch.Found)
        {
            if (ObjectChange.PodSpecPath(found.Value) is not { } path)
            {
                continue;
            }

            var spec = found.Value.At(path) ?? Doc.Empty;
            foreach (var container in spec.List("containers").Concat(spec.List("initContainers")))
            {
                call.OutLine($"# {found.Resource.Kind} {found.Name}, container {container.Text("name")}");
                foreach (var variable in container.List("env"))
                {
                    call.OutLine(Line(variable));
                }
            }
        }

        call.Fail(fetch.Failures);
    }

    private static string Line(Doc variable)
    {
        var name = variable.Text("name");
        return variable.At("valueFrom") is not { } from ? $"{name}={variable.Text("value")}"
            : from.At("fieldRef") is { } field ? $"# {name} from field path {field.Text("fieldPath")}"
            : from.At("configMapKeyRef") is { } map ? $"# {name} from configmap {map.Text("name")}, key {map.Text("key")}"
            : from.At("secretKeyRef") is { } secret ? $"# {name} from secret {secret.Text("name")}, key {secret.Text("key")}"
            : $"# {name} from resource {from.Text("resourceFieldRef", "resource")}";
    }
}
