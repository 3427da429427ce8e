using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl cordon</c> and <c>kubectl uncordon</c>: may new pods be placed on a node?</summary>
internal static class CordonVerbs
{
    public static Command Cordon { get; } = MakeCommand("cordon", "Mark node as unschedulable", unschedulable: true);

    public static Command Uncordon { get; } = MakeCommand("uncordon", "Mark node as schedulable", unschedulable: false);

    /// <summary>Fetches the nodes that the arguments name; an empty list after a failure.</summary>
    public static IEnumerable<Wait> FetchNodes(Invocation call, List<FoundObject> nodes)
    {
        if (call.Args.IsEmpty && call.Flags.Text("selector").Length == 0)
        {
            call.FailUsage($"USAGE: {call.Command.Name} NODE [flags]");
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules { DefaultKind = "nodes" });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        nodes.AddRange(fetch.Found);
        call.Fail(fetch.Failures);
    }

    /// <summary>Sets <c>spec.unschedulable</c> and says what became of it.</summary>
    public static IEnumerable<Wait> Set(Invocation call, FoundObject node, bool unschedulable, DryRun dryRun)
    {
        var word = unschedulable ? "cordoned" : "uncordoned";
        if ((node.Value.Flag("spec", "unschedulable") == true) == unschedulable)
        {
            call.OutLine($"{node.QualifiedName} already {word}{dryRun.Suffix()}");
            yield break;
        }

        var changed = unschedulable ? node.Value.With(true, "spec", "unschedulable") : node.Value.Without("spec", "unschedulable");
        if (dryRun != DryRun.Client && ObjectChange.Request(call, node, changed, dryRun) is { } request)
        {
            var reply = call.Send(request);
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail($"unable to {(unschedulable ? "cordon" : "uncordon")} node \"{node.Name}\": {reply.Message() ?? reply.ConnectionError}");
                yield break;
            }
        }

        call.OutLine($"{node.QualifiedName} {word}{dryRun.Suffix()}");
    }

    private static Command MakeCommand(string name, string summary, bool unschedulable) => new(name, "NODE [options]", summary)
    {
        Flags = [CommonFlags.DryRun, CommonFlags.Selector],
        Run = call => Run(call, unschedulable),
    };

    private static IEnumerable<Wait> Run(Invocation call, bool unschedulable)
    {
        if (DryRuns.Of(call) is not { } dryRun)
        {
            yield break;
        }

        var nodes = new List<FoundObject>();
        yield return Wait.Call(FetchNodes(call, nodes));
        foreach (var node in nodes)
        {
            yield return Wait.Call(Set(call, node, unschedulable, dryRun));
        }
    }
}
