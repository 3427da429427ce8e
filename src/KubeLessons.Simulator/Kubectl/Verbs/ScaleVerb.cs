using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl scale</c>: sets the number of replicas through the scale subresource.</summary>
internal static class ScaleVerb
{
    public static Command Command { get; } = new(
        "scale", "[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]", "Set a new size for a deployment, replica set, or replication controller")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.All, CommonFlags.DryRun, CommonFlags.Selector, CommonFlags.Timeout,
            FlagSpec.Int("current-replicas", value: -1), FlagSpec.Int("replicas") with { IsRequired = true }, FlagSpec.Text("resource-version"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (call.Flags.Int("replicas") < 0)
        {
            call.Fail("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
            yield break;
        }

        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun) is not { } printer)
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
        if (fetch.Found.Count == 0)
        {
            call.Fail("no objects passed to scale" + (fetch.Failures.Count > 0 ? " " + PlainText(fetch.Failures[0]) : ""));
            yield break;
        }

        var scaled = new List<FoundObject>();
        foreach (var found in fetch.Found)
        {
            if (dryRun != DryRun.Client)
            {
                var failure = new FailureSlot();
                yield return Wait.Call(Scale(call, found, dryRun, failure));
                if (failure.Value is { } fault)
                {
                    call.Fail(fault);
                    yield break;
                }
            }

            scaled.Add(found);
            printer.Print(found.Value, "scaled");
        }

        call.Fail(fetch.Failures);
        if (dryRun == DryRun.None && call.Flags.Duration("timeout") is var patience && patience > TimeSpan.Zero)
        {
            foreach (var found in scaled)
            {
                yield return Wait.Call(WaitForReplicas(call, found, call.World.Now + patience));
            }
        }
    }

    private static string PlainText(Failure failure) =>
        failure.Text.IndexOf("): ", StringComparison.Ordinal) is >= 0 and var at ? failure.Text[(at + 3)..] : failure.Text;

    private static IEnumerable<Wait> Scale(Invocation call, FoundObject found, DryRun dryRun, FailureSlot failure)
    {
        var replicas = call.Flags.Int("replicas");
        var expected = call.Flags.Int("current-replicas");
        var request = ApiRequest.MergePatch(
            found.Resource.Path, found.Namespace, found.Name, Doc.Obj(("spec", Doc.Obj(("replicas", replicas)))), "scale");
        if (expected >= 0 || call.Flags.Text("resource-version").Length > 0)
        {
            var current = call.Send(ObjectQuery.GetRequest(new Target(found.Resource, found.Namespace, found.Name)) with { Subresource = "scale" });
            yield return Wait.For(current.Takes);
            if (!current.IsSuccess)
            {
                failure.Value = call.FailureOf(current);
                yield break;
            }

            var scale = current.Response!.Body;
            failure.Value = Precondition(call, scale, expected);
            if (failure.Value is not null)
            {
                yield break;
            }

            request = ApiRequest.Update(found.Resource.Path, scale.With(replicas, "spec", "replicas"), "scale");
        }

        var reply = call.Send(request with { Options = new ApiOptions { DryRun = dryRun == DryRun.Server } });
        yield return Wait.For(reply.Takes);
        failure.Value = reply.IsSuccess ? null : call.FailureOf(reply);
    }

    private static Failure? Precondition(Invocation call, Doc scale, long expected)
    {
        var version = call.Flags.Text("resource-version");
        return expected >= 0 && scale.Int("spec", "replicas") != expected
            ? Failure.Of($"Expected replicas to be {expected}, was {scale.Int("spec", "replicas") ?? 0}")
            : version.Length > 0 && scale.Text("metadata", "resourceVersion") != version
                ? Failure.Of($"Expected resource version to be {version}, was {scale.Text("metadata", "resourceVersion")}")
                : null;
    }

    private static IEnumerable<Wait> WaitForReplicas(Invocation call, FoundObject found, TimeSpan deadline)
    {
        var stream = new WatchStream(call, ApiRequest.List(found.Resource.Path, found.Namespace) with
        {
            Verb = ApiVerb.Watch,
            Options = new ApiOptions { FieldSelector = "metadata.name=" + found.Name },
        });
        var wanted = call.Flags.Int("replicas");
        while (true)
        {
            yield return Wait.Call(stream.Next(deadline));
            if (stream.Current is not { } happened)
            {
                call.Fail("timed out waiting for the condition");
                yield break;
            }

            if ((happened.Object.Int("status", "replicas") ?? 0) == wanted && happened.Object.Int("status", "observedGeneration") >= happened.Object.Int("metadata", "generation"))
            {
                stream.Stop();
                yield break;
            }
        }
    }
}
