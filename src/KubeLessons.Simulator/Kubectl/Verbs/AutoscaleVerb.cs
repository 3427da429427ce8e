using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;
using KubeLessons.Simulator.Kubectl.Verbs.Create;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl autoscale</c>: a HorizontalPodAutoscaler over a workload.</summary>
internal static class AutoscaleVerb
{
    public static Command Command { get; } = new(
        "autoscale", "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU] [options]", "Auto-scale a deployment, replica set, stateful set, or replication controller")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-autoscale"), CommonFlags.SaveConfig,
            FlagSpec.Int("cpu-percent", value: -1), FlagSpec.Int("max", value: -1) with { IsRequired = true }, FlagSpec.Int("min", value: -1), FlagSpec.Text("name"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        var (min, max) = (call.Flags.Int("min"), call.Flags.Int("max"));
        if (max < 1)
        {
            call.Fail($"--max=MAXPODS is required and must be at least 1, max: {max}");
            yield break;
        }

        if (max < min)
        {
            call.Fail($"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}");
            yield break;
        }

        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun, madeHere: dryRun == DryRun.Client) is not { } printer)
        {
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules());
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        foreach (var found in fetch.Found)
        {
            if (found.Resource.Kind is not ("Deployment" or "ReplicaSet" or "StatefulSet" or "ReplicationController"))
            {
                call.Fail($"cannot autoscale a {found.Resource.Kind}: no matches for kind");
                yield break;
            }

            var scaler = Make(call, found, min, max);
            if (dryRun == DryRun.Client)
            {
                printer.Print(scaler, "autoscaled");
                continue;
            }

            var reply = call.Send(ApiRequest.Create(new("autoscaling", "v2", "horizontalpodautoscalers"), found.Namespace, MadeObjects.InNamespace(scaler, found.Namespace)) with
            {
                Options = WriteOptions.Of(call, dryRun),
            });
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail(reply);
                yield break;
            }

            printer.Print(reply.Response!.Body, "autoscaled");
        }

        call.Fail(fetch.Failures);
    }

    private static DocObject Make(Invocation call, FoundObject found, long min, long max)
    {
        var percent = call.Flags.Int("cpu-percent");
        return MadeObjects.Object(
            "HorizontalPodAutoscaler",
            "autoscaling/v2",
            MadeObjects.Metadata(call.Flags.Text("name") is { Length: > 0 } name ? name : found.Name),
            ("spec", Doc.Obj(
                ("scaleTargetRef", Doc.Obj(("kind", found.Resource.Kind), ("name", found.Name), ("apiVersion", found.Resource.ApiVersion))),
                ("minReplicas", min > 0 ? min : null),
                ("maxReplicas", max),
                ("metrics", percent < 0 ? null : Doc.Arr(Doc.Obj(
                    ("type", "Resource"),
                    ("resource", Doc.Obj(("name", "cpu"), ("target", Doc.Obj(("type", "Utilization"), ("averageUtilization", percent)))))))))),
            ("status", Doc.Obj(("desiredReplicas", 0), ("currentMetrics", Doc.Null))));
    }
}
