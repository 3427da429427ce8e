using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl label</c> and <c>kubectl annotate</c>: <c>KEY=VALUE</c> sets, <c>KEY-</c> removes.</summary>
internal sealed class MetadataVerbs
{
    private readonly bool _isLabel;

    private MetadataVerbs(bool isLabel) => _isLabel = isLabel;

    public static Command Label { get; } = new MetadataVerbs(true).MakeCommand("label", "Update the labels on a resource");

    public static Command Annotate { get; } = new MetadataVerbs(false).MakeCommand("annotate", "Update the annotations on a resource");

    private string Noun => _isLabel ? "label" : "annotation";

    private string Field => Noun + "s";

    private Command MakeCommand(string name, string summary) => new(
        name, "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]", summary)
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.All, CommonFlags.AllNamespaces, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-" + name),
            CommonFlags.FieldSelector, CommonFlags.Selector, FlagSpec.Switch("list"), FlagSpec.Switch("local"), FlagSpec.Switch("overwrite"), FlagSpec.Text("resource-version"),
        ],
        Run = Run,
    };

    private IEnumerable<Wait> Run(Invocation call)
    {
        var resources = call.Args.TakeWhile(arg => !IsChange(arg)).ToImmutableArray();
        var changes = call.Args[resources.Length..];
        if (Complaint(call, resources, changes) is { } complaint)
        {
            call.Fail(complaint);
            yield break;
        }

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
            if (call.Flags.Flag("list"))
            {
                List(call, found.Value);
                continue;
            }

            yield return Wait.Call(Change(call, found, changes, dryRun, printer, failures));
        }

        call.Fail(failures);
    }

    private static bool IsChange(string arg) => arg.Contains('=', StringComparison.Ordinal) || (arg.EndsWith('-') && arg != "-");

    private string? Complaint(Invocation call, ImmutableArray<string> resources, ImmutableArray<string> changes)
    {
        if (resources.IsEmpty && !call.Flags.Has("filename"))
        {
            return "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        }

        if (changes.IsEmpty && !call.Flags.Flag("list"))
        {
            return $"at least one {Noun} update is required";
        }

        var removed = changes.Where(change => !change.Contains('=', StringComparison.Ordinal)).Select(change => change[..^1]).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes.Where(change => change.Contains('=', StringComparison.Ordinal)))
        {
            var key = change[..change.IndexOf('=', StringComparison.Ordinal)];
            var value = change[(key.Length + 1)..];
            if (key.Length == 0)
            {
                return $"invalid {Noun} format: {change}";
            }

            if (removed.Contains(key))
            {
                return _isLabel ? "can not both modify and remove a label in the same command" : $"can not both modify and remove the following annotation(s) in the same command: {key}";
            }

            if (_isLabel && Names.LabelValue(value) is { } fault)
            {
                return $"invalid label value: \"{change}\": {fault}";
            }
        }

        return null;
    }

    private void List(Invocation call, Doc value)
    {
        foreach (var (key, text) in value.At("metadata", Field)?.Fields ?? [])
        {
            call.OutLine($"{key}={text.AsText}");
        }
    }

    private IEnumerable<Wait> Change(
        Invocation call, FoundObject found, ImmutableArray<string> changes, DryRun dryRun, ResultPrinter printer, List<Failure> failures)
    {
        if (!call.Flags.Flag("overwrite") && Conflicts(found.Value, changes) is { } conflict)
        {
            failures.Add(Failure.Of(conflict));
            yield break;
        }

        var changed = found.Value;
        var (sets, removes) = (false, false);
        foreach (var change in changes)
        {
            var equals = change.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? change[..^1] : change[..equals];
            if (equals >= 0)
            {
                sets |= changed.At("metadata", Field)?.Text(key) != change[(equals + 1)..];
                changed = changed.With(change[(equals + 1)..], "metadata", Field, key);
            }
            else if (changed.At("metadata", Field)?[key] is not null)
            {
                removes = true;
                changed = changed.Without("metadata", Field, key);
            }
            else if (_isLabel)
            {
                call.OutLine($"label \"{key}\" not found.");
            }
        }

        var outcome = !_isLabel ? "annotated" : sets ? "labeled" : removes ? "unlabeled" : "not labeled";
        if (dryRun != DryRun.Client && ObjectChange.Request(call, found, changed, dryRun, asMerge: true) is { } request)
        {
            var reply = call.Send(request);
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                failures.Add(call.FailureOf(reply));
                yield break;
            }

            changed = reply.Response!.Body;
        }

        printer.Print(changed, outcome);
    }

    private string? Conflicts(Doc value, ImmutableArray<string> changes)
    {
        var conflicts = new List<string>();
        foreach (var change in changes.Where(change => change.Contains('=', StringComparison.Ordinal)))
        {
            var key = change[..change.IndexOf('=', StringComparison.Ordinal)];
            if (value.At("metadata", Field)?.Text(key) is { } current && current != change[(key.Length + 1)..])
            {
                conflicts.Add($"'{key}' already has a value ({current})");
            }
        }

        return conflicts.Count == 0 ? null
            : _isLabel ? $"{conflicts[0]}, and --overwrite is false"
            : $"--overwrite is false but found the following declared annotation(s): {string.Join("; ", conflicts)}";
    }
}
