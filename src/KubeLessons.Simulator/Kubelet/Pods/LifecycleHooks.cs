using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Runs the hooks of containers: postStart after their start, preStop before TERM.</summary>
internal sealed class LifecycleHooks(Process self, RuntimeConnection runtime, PodEvents events, HttpProber http)
{
    // A hook without an end is bounded by the grace time (preStop) or goes on for good (postStart).
    private static readonly TimeSpan _postStartLimit = TimeSpan.FromDays(365);

    /// <summary>Runs the postStart hook; when it fails, the container is killed.</summary>
    public IEnumerable<Wait> RunPostStart(PodObject pod, ContainerSpec spec, Container container, SyncOutcome outcome)
    {
        if (spec.Doc.At("lifecycle", "postStart") is not { } hook)
        {
            yield break;
        }

        var result = new HookResult();
        yield return Wait.Call(Run(pod, spec, container, hook, _postStartLimit, result));
        if (result.Error is not { } error)
        {
            yield break;
        }

        events.OfContainer(pod, spec, "Warning", "FailedPostStartHook", "PostStartHook failed");
        events.OfContainer(pod, spec, "Normal", "Killing", "FailedPostStartHook");
        _ = error;
        if (runtime.Connect(out _) is { } cri)
        {
            yield return Wait.Call(cri.StopContainer(container, pod.GracePeriod, new CriResult<Container>()));
        }

        outcome.Fail();
    }

    /// <summary>Runs the preStop hook for at most the grace time.</summary>
    public IEnumerable<Wait> RunPreStop(PodObject pod, ContainerSpec spec, Container container, TimeSpan grace)
    {
        if (spec.Doc.At("lifecycle", "preStop") is not { } hook || grace <= TimeSpan.Zero)
        {
            yield break;
        }

        var result = new HookResult();
        yield return Wait.Call(Run(pod, spec, container, hook, grace, result));
        if (result.Error is not null)
        {
            events.OfContainer(pod, spec, "Warning", "FailedPreStopHook", "PreStopHook failed");
        }
    }

    private IEnumerable<Wait> Run(PodObject pod, ContainerSpec spec, Container container, Doc hook, TimeSpan limit, HookResult result)
    {
        if (hook["exec"] is { } exec)
        {
            if (runtime.Connect(out var error) is not { } cri)
            {
                result.Error = error;
                yield break;
            }

            var ran = new CriResult<ExecOutcome>();
            ImmutableArray<string> command = [.. exec.List("command").Select(word => word.AsText ?? "")];
            yield return Wait.Call(cri.ExecSync(container, command, limit, ran));
            result.Error = ran.Error ?? (ran.Value!.ExitCode == 0 ? null : $"command '{string.Join(' ', command)}' exited with {ran.Value.ExitCode}: {ran.Value.Output}");
        }
        else if (hook["httpGet"] is { } get)
        {
            TriedWay? first = null;
            var answer = http.Get(pod, spec, container, get, TimeSpan.FromSeconds(30), ref first);
            yield return Wait.For(answer.Takes < limit ? answer.Takes : limit);
            result.Error = answer.Error;
        }
        else if (hook.Int("sleep", "seconds") is { } seconds)
        {
            var time = TimeSpan.FromSeconds(seconds) < limit ? TimeSpan.FromSeconds(seconds) : limit;
            var until = self.World.Now + time;
            while (self.World.Now < until && container.State == ContainerState.Running)
            {
                yield return Wait.On(container.Changed, until - self.World.Now);
            }
        }
    }

    private sealed class HookResult
    {
        public string? Error { get; set; }
    }
}
