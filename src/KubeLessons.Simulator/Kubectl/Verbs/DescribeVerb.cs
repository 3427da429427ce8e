using KubeLessons.Simulator.Kubectl.Describing;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl describe</c>: an object in words, with what belongs to it and its events.</summary>
internal static class DescribeVerb
{
    public static Command Command { get; } = new("describe", "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]", "Show details of a specific resource or group of resources")
    {
        Flags = [.. CommonFlags.Files, CommonFlags.AllNamespaces, CommonFlags.ChunkSize, CommonFlags.Selector, FlagSpec.Switch("show-events", on: true)],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (call.Args.IsEmpty && !call.Flags.Has("filename"))
        {
            call.Fail("You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.");
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules { AllowsKindAlone = true });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var query = arguments.Query;
        var fetch = new ObjectFetch(call, query);
        yield return Wait.Call(fetch.Run());
        var byPrefix = fetch.Found.Count == 0 && fetch.Failures is [{ IsNotFound: true }] && query.IsSingle;
        if (byPrefix)
        {
            yield return Wait.Call(FetchByPrefix(call, query.Targets[0], fetch));
        }

        if (fetch.Found.Count == 0 && fetch.Failures.Count == 0)
        {
            call.Err(Get.GetTables.NothingFound(call));
        }

        var first = true;
        foreach (var found in fetch.Found)
        {
            var session = new DescribeSession(call, found.Resource);
            yield return Wait.Call(Describers.For(found.Resource)(session, found.Value));
            call.Out(byPrefix ? session.Writer.Aligned + "\n" : (first ? "" : "\n\n") + session.Writer.Aligned);
            first = false;
            yield return Wait.Call(call.Drain());
        }

        call.Fail(fetch.Failures);
    }

    // A name that is not there may be the beginning of others.
    private static IEnumerable<Wait> FetchByPrefix(Invocation call, Target target, ObjectFetch fetch)
    {
        var all = new ObjectFetch(call, new ObjectQuery([target with { Name = "", Manifest = null }]));
        yield return Wait.Call(all.Run());
        var matches = all.Found.Where(found => found.Name.StartsWith(target.Name, StringComparison.Ordinal)).ToList();
        if (matches.Count > 0)
        {
            fetch.Failures.Clear();
            fetch.Found.AddRange(matches);
        }
    }
}
