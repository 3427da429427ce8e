using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Describing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Rollout;

/// <summary><c>kubectl rollout status</c>: a line for every change, until the rollout is done or has failed.</summary>
internal static class RolloutStatus
{
    public static IEnumerable<Wait> Run(Invocation call)
    {
        var objects = new List<FoundObject>();
        yield return Wait.Call(RolloutVerb.Fetch(call, objects));
        foreach (var found in objects)
        {
            if (!call.HasFailed)
            {
                yield return Wait.Call(Follow(call, found));
            }
        }
    }

    private static IEnumerable<Wait> Follow(Invocation call, FoundObject found)
    {
        var patience = call.Flags.Duration("timeout");
        TimeSpan? deadline = patience > TimeSpan.Zero ? call.World.Now + patience : null;
        if (Show(call, found.Value) || !call.Flags.Flag("watch"))
        {
            yield break;
        }

        var stream = new WatchStream(call, ApiRequest.List(found.Resource.Path, found.Namespace) with
        {
            Verb = ApiVerb.Watch,
            Options = new ApiOptions { FieldSelector = "metadata.name=" + found.Name, ResourceVersion = found.Value.Text("metadata", "resourceVersion") },
        });
        while (true)
        {
            yield return Wait.Call(stream.Next(deadline));
            if (stream.Current is not { } happened)
            {
                call.Fail(stream.TimedOut ? "timed out waiting for the condition" : "watch closed before UntilWithoutRetry timeout");
                yield break;
            }

            if (happened.Type == "DELETED")
            {
                call.Fail("object has been deleted");
                yield break;
            }

            if (Show(call, happened.Object))
            {
                stream.Stop();
                yield break;
            }

            yield return Wait.Call(call.Drain());
        }
    }

    // True when there is nothing more to wait for.
    private static bool Show(Invocation call, Doc value)
    {
        var (line, isDone, error) = StatusOf(value, call.Flags.Int("revision"));
        if (error is not null)
        {
            call.Fail(error);
            return true;
        }

        call.OutLine(line);
        return isDone;
    }

    private static (string Line, bool IsDone, string? Error) StatusOf(Doc value, long revision) => value.Text("kind") switch
    {
        "Deployment" => Deployment(value, revision),
        "DaemonSet" => DaemonSet(value),
        "StatefulSet" => StatefulSet(value),
        var kind => ("", true, $"no status viewer has been implemented for {kind}"),
    };

    private static (string Line, bool IsDone, string? Error) Deployment(Doc value, long revision)
    {
        var name = value.Text("metadata", "name");
        if (revision > 0 && Rollouts.RevisionOf(value) is var running && running != revision)
        {
            return ("", true, $"desired revision ({revision}) is different from the running revision ({running})");
        }

        if (value.Int("metadata", "generation") > (value.Int("status", "observedGeneration") ?? 0))
        {
            return ("Waiting for deployment spec update to be observed...", false, null);
        }

        if (value.List("status", "conditions").Any(each => each.Text("type") == "Progressing" && each.Text("reason") == "ProgressDeadlineExceeded"))
        {
            return ("", true, $"deployment \"{name}\" exceeded its progress deadline");
        }

        var wanted = value.Int("spec", "replicas") ?? 1;
        var (updated, total, available) = (Count(value, "updatedReplicas"), Count(value, "replicas"), Count(value, "availableReplicas"));
        var waiting = $"Waiting for deployment \"{name}\" rollout to finish: ";
        return updated < wanted ? (waiting + $"{updated} out of {wanted} new replicas have been updated...", false, null)
            : total > updated ? (waiting + $"{total - updated} old replicas are pending termination...", false, null)
            : available < updated ? (waiting + $"{available} of {updated} updated replicas are available...", false, null)
            : ($"deployment \"{name}\" successfully rolled out", true, null);
    }

    private static (string Line, bool IsDone, string? Error) DaemonSet(Doc value)
    {
        var name = value.Text("metadata", "name");
        if (value.Text("spec", "updateStrategy", "type") != "RollingUpdate")
        {
            return ("", true, "rollout status is only available for RollingUpdate strategy type");
        }

        if (value.Int("metadata", "generation") > (value.Int("status", "observedGeneration") ?? 0))
        {
            return ("Waiting for daemon set spec update to be observed...", false, null);
        }

        var (wanted, updated, available) = (Count(value, "desiredNumberScheduled"), Count(value, "updatedNumberScheduled"), Count(value, "numberAvailable"));
        var waiting = $"Waiting for daemon set \"{name}\" rollout to finish: ";
        return updated < wanted ? (waiting + $"{updated} out of {wanted} new pods have been updated...", false, null)
            : available < wanted ? (waiting + $"{available} of {wanted} updated pods are available...", false, null)
            : ($"daemon set \"{name}\" successfully rolled out", true, null);
    }

    private static (string Line, bool IsDone, string? Error) StatefulSet(Doc value)
    {
        if (value.Text("spec", "updateStrategy", "type") != "RollingUpdate")
        {
            return ("", true, "rollout status is only available for RollingUpdate strategy type");
        }

        if (Count(value, "observedGeneration") == 0 || value.Int("metadata", "generation") > Count(value, "observedGeneration"))
        {
            return ("Waiting for statefulset spec update to be observed...", false, null);
        }

        var wanted = value.Int("spec", "replicas") ?? 1;
        if (Count(value, "readyReplicas") < wanted)
        {
            return ($"Waiting for {wanted - Count(value, "readyReplicas")} pods to be ready...", false, null);
        }

        if (value.Int("spec", "updateStrategy", "rollingUpdate", "partition") is > 0 and var partition)
        {
            var updated = Count(value, "updatedReplicas");
            return updated < wanted - partition
                ? ($"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} new pods have been updated...", false, null)
                : ($"partitioned roll out complete: {updated} new pods have been updated...", true, null);
        }

        var (current, update) = (value.Text("status", "currentRevision"), value.Text("status", "updateRevision"));
        return update != current
            ? ($"waiting for statefulset rolling update to complete {Count(value, "updatedReplicas")} pods at revision {update}...", false, null)
            : ($"statefulset rolling update complete {Count(value, "currentReplicas")} pods at revision {current}...", true, null);
    }

    private static long Count(Doc value, string field) => value.Int("status", field) ?? 0;
}
