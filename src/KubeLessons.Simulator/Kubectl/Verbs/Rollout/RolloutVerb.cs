using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Rollout;

/// <summary><c>kubectl rollout status|history|undo|restart|pause|resume</c>.</summary>
internal static class RolloutVerb
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    private static readonly FlagSpec[] Selection = [.. CommonFlags.Files, CommonFlags.Selector];

    public static Command Command { get; } = new("rollout", "SUBCOMMAND [options]", "Manage the rollout of one or many resources")
    {
        Children =
        [
            new Command("history", "(TYPE NAME | TYPE/NAME) [flags] [options]", "View rollout history")
            {
                Flags = [.. Selection, .. CommonFlags.Print, FlagSpec.Int("revision")],
                Run = RolloutHistory.Run,
            },
            new Command("pause", "RESOURCE [options]", "Mark the provided resource as paused")
            {
                Flags = [.. Selection, .. CommonFlags.Print, CommonFlags.FieldManager("kubectl-rollout")],
                Run = call => Change(call, "paused", value => Pause(value, true)),
            },
            new Command("restart", "RESOURCE [options]", "Restart a resource")
            {
                Flags = [.. Selection, .. CommonFlags.Print, CommonFlags.FieldManager("kubectl-rollout")],
                Run = call => Change(call, "restarted", value => Restart(value, call.World.UtcNow)),
            },
            new Command("resume", "RESOURCE [options]", "Resume a paused resource")
            {
                Flags = [.. Selection, .. CommonFlags.Print, CommonFlags.FieldManager("kubectl-rollout")],
                Run = call => Change(call, "resumed", value => Pause(value, false)),
            },
            new Command("status", "(TYPE NAME | TYPE/NAME) [flags] [options]", "Show the status of the rollout")
            {
                Flags = [.. Selection, CommonFlags.Timeout, FlagSpec.Int("revision"), FlagSpec.Switch("watch", 'w', on: true)],
                Run = RolloutStatus.Run,
            },
            new Command("undo", "(TYPE NAME | TYPE/NAME) [flags] [options]", "Undo a previous rollout")
            {
                Flags = [.. Selection, .. CommonFlags.Print, CommonFlags.DryRun, FlagSpec.Int("to-revision")],
                Run = RolloutUndo.Run,
            },
        ],
    };

    /// <summary>Fetches what the arguments name, a kind alone meaning all of it.</summary>
    public static IEnumerable<Wait> Fetch(Invocation call, List<FoundObject> found)
    {
        if (call.Args.IsEmpty && !call.Flags.Has("filename"))
        {
            call.Fail("required resource not specified");
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules { AllowsKindAlone = true });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        found.AddRange(fetch.Found);
        if (found.Count == 0 && fetch.Failures.Count == 0)
        {
            call.Err(Get.GetTables.NothingFound(call));
        }

        call.Fail(fetch.Failures);
    }

    private static IEnumerable<Wait> Change(Invocation call, string outcome, Func<FoundObject, (Doc? Value, string? Error)> change)
    {
        if (ResultPrinter.For(call, DryRun.None) is not { } printer)
        {
            yield break;
        }

        var objects = new List<FoundObject>();
        yield return Wait.Call(Fetch(call, objects));
        var failures = new List<Failure>();
        foreach (var found in objects)
        {
            var (changed, error) = change(found);
            if (changed is null)
            {
                failures.Add(Failure.Of(error!));
                continue;
            }

            if (ObjectChange.Request(call, found, changed, DryRun.None) is not { } request)
            {
                failures.Add(Failure.Of($"failed to create patch for {found.Name}: if restart has already been triggered within the past second, please wait before attempting to trigger another"));
                continue;
            }

            var reply = call.Send(request);
            yield return Wait.For(reply.Takes);
            if (reply.IsSuccess)
            {
                printer.Print(reply.Response!.Body, outcome);
            }
            else
            {
                failures.Add(call.FailureOf(reply, "failed to patch: "));
            }
        }

        call.Fail(failures);
    }

    private static (Doc? Value, string? Error) Pause(FoundObject found, bool paused)
    {
        var name = $"{found.Resource.Path.GroupResource} \"{found.Name}\"";
        if (found.Resource.Kind != "Deployment")
        {
            return (null, $"{name} {(paused ? "pausing" : "resuming")} is not supported");
        }

        var isPaused = found.Value.Flag("spec", "paused") == true;
        return isPaused == paused
            ? (null, $"{name} {(paused ? "is already paused" : "is not paused")}")
            : (paused ? found.Value.With(true, "spec", "paused") : found.Value.Without("spec", "paused"), null);
    }

    private static (Doc? Value, string? Error) Restart(FoundObject found, DateTimeOffset now)
    {
        if (found.Resource.Kind is not ("Deployment" or "DaemonSet" or "StatefulSet"))
        {
            return (null, $"{found.Resource.Path.GroupResource} \"{found.Name}\" restarting is not supported");
        }

        return found.Value.Flag("spec", "paused") == true
            ? (null, "can't restart paused deployment (run rollout resume first)")
            : (found.Value.With(now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), "spec", "template", "metadata", "annotations", RestartedAt), null);
    }
}
