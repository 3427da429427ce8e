using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>An object whose deletion was asked for. Another object of the same name has another uid.</summary>
internal sealed record DeletedObject(Target Target, string Uid);

/// <summary>Waits until objects are gone, or are others of the same name (k8s.io/kubectl: pkg/cmd/wait, IsDeleted).</summary>
internal sealed class DeletionWait(Invocation call, IReadOnlyList<DeletedObject> objects, List<Failure> failures)
{
    /// <summary>The longest that kubectl delete waits when no time was given.</summary>
    private static readonly TimeSpan Week = TimeSpan.FromHours(168);

    /// <summary>Called for each object when it is gone.</summary>
    public Action<Target>? Gone { get; init; }

    /// <summary>How long to wait in all; null: as --timeout says.</summary>
    public TimeSpan? Timeout { get; init; }

    public IEnumerable<Wait> Run()
    {
        var timeout = Timeout ?? (call.Flags.Duration("timeout") is var asked && asked > TimeSpan.Zero ? asked : Week);
        var deadline = call.World.Now + timeout;
        foreach (var each in objects)
        {
            yield return Wait.Call(WaitFor(each, deadline));
        }
    }

    private IEnumerable<Wait> WaitFor(DeletedObject each, TimeSpan deadline)
    {
        var target = each.Target;
        var uid = each.Uid;
        while (true)
        {
            var reply = call.Send(ObjectQuery.GetRequest(target));
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                Settle(target, reply.Reason == "NotFound" ? null : call.FailureOf(reply));
                yield break;
            }

            var live = reply.Response!.Body;
            if (IsAnother(live, uid))
            {
                Settle(target, null);
                yield break;
            }

            uid = live.Text("metadata", "uid") ?? "";
            var stream = new WatchStream(call, WatchRequest(target, live));
            var outcome = new Outcome();
            yield return Wait.Call(Follow(stream, uid, deadline, outcome));
            stream.Stop();
            if (outcome.IsOver)
            {
                Settle(target, outcome.TimedOut ? Failure.Of($"timed out waiting for the condition on {target.Resource.Path.Plural}/{target.Name}") : null);
                yield break;
            }
        }
    }

    private static IEnumerable<Wait> Follow(WatchStream stream, string uid, TimeSpan deadline, Outcome outcome)
    {
        while (true)
        {
            yield return Wait.Call(stream.Next(deadline));
            if (stream.TimedOut)
            {
                (outcome.IsOver, outcome.TimedOut) = (true, true);
                yield break;
            }

            if (stream.Current is not { } happened)
            {
                yield break;
            }

            if (happened.Type == "DELETED" || IsAnother(happened.Object, uid))
            {
                outcome.IsOver = true;
                yield break;
            }
        }
    }

    private static ApiRequest WatchRequest(Target target, Doc live) => ApiRequest.List(target.Resource.Path, target.Namespace) with
    {
        Verb = ApiVerb.Watch,
        Options = new ApiOptions { FieldSelector = "metadata.name=" + target.Name, ResourceVersion = live.Text("metadata", "resourceVersion") },
    };

    private static bool IsAnother(Doc live, string uid) => uid.Length > 0 && live.Text("metadata", "uid") != uid;

    private void Settle(Target target, Failure? failure)
    {
        if (failure is null)
        {
            Gone?.Invoke(target);
        }
        else
        {
            failures.Add(failure);
        }
    }

    private sealed class Outcome
    {
        public bool IsOver { get; set; }

        public bool TimedOut { get; set; }
    }
}
