using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get</c>.</summary>
internal static class GetVerb
{
    public static Command Command { get; } = new(
        "get",
        "[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]",
        "Display one or many resources")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.AllNamespaces, CommonFlags.ChunkSize, CommonFlags.FieldSelector, CommonFlags.Selector,
            FlagSpec.Switch("ignore-not-found"), FlagSpec.List("label-columns", 'L'), FlagSpec.Switch("no-headers"), FlagSpec.Switch("output-watch-events"),
            FlagSpec.Text("raw"), FlagSpec.Switch("server-print", on: true), FlagSpec.Switch("show-kind"), FlagSpec.Switch("show-labels"),
            FlagSpec.Text("sort-by"), FlagSpec.Text("subresource"), FlagSpec.Switch("watch", 'w'), FlagSpec.Switch("watch-only"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (call.Flags.Text("raw") is { Length: > 0 } raw)
        {
            return RawRequest.Run(call, raw);
        }

        if (call.Args.IsEmpty && !call.Flags.Has("filename"))
        {
            call.Err("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\n");
            call.FailUsage(
                "Required resource not specified.\n"
                + "Use \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).");
            return [];
        }

        var (format, error) = OutputFormat.Parse(call.Flags.Text("output"), columns: true);
        if (format is null)
        {
            call.Fail(error!);
            return [];
        }

        return Run(call, format);
    }

    private static IEnumerable<Wait> Run(Invocation call, OutputFormat format)
    {
        var arguments = new ResourceArguments(call, new ArgumentRules { AllowsKindAlone = true });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var query = arguments.Query;
        if (call.Flags.Flag("watch") || call.Flags.Flag("watch-only"))
        {
            yield return Wait.Call(new GetWatch(call, query, format).Run());
        }
        else if (format.IsTable)
        {
            yield return Wait.Call(new GetTables(call, query, format).Run());
        }
        else
        {
            yield return Wait.Call(new GetObjects(call, query, format).Run());
        }
    }

    /// <summary>The table that the flags describe.</summary>
    public static TableOptions TableOptionsOf(Invocation call, ObjectQuery query, OutputFormat format) => new()
    {
        Wide = format.IsWide,
        NoHeaders = call.Flags.Flag("no-headers"),
        WithNamespace = call.AllNamespaces && query.Targets.All(target => target.Resource.IsNamespaced),
        WithKind = call.Flags.Flag("show-kind") || query.Targets.Select(target => target.Resource.Path.GroupResource).Distinct().Count() > 1,
        ShowLabels = call.Flags.Flag("show-labels"),
        LabelColumns = call.Flags.List("label-columns"),
    };

    /// <summary>The request for a target, as a table or as objects.</summary>
    public static ApiRequest RequestFor(Invocation call, ObjectQuery query, Target target, bool asTable)
    {
        var request = target.Name.Length > 0 ? ObjectQuery.GetRequest(target) : query.ListRequest(target);
        return request with
        {
            Subresource = call.Flags.Text("subresource"),
            Options = request.Options with
            {
                AsTable = asTable,
                IncludeObject = asTable && call.Flags.Text("sort-by").Length > 0 ? "Object" : null,
            },
        };
    }
}
