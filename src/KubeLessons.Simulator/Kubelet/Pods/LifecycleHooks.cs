using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Runs the hooks of containers: postStart after their start, preStop before TERM.</summary>
internal sealed class LifecycleHooks(Process self, RuntimeConnection runtime, PodEvents events, HttpProber http, KubernetesVersion version)
{
    // A hook without an end is bounded by the grace time (preStop) or goes on for good (postStart).
    private static readonly TimeSpan _postStartLimit = TimeSpan.FromDays(365);

    /// <summary>Runs the postStart hook; when it fails, the container is killed, and the result says why.</summary>
    public IEnumerable<Wait> RunPostStart(PodObject pod, ContainerSpec spec, Container container, HookResult result)
    {
        if (spec.Doc.At("lifecycle", "postStart") is not { } hook)
        {
            yield break;
        }

        yield return Wait.Call(Run(pod, spec, container, hook, _postStartLimit, result));
        if (result.Error is not { } error)
        {
            yield break;
        }

        events.OfContainer(pod, spec, "Warning", "FailedPostStartHook", ToldBriefly ? "PostStartHook failed" : error);
        events.OfContainer(pod, spec, "Normal", "Killing", "FailedPostStartHook");
        if (runtime.Connect(out _) is { } cri)
        {
            yield return Wait.Call(cri.StopContainer(container, pod.GracePeriod, new CriResult<Container>()));
        }
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
        if (result.Error is { } error)
        {
            events.OfContainer(pod, spec, "Warning", "FailedPreStopHook", ToldBriefly ? "PreStopHook failed" : error);
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
            var why = ran.Error ?? (ran.Value!.TimedOut ? $"command timed out: \"{string.Join(' ', command)}\" timed out after {GoDuration.Format(limit)}"
                : ran.Value.ExitCode == 0 ? null : $"command '{string.Join(' ', command)}' exited with {ran.Value.ExitCode}: {ran.Value.Output}");
            result.Error = why is null ? null
                : $"Exec lifecycle hook ([{string.Join(' ', command)}]) for Container \"{spec.Name}\" in Pod \"{pod.LogName}\" failed - error: {why}, message: \"{ran.Value?.Output.Replace("\n", "\\n", StringComparison.Ordinal)}\"";
        }
        else if (hook["httpGet"] is { } get)
        {
            TriedWay? first = null;
            var answer = http.Get(pod, spec, container, get, TimeSpan.FromSeconds(30), ref first);
            yield return Wait.For(answer.Takes < limit ? answer.Takes : limit);
            result.Error = answer.Error is null ? null
                : $"HTTP lifecycle hook ({get.Text("path")}) for Container \"{spec.Name}\" in Pod \"{pod.LogName}\" failed - error: {answer.Error}, message: \"\"";
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

    // Since 1.25 the event says no more than that, so that no secret gets into it.
    private bool ToldBriefly => version.Minor >= 25;
}

/// <summary>Why a hook failed; null: it did not.</summary>
internal sealed class HookResult
{
    public string? Error { get; set; }
}
