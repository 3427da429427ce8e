using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl set image|env|resources|serviceaccount|selector</c>: one part of a pod template.</summary>
internal static class SetVerbs
{
    private static readonly FlagSpec[] Common =
    [
        .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.All, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-set"), CommonFlags.Selector, FlagSpec.Switch("local"),
    ];

    public static Command Command { get; } = new("set", "SUBCOMMAND [options]", "Set specific features on objects")
    {
        Children =
        [
            Make("env", "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]", "Update environment variables on a pod template", SetEnvironment.Run,
                FlagSpec.Text("containers", 'c', "*"), FlagSpec.Array("env", 'e'), FlagSpec.Text("from"), FlagSpec.List("keys"), FlagSpec.Switch("list"),
                FlagSpec.Switch("overwrite", on: true), FlagSpec.Text("prefix"), FlagSpec.Switch("resolve")),
            Make("image", "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]", "Update the image of a pod template", Image),
            Make("resources", "(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS] [options]", "Update resource requests/limits on objects with pod templates", Resources,
                FlagSpec.Text("containers", 'c', "*"), FlagSpec.Text("limits"), FlagSpec.Text("requests")),
            Make("selector", "(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version] [options]", "Set the selector on a resource", Selector, FlagSpec.Text("resource-version")),
            Make("serviceaccount", "(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]", "Update the service account of a resource", ServiceAccount) with { Aliases = ["sa"] },
        ],
    };

    /// <summary>Applies a change to every object that the arguments name, and prints those that it changed.</summary>
    /// <param name="call">The call.</param>
    /// <param name="resources">The arguments that name objects.</param>
    /// <param name="outcome">What is printed after an object's name.</param>
    /// <param name="change">The changed object, or why it cannot be.</param>
    public static IEnumerable<Wait> Apply(Invocation call, ImmutableArray<string> resources, string outcome, Func<FoundObject, (Doc? Value, string? Error)> change)
    {
        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun) is not { } printer)
        {
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules { Arguments = resources });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        var failures = fetch.Failures.ToList();
        foreach (var found in fetch.Found)
        {
            var (changed, error) = change(found);
            if (changed is null)
            {
                failures.Add(Failure.Of(error!));
                continue;
            }

            if (ObjectChange.Request(call, found, changed, dryRun) is not { } request)
            {
                continue;
            }

            if (dryRun != DryRun.Client)
            {
                var reply = call.Send(request);
                yield return Wait.For(reply.Takes);
                if (!reply.IsSuccess)
                {
                    failures.Add(call.FailureOf(reply, "failed to patch " + outcome.Replace(" updated", "", StringComparison.Ordinal) + " update to pod template: "));
                    continue;
                }

                changed = reply.Response!.Body;
            }

            printer.Print(changed, outcome);
        }

        call.Fail(failures);
    }

    private static Command Make(string name, string usage, string summary, Func<Invocation, IEnumerable<Wait>> run, params ReadOnlySpan<FlagSpec> flags) =>
        new(name, usage, summary) { Flags = [.. Common, .. flags], Run = run };

    private static IEnumerable<Wait> Image(Invocation call)
    {
        var resources = call.Args.TakeWhile(arg => !arg.Contains('=', StringComparison.Ordinal)).ToImmutableArray();
        var images = call.Args[resources.Length..].Select(arg => arg.Split('=', 2)).ToList();
        if (images.Count == 0 && !resources.IsEmpty)
        {
            call.Fail("at least one image update is required");
            return [];
        }

        return Apply(call, resources, "image updated", found =>
        {
            if (ObjectChange.PodSpecPath(found.Value) is not { } path)
            {
                return (null, $"{found.Resource.Path.Plural}/{found.Name} the object is not a pod or does not have a pod template: *v1.{found.Resource.Kind}");
            }

            var spec = found.Value.At(path) ?? Doc.Empty;
            foreach (var pair in images)
            {
                var (container, image) = (pair[0], pair[1]);
                var changed = WithImage(WithImage(spec, "containers", container, image), "initContainers", container, image);
                if (ReferenceEquals(changed, spec) && container != "*" && !HasContainer(spec, container))
                {
                    return (null, $"unable to find container named \"{container}\"");
                }

                spec = changed;
            }

            return (found.Value.With(spec, path), null);
        });
    }

    private static bool HasContainer(Doc spec, string name) =>
        spec.List("containers").Concat(spec.List("initContainers")).Any(container => container.Text("name") == name);

    private static Doc WithImage(Doc spec, string list, string name, string image) =>
        Each(spec, list, name, container => container.With(image, "image"));

    /// <summary>A pod spec with the containers of this name (or all, for *) changed.</summary>
    public static Doc Each(Doc spec, string list, string name, Func<Doc, Doc> change)
    {
        var containers = spec.List(list);
        return containers.Any(container => name == "*" || container.Text("name") == name)
            ? spec.With(Doc.Arr(containers.Select(container => name == "*" || container.Text("name") == name ? change(container) : container)), list)
            : spec;
    }

    private static IEnumerable<Wait> Resources(Invocation call)
    {
        var (limits, requests) = (call.Flags.Text("limits"), call.Flags.Text("requests"));
        if (limits.Length == 0 && requests.Length == 0)
        {
            call.Fail("you must specify an update to requests or limits (in the form of --requests/--limits)");
            return [];
        }

        return Apply(call, call.Args, "resource requirements updated", found =>
        {
            if (ObjectChange.PodSpecPath(found.Value) is not { } path)
            {
                return (null, $"{found.Resource.Path.Plural}/{found.Name} the object is not a pod or does not have a pod template: *v1.{found.Resource.Kind}");
            }

            var spec = found.Value.At(path) ?? Doc.Empty;
            foreach (var (field, text) in (ReadOnlySpan<(string, string)>)[("limits", limits), ("requests", requests)])
            {
                foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (part.Split('=') is not [var resource, var amount] || !Quantity.TryParse(amount, out var quantity))
                    {
                        return (null, $"invalid argument syntax {part}, expected <resource>=<value>");
                    }

                    spec = Each(spec, "containers", call.Flags.Text("containers"), container => container.With(quantity.ToString(), "resources", field, resource));
                }
            }

            return (found.Value.With(spec, path), null);
        });
    }

    private static IEnumerable<Wait> ServiceAccount(Invocation call)
    {
        if (call.Args.IsEmpty)
        {
            call.Fail("serviceaccount is required");
            return [];
        }

        var account = call.Args[^1];
        return Apply(call, call.Args[..^1], "serviceaccount updated", found => ObjectChange.PodSpecPath(found.Value) is { } path
            ? (found.Value.With(found.Value.At(path)!.With(account, "serviceAccountName"), path), null)
            : (null, $"{found.Resource.Path.Plural}/{found.Name} the object is not a pod or does not have a pod template: *v1.{found.Resource.Kind}"));
    }

    private static IEnumerable<Wait> Selector(Invocation call)
    {
        if (call.Args.IsEmpty)
        {
            call.Fail("one or more resources must be specified as <resource> <name> or <resource>/<name>");
            return [];
        }

        var pairs = Doc.Map(call.Args[^1].Split(',').Select(part => part.Split('=', 2)).Where(sides => sides.Length == 2).Select(sides => KeyValuePair.Create(sides[0], sides[1])));
        return Apply(call, call.Args[..^1], "selector updated", found => found.Resource.Kind == "Service"
            ? (found.Value.With(pairs, "spec", "selector"), null)
            : (null, $"setting a selector is only supported for Services"));
    }
}
