using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl taint nodes NAME KEY=VALUE:EFFECT</c>, or <c>KEY:EFFECT-</c> and <c>KEY-</c> to remove.</summary>
internal static class TaintVerb
{
    public static Command Command { get; } = new("taint", "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]", "Update the taints on one or more nodes")
    {
        Flags =
        [
            .. CommonFlags.Print, CommonFlags.All, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-taint"), CommonFlags.Selector, CommonFlags.Validate,
            FlagSpec.Switch("overwrite"),
        ],
        Run = Run,
    };

    private sealed record Taint(string Key, string Value, string Effect);

    private static IEnumerable<Wait> Run(Invocation call)
    {
        var resources = call.Args.TakeWhile(arg => !IsSpec(arg)).ToImmutableArray();
        var specs = call.Args[resources.Length..];
        if (resources.IsEmpty)
        {
            call.Fail("one or more resources must be specified as <resource> <name>");
            yield break;
        }

        if (specs.IsEmpty)
        {
            call.Fail("at least one taint update is required");
            yield break;
        }

        var (added, removed, fault) = Parse(specs);
        if (fault is not null)
        {
            call.FailUsage(fault);
            yield break;
        }

        if (Overlap(added, removed) is { } both)
        {
            call.Fail($"can not both modify and remove the following taint(s) in the same command: {both}");
            yield break;
        }

        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun) is not { } printer)
        {
            yield break;
        }

        yield return Wait.Call(Discovery.Run(call, 2));
        if (call.HasFailed)
        {
            yield break;
        }

        if (call.Mapper!.Find(resources[0].Split('/')[0]) is { Path.GroupResource: not "nodes" })
        {
            call.Fail($"invalid resource type {resources[0]}, only node types are supported");
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
        foreach (var node in fetch.Found)
        {
            yield return Wait.Call(Change(call, node, added, removed, dryRun, printer, failures));
        }

        call.Fail(failures);
    }

    private static bool IsSpec(string arg) => arg.Contains('=', StringComparison.Ordinal) || arg.Contains(':', StringComparison.Ordinal) || arg.EndsWith('-');

    private static (List<Taint> Added, List<Taint> Removed, string? Fault) Parse(ImmutableArray<string> specs)
    {
        var (added, removed) = (new List<Taint>(), new List<Taint>());
        foreach (var spec in specs)
        {
            var isRemoval = spec.EndsWith('-');
            var text = isRemoval ? spec[..^1] : spec;
            var colon = text.LastIndexOf(':');
            var (pair, effect) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 || (colon < 0 && !isRemoval) ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (effect.Length > 0 && effect is not ("NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            {
                return (added, removed, $"invalid taint effect: {effect}, unsupported taint effect");
            }

            if (Names.QualifiedName(key) is { } keyFault)
            {
                return (added, removed, $"invalid taint spec: {text}, {keyFault}");
            }

            if (Names.LabelValue(value) is { } valueFault)
            {
                return (added, removed, $"invalid taint spec: {text}, {valueFault}");
            }

            if (!isRemoval && effect.Length == 0)
            {
                return (added, removed, $"invalid taint spec: {text}");
            }

            (isRemoval ? removed : added).Add(new Taint(key, value, effect));
        }

        return (added, removed, null);
    }

    private static string? Overlap(List<Taint> added, List<Taint> removed)
    {
        foreach (var gone in removed)
        {
            if (added.Any(taint => taint.Key == gone.Key && (gone.Effect.Length == 0 || gone.Effect == taint.Effect)))
            {
                return gone.Effect.Length == 0 ? gone.Key + "=" : $"{gone.Key}=:{gone.Effect}";
            }
        }

        return null;
    }

    private static IEnumerable<Wait> Change(
        Invocation call, FoundObject node, List<Taint> added, List<Taint> removed, DryRun dryRun, ResultPrinter printer, List<Failure> failures)
    {
        var present = node.Value.List("spec", "taints");
        if (!call.Flags.Flag("overwrite") && added.Where(taint => present.Any(each => Same(each, taint))).Select(taint => taint.Key).ToList() is { Count: > 0 } taken)
        {
            failures.Add(Failure.Of($"node {node.Name} already has {string.Join(',', taken)} taint(s) with same effect(s) and --overwrite is false"));
            yield break;
        }

        foreach (var gone in removed)
        {
            if (!present.Any(each => each.Text("key") == gone.Key && (gone.Effect.Length == 0 || each.Text("effect") == gone.Effect)))
            {
                failures.Add(Failure.Of($"taint \"{gone.Key}{(gone.Effect.Length > 0 ? ":" + gone.Effect : "")}\" not found"));
                yield break;
            }
        }

        var isOverwrite = added.Any(taint => present.Any(each => Same(each, taint)));
        var kept = present.Where(each =>
            !removed.Any(gone => each.Text("key") == gone.Key && (gone.Effect.Length == 0 || each.Text("effect") == gone.Effect))
            && !added.Any(taint => Same(each, taint)));
        var taints = added.Select(taint => (Doc)Doc.Obj(("effect", taint.Effect), ("key", taint.Key), ("value", taint.Value.Length > 0 ? taint.Value : null))).Concat(kept).ToList();
        var changed = taints.Count > 0 ? node.Value.With(Doc.Arr(taints), "spec", "taints") : node.Value.Without("spec", "taints");
        if (dryRun != DryRun.Client && ObjectChange.Request(call, node, changed, dryRun) is { } request)
        {
            var reply = call.Send(request);
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                failures.Add(call.FailureOf(reply));
                yield break;
            }
        }

        printer.Print(changed, isOverwrite || (added.Count > 0 && removed.Count > 0) ? "modified" : added.Count > 0 ? "tainted" : "untainted");
    }

    private static bool Same(Doc taint, Taint other) => taint.Text("key") == other.Key && taint.Text("effect") == other.Effect;
}
