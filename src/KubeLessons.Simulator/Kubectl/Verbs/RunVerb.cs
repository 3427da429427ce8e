using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Patches;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Verbs.Create;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl run</c>: a pod with one container.</summary>
internal static class RunVerb
{
    private static readonly ResourcePath Pods = ResourcePath.Core("pods");

    public static Command Command { get; } = new(
        "run",
        "NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]",
        "Run a particular image on the cluster")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.Cascade, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-run"), CommonFlags.SaveConfig,
            CommonFlags.Timeout, FlagSpec.Array("annotations"), FlagSpec.Switch("attach"), FlagSpec.Switch("command"), FlagSpec.Array("env"),
            FlagSpec.Switch("expose"), FlagSpec.Switch("force"), FlagSpec.Int("grace-period", value: -1), FlagSpec.Text("image") with { IsRequired = true },
            FlagSpec.Text("image-pull-policy"), FlagSpec.Text("labels", 'l'), FlagSpec.Switch("leave-stdin-open"), FlagSpec.Text("override-type", value: "merge"),
            FlagSpec.Text("overrides"), FlagSpec.Duration("pod-running-timeout", "1m0s"), FlagSpec.Text("port"), FlagSpec.Switch("privileged"),
            FlagSpec.Switch("quiet", 'q'), FlagSpec.Text("restart", value: "Always"), FlagSpec.Switch("rm"), FlagSpec.Switch("stdin", 'i'),
            FlagSpec.Switch("tty", 't'), FlagSpec.Switch("wait"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (call.Args.IsEmpty || call.Flags.ArgumentsBeforeDash == 0)
        {
            call.FailUsage("NAME is required for run");
            return [];
        }

        if (DryRuns.Of(call) is not { } dryRun)
        {
            return [];
        }

        if (Complaint(call, dryRun) is { } complaint)
        {
            call.Fail(complaint);
            return [];
        }

        return ResultPrinter.For(call, dryRun, madeHere: dryRun == DryRun.Client) is { } printer ? Run(call, dryRun, printer) : [];
    }

    private static string? Complaint(Invocation call, DryRun dryRun)
    {
        var flags = call.Flags;
        var attaches = flags.Flag("stdin") || flags.Flag("tty") || flags.Flag("attach");
        var usage = $"\nSee '{call.Command.Path} -h' for help and examples";
        if (flags.Flag("tty") && !flags.Flag("stdin"))
        {
            return "-i/--stdin is required for containers with -t/--tty=true" + usage;
        }

        if (dryRun != DryRun.None && attaches)
        {
            return "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)" + usage;
        }

        if (flags.Flag("expose") && flags.Text("port").Length == 0)
        {
            return "--port must be set when exposing a service" + usage;
        }

        if (flags.Flag("rm") && !attaches)
        {
            return "--rm should only be used for attached containers" + usage;
        }

        if (flags.Text("restart") is var restart && restart is not ("Always" or "OnFailure" or "Never"))
        {
            return $"invalid restart policy: {restart}" + usage;
        }

        return ImageName.IsValid(flags.Text("image")) ? null : $"Invalid image name \"{flags.Text("image")}\": invalid reference format";
    }

    private static IEnumerable<Wait> Run(Invocation call, DryRun dryRun, ResultPrinter printer)
    {
        var made = PodGenerator.Make(call);
        if (made.Value is not { } pod)
        {
            call.Fail(made.Error!);
            yield break;
        }

        yield return Wait.Call(Discovery.Run(call, Discovery.Once));
        if (call.HasFailed)
        {
            yield break;
        }

        if (dryRun != DryRun.Client || call.NamespaceIsEnforced)
        {
            pod = MadeObjects.InNamespace(pod, call.Namespace);
        }

        if (call.Flags.Text("overrides") is { Length: > 0 } overrides)
        {
            if (!DocJson.TryParse(System.Text.Encoding.UTF8.GetBytes(overrides), out var patch, out _))
            {
                call.Fail("Invalid JSON Patch");
                yield break;
            }

            pod = MergePatch.Apply(pod, patch);
        }

        if (call.Flags.Flag("expose"))
        {
            yield return Wait.Call(Send(call, dryRun, printer, ResourcePath.Core("services"), PodGenerator.ServiceFor(call), "created"));
        }

        yield return Wait.Call(Send(call, dryRun, printer, Pods, pod, "created"));
    }

    private static IEnumerable<Wait> Send(Invocation call, DryRun dryRun, ResultPrinter printer, ResourcePath resource, Doc value, string outcome)
    {
        if (call.HasFailed)
        {
            yield break;
        }

        if (dryRun == DryRun.Client)
        {
            printer.Print(value, outcome);
            yield break;
        }

        var reply = call.Send(ApiRequest.Create(resource, call.Namespace, value) with { Options = WriteOptions.Of(call, dryRun) });
        yield return Wait.For(reply.Takes);
        if (reply.IsSuccess)
        {
            printer.Print(reply.Response!.Body, outcome);
        }
        else
        {
            call.Fail(reply);
        }
    }
}
