using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl delete</c>: asks for each deletion, then waits until all of it is really gone.</summary>
internal sealed class DeleteVerb
{
    private readonly Invocation _call;
    private readonly DryRun _dryRun;
    private readonly long? _gracePeriod;
    private readonly List<Failure> _failures = [];
    private readonly List<DeletedObject> _deleted = [];

    private DeleteVerb(Invocation call, DryRun dryRun, long? gracePeriod) => (_call, _dryRun, _gracePeriod) = (call, dryRun, gracePeriod);

    public static Command Command { get; } = new(
        "delete", "([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]", "Delete resources by file names, stdin, resources and names, or by resources and label selector")
    {
        Flags =
        [
            .. CommonFlags.Files, CommonFlags.All, CommonFlags.AllNamespaces, CommonFlags.Cascade, CommonFlags.DryRun, CommonFlags.FieldSelector,
            CommonFlags.Selector, CommonFlags.Output, CommonFlags.Timeout, FlagSpec.Switch("force"), FlagSpec.Int("grace-period", value: -1),
            FlagSpec.Switch("ignore-not-found"), FlagSpec.Switch("interactive", 'i'), FlagSpec.Switch("now"), FlagSpec.Text("raw"), FlagSpec.Switch("wait", on: true),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        var flags = call.Flags;
        var grace = flags.Int("grace-period");
        if (Complaint(flags, grace) is { } complaint)
        {
            call.Fail(complaint);
            return [];
        }

        if (DryRuns.Of(call) is not { } dryRun)
        {
            return [];
        }

        grace = flags.Flag("now") ? 1 : grace;
        if (flags.Flag("force"))
        {
            grace = Math.Max(grace, 0);
        }
        else if (grace == 0)
        {
            // Only --force may delete at once; without it, 0 means one second.
            grace = 1;
        }

        return new DeleteVerb(call, dryRun, grace < 0 ? null : grace).Run();
    }

    private static string? Complaint(FlagValues flags, long grace)
    {
        if (flags.Text("output") is { Length: > 0 } output and not "name")
        {
            return $"unexpected -o output mode: {output}. We only support '-o name'";
        }

        if (flags.Text("cascade") is var cascade && cascade is not ("background" or "orphan" or "foreground" or "true" or "false"))
        {
            return $"invalid cascade value ({cascade}). Must be \"background\", \"foreground\", or \"orphan\"";
        }

        if (flags.Flag("all") && flags.Text("selector").Length > 0)
        {
            return "setting 'all' parameter but found a non empty selector. ";
        }

        if (flags.Flag("now") && grace != -1)
        {
            return "--now and --grace-period cannot be specified together";
        }

        return flags.Flag("force") && grace > 0 ? "--force and --grace-period greater than 0 cannot be specified together" : null;
    }

    private IEnumerable<Wait> Run()
    {
        if (_call.Flags.Flag("force"))
        {
            _call.Err("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n");
        }

        var arguments = new ResourceArguments(_call, new ArgumentRules());
        yield return Wait.Call(arguments.Read());
        if (_call.HasFailed && arguments.Query.Targets.IsEmpty)
        {
            yield break;
        }

        var targets = new List<Target>();
        yield return Wait.Call(Expand(arguments.Query, targets));
        if (targets.Count == 0)
        {
            if (_failures.Count == 0)
            {
                _call.OutLine("No resources found");
            }

            _call.Fail(_failures);
            yield break;
        }

        if (_call.NamespaceIsEnforced && targets.Any(target => !target.Resource.IsNamespaced))
        {
            _call.Err("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n");
        }

        if (_call.Flags.Flag("interactive"))
        {
            var question = new Confirmation(_call, targets);
            yield return Wait.Call(question.Ask());
            if (!question.IsConfirmed)
            {
                yield break;
            }
        }

        foreach (var target in targets)
        {
            yield return Wait.Call(Delete(target));
        }

        if (_call.Flags.Flag("wait") && _dryRun == DryRun.None)
        {
            yield return Wait.Call(new DeletionWait(_call, _deleted, _failures).Run());
        }

        _call.Fail(_failures);
    }

    // Selectors are looked up first; names are deleted unseen.
    private IEnumerable<Wait> Expand(ObjectQuery query, List<Target> targets)
    {
        if (!query.IsCollection)
        {
            targets.AddRange(query.Targets);
            yield break;
        }

        var fetch = new ObjectFetch(_call, query);
        yield return Wait.Call(fetch.Run());
        _failures.AddRange(fetch.Failures);
        targets.AddRange(fetch.Found.Select(found => new Target(found.Resource, found.Namespace, found.Name)));
    }

    private IEnumerable<Wait> Delete(Target target)
    {
        if (_dryRun != DryRun.Client)
        {
            var reply = _call.Send(ApiRequest.Delete(target.Resource.Path, target.Namespace, target.Name) with
            {
                Options = new ApiOptions
                {
                    DryRun = _dryRun == DryRun.Server,
                    GracePeriodSeconds = _gracePeriod,
                    PropagationPolicy = _call.Flags.Text("cascade") switch
                    {
                        "orphan" or "false" => "Orphan",
                        "foreground" => "Foreground",
                        _ => "Background",
                    },
                },
            });
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                var failure = _call.FailureOf(reply, target.Source.Length > 0 ? $"error when deleting \"{target.Source}\": " : "");
                if (!failure.IsNotFound || !_call.Flags.Flag("ignore-not-found"))
                {
                    _failures.Add(failure);
                }

                yield break;
            }

            var answer = reply.Response!.Body;
            _deleted.Add(new DeletedObject(target, answer.Text("details", "uid") ?? answer.Text("metadata", "uid") ?? ""));
        }

        Print(target);
    }

    private void Print(Target target)
    {
        if (_call.Flags.Text("output") == "name")
        {
            _call.OutLine(target.QualifiedName);
            return;
        }

        var operation = _gracePeriod == 0 ? "force deleted" : "deleted";
        _call.OutLine($"{target.Resource.QualifiedName} \"{target.Name}\" {operation}{_dryRun.Suffix()}");
    }
}
