using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>
/// One probe of one container of a pod (pkg/kubelet/prober: worker). It goes through the container's restarts; its times are
/// counted from when the pod came to the kubelet.
/// </summary>
internal sealed class ContainerProbe(
    Process self, PodObject pod, ContainerSpec container, ProbeSpec spec, RuntimeConnection runtime, HttpProber http, PodEvents events, ContainerProbes all)
{
    private readonly TimeSpan _from = self.World.Now;
    private string _containerId = "";
    private bool? _last;
    private int _run;
    private bool _onHold;

    /// <summary>Raised when the pod's containers may be others than before.</summary>
    public Signal Stirred { get; } = new(self.World);

    public IEnumerable<Wait> Run()
    {
        while (true)
        {
            var target = Target();
            if (target is null)
            {
                yield return Wait.On(Stirred);
                continue;
            }

            var tick = NextTick(target);
            while (self.World.Now < tick && Target() == target)
            {
                yield return Wait.On(Stirred, tick - self.World.Now);
            }

            if (Target() == target)
            {
                yield return Wait.Call(Probe(target));

                // The next tick is a later one, even when the answer came at once.
                yield return Wait.For(TimeSpan.FromTicks(1));
            }
        }
    }

    // The container that is to be probed now: it runs, is not about to be killed, and has started up (but for the startup probe).
    private Container? Target()
    {
        if (all.Running(pod.Uid, container.Name) is not { } running)
        {
            return null;
        }

        if (running.Id != _containerId)
        {
            (_containerId, _last, _run, _onHold) = (running.Id, null, 0, false);
        }

        var hasStarted = all.HasStarted(pod, container, running);
        return _onHold || hasStarted == (spec.Kind == ProbeKind.Startup) ? null : running;
    }

    private TimeSpan NextTick(Container target)
    {
        var earliest = target.StartedAt!.Value - self.World.Epoch + spec.InitialDelay;
        var from = earliest > self.World.Now ? earliest : self.World.Now;
        var periods = (from - _from).Ticks / spec.Period.Ticks;
        var tick = _from + (spec.Period * periods);
        return tick < from ? tick + spec.Period : tick;
    }

    private IEnumerable<Wait> Probe(Container target)
    {
        var answer = new Answer();
        if (spec.Doc["exec"] is { } exec)
        {
            yield return Wait.Call(Exec(target, [.. exec.List("command").Select(word => word.AsText ?? "")], answer));
        }
        else
        {
            var found = spec.Doc["httpGet"] is { } get ? http.Get(pod, container, target, get, spec.Timeout)
                : spec.Doc["tcpSocket"] is { } tcp ? http.Connect(pod, container, target, tcp, spec.Timeout)
                : spec.Doc["grpc"] is { } grpc ? http.Connect(pod, container, target, grpc, spec.Timeout)
                : new ProbeAnswer(null, TimeSpan.Zero);
            answer.Error = found.Error;
            yield return Wait.For(found.Takes);
        }

        if (all.Running(pod.Uid, container.Name) == target && !answer.IsUnknown)
        {
            Note(target, answer.Error);
        }
    }

    private IEnumerable<Wait> Exec(Container target, ImmutableArray<string> command, Answer answer)
    {
        if (runtime.Connect(out _) is not { } cri)
        {
            answer.IsUnknown = true;
            yield break;
        }

        var result = new CriResult<ExecOutcome>();
        yield return Wait.Call(cri.ExecSync(target, command, spec.Timeout, result));
        answer.IsUnknown = result.Error is not null && target.State != ContainerState.Running;
        answer.Error = result.Error is { } error ? Grpc.Message(error)
            : result.Value!.TimedOut ? $"command timed out: \"{string.Join(' ', command)}\" timed out after {GoDuration.Format(spec.Timeout)}"
            : result.Value.ExitCode != 0 ? result.Value.Output
            : null;
    }

    private void Note(Container target, string? error)
    {
        var isSuccess = error is null;
        if (!isSuccess)
        {
            events.OfContainer(pod, container, "Warning", "Unhealthy", $"{spec.Kind} probe failed: {error}");
        }

        (_last, _run) = _last == isSuccess ? (isSuccess, _run + 1) : (isSuccess, 1);
        if (_run < (isSuccess ? spec.SuccessThreshold : spec.FailureThreshold))
        {
            return;
        }

        if (!isSuccess && spec.Kind != ProbeKind.Readiness)
        {
            // The container is going to be killed: nothing is asked until there is another.
            (_onHold, _run) = (true, 0);
        }

        all.Set(pod.Uid, target, spec.Kind, isSuccess);
    }

    private sealed class Answer
    {
        public string? Error { get; set; }

        public bool IsUnknown { get; set; }
    }
}
