using System.Collections.Immutable;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl api-resources</c>: the kinds that the server has.</summary>
internal static class ApiResourcesVerb
{
    public static Command Command { get; } = new("api-resources", "[flags] [options]", "Print the supported API resources on the server")
    {
        Flags =
        [
            FlagSpec.Text("api-group"), FlagSpec.Switch("cached"), FlagSpec.List("categories"), FlagSpec.Switch("namespaced", on: true), FlagSpec.Switch("no-headers"),
            CommonFlags.Output, FlagSpec.Text("sort-by"), FlagSpec.List("verbs"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage($"unexpected arguments: [{string.Join(' ', call.Args)}]");
            yield break;
        }

        if (call.Flags.Text("output") is var output && output is not ("" or "wide" or "name"))
        {
            call.Fail($"--output {output} is not available");
            yield break;
        }

        if (call.Flags.Text("sort-by") is var order && order is not ("" or "name" or "kind"))
        {
            call.Fail("--sort-by accepts only name or kind");
            yield break;
        }

        var failure = new FailureSlot();
        yield return Wait.Call(Discovery.Run(call, Discovery.Once, failure));
        var resources = Wanted(call);
        call.Out(output == "name"
            ? string.Concat(resources.Select(resource => resource.Path.GroupResource + "\n"))
            : Table(resources, output == "wide", call.Flags.Flag("no-headers")));
        if (failure.Value is { } fault)
        {
            call.Fail(fault);
        }
    }

    private static ImmutableArray<KubeResource> Wanted(Invocation call)
    {
        var flags = call.Flags;
        var wanted = (call.Mapper?.All ?? [])
            .Where(resource => resource.Verbs.Length > 0)
            .DistinctBy(resource => resource.Path.GroupResource)
            .Where(resource => !flags.Has("api-group") || resource.Path.Group == flags.Text("api-group"))
            .Where(resource => !flags.Has("namespaced") || resource.IsNamespaced == flags.Flag("namespaced"))
            .Where(resource => flags.List("verbs").All(resource.Has))
            .Where(resource => flags.List("categories").All(category => resource.Categories.Contains(category)));
        return flags.Text("sort-by") switch
        {
            "name" => [.. wanted.OrderBy(resource => resource.Path.Plural, StringComparer.Ordinal)],
            "kind" => [.. wanted.OrderBy(resource => resource.Kind, StringComparer.Ordinal)],
            _ => [.. wanted.OrderBy(resource => resource.Path.Group, StringComparer.Ordinal).ThenBy(resource => resource.Path.Plural, StringComparer.Ordinal)],
        };
    }

    private static string Table(ImmutableArray<KubeResource> resources, bool wide, bool noHeaders)
    {
        var table = TabWriter.ForTable();
        if (!noHeaders)
        {
            table.WriteLine("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND" + (wide ? "\tVERBS\tCATEGORIES" : ""));
        }

        foreach (var resource in resources)
        {
            table.WriteLine(
                $"{resource.Path.Plural}\t{string.Join(',', resource.ShortNames)}\t{resource.ApiVersion}\t{(resource.IsNamespaced ? "true" : "false")}\t{resource.Kind}"
                + (wide ? $"\t{string.Join(',', resource.Verbs)}\t{string.Join(',', resource.Categories)}" : ""));
        }

        return table.Flush();
    }
}
