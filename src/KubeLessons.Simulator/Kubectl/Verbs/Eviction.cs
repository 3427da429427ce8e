using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>Evicts pods and waits until they are gone; a disruption budget that says no is asked again every five seconds.</summary>
internal sealed class Eviction(Invocation call, ImmutableArray<Doc> pods, List<string> messages)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private readonly List<(Doc Pod, TimeSpan AskAt)> _refused = [];
    private readonly List<Doc> _leaving = [];

    private bool Deletes => call.Flags.Flag("disable-eviction");

    public IEnumerable<Wait> Run()
    {
        var patience = call.Flags.Duration("timeout");
        var deadline = patience > TimeSpan.Zero ? call.World.Now + patience : TimeSpan.MaxValue;
        foreach (var pod in pods)
        {
            yield return Wait.Call(Ask(pod));
        }

        while (_leaving.Count + _refused.Count > 0 && messages.Count == 0)
        {
            yield return Wait.Call(Look());
            foreach (var (pod, _) in _refused.Where(each => each.AskAt <= call.World.Now).ToList())
            {
                _refused.RemoveAll(each => ReferenceEquals(each.Pod, pod));
                yield return Wait.Call(Ask(pod));
            }

            if (_leaving.Count + _refused.Count == 0)
            {
                yield break;
            }

            if (call.World.Now >= deadline)
            {
                messages.Add($"drain did not complete within {Flags.GoDuration.Text(patience)}");
                yield break;
            }

            yield return Wait.For(Poll);
        }
    }

    private IEnumerable<Wait> Ask(Doc pod)
    {
        var (ns, name) = (pod.Text("metadata", "namespace") ?? "", pod.Text("metadata", "name") ?? "");
        var grace = call.Flags.Int("grace-period");
        if (!Deletes)
        {
            call.OutLine($"evicting pod {ns}/{name}");
        }

        var path = ResourcePath.Core("pods");
        var reply = call.Send(Deletes
            ? ApiRequest.Delete(path, ns, name) with { Options = new ApiOptions { GracePeriodSeconds = grace >= 0 ? grace : null } }
            : new ApiRequest(ApiVerb.Create, path)
            {
                Namespace = ns,
                Name = name,
                Subresource = "eviction",
                Body = Doc.Obj(
                    ("apiVersion", "policy/v1"),
                    ("kind", "Eviction"),
                    ("metadata", Doc.Obj(("name", name), ("namespace", ns))),
                    ("deleteOptions", grace >= 0 ? Doc.Obj(("gracePeriodSeconds", grace)) : null)),
            });
        yield return Wait.For(reply.Takes);
        if (reply.IsSuccess)
        {
            _leaving.Add(pod);
        }
        else if (reply.Response?.Code == 429)
        {
            call.Err($"error when evicting pods/\"{name}\" -n \"{ns}\" (will retry after 5s): {reply.Message()}\n");
            _refused.Add((pod, call.World.Now + Retry));
        }
        else if (reply.Reason != "NotFound")
        {
            messages.Add($"error when evicting pods/\"{name}\" -n \"{ns}\": {reply.Message() ?? reply.ConnectionError}");
        }
    }

    private IEnumerable<Wait> Look()
    {
        foreach (var pod in _leaving.ToList())
        {
            var reply = call.Send(ApiRequest.Get(ResourcePath.Core("pods"), pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!));
            yield return Wait.For(reply.Takes);
            if (reply.Reason == "NotFound" || (reply.IsSuccess && reply.Response!.Body.Text("metadata", "uid") != pod.Text("metadata", "uid")))
            {
                _leaving.Remove(pod);
                call.OutLine($"pod/{pod.Text("metadata", "name")} {(Deletes ? "deleted" : "evicted")}");
            }
        }
    }
}
