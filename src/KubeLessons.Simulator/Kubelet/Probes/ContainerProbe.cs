using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>
/// One probe of one container of a pod (pkg/kubelet/prober: worker). It goes through the container's restarts; its times are
/// counted from when the pod came to the kubelet. Where a success is known to stay one until something changes on the network, it
/// rests until then and goes on at its next regular time: the verdicts come when they would have come.
/// </summary>
internal sealed class ContainerProbe(
    Process self, PodObject pod, ContainerSpec container, ProbeSpec spec, RuntimeConnection runtime, HttpProber http, PodEvents events, ContainerProbes all)
{
    /// <summary>An answer that came so soon is taken at once.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _from = self.World.Now;
    private string _containerId = "";
    private bool? _last;
    private int _run;
    private bool _onHold;
    private TimeSpan _lastTick = TimeSpan.MinValue;
    private HttpService? _service;
    private TriedWay? _way;

    /// <summary>Raised when the pod's containers may be others than before, or the network.</summary>
    public Signal Stirred { get; } = new(self.World);

    /// <summary>True while it waits for something to change.</summary>
    public bool IsResting { get; private set; }

    /// <summary>Something may have changed on the network.</summary>
    public void Wake()
    {
        if (IsResting)
        {
            Stop();
            Stirred.Raise();
        }
    }

    public IEnumerable<Wait> Run()
    {
        while (true)
        {
            var target = Target();
            if (target is null || IsResting)
            {
                yield return Wait.On(Stirred);
                if (Target() != target)
                {
                    Stop();
                }

                continue;
            }

            var tick = NextTick(target);
            while (self.World.Now < tick && Target() == target)
            {
                yield return Wait.On(Stirred, tick - self.World.Now);
            }

            if (Target() == target)
            {
                _lastTick = tick;
                yield return Wait.Call(Probe(target));
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
        var tick = _from + (spec.Period * ((from - _from).Ticks / spec.Period.Ticks));
        tick = tick < from ? tick + spec.Period : tick;
        return tick > _lastTick ? tick : _lastTick + spec.Period;
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
            var found = spec.Doc["httpGet"] is { } get ? http.Get(pod, container, target, get, spec.Timeout, ref _way)
                : spec.Doc["tcpSocket"] is { } tcp ? http.Connect(pod, container, target, tcp, spec.Timeout, ref _way)
                : spec.Doc["grpc"] is { } grpc ? http.CheckHealth(pod, target, grpc, spec.Timeout, ref _way)
                : new ProbeAnswer(null, TimeSpan.Zero);
            (answer.Error, answer.IsSteady, answer.Service) = (found.Error, found.IsSteady, found.Service);
            if (found.Takes > _moment)
            {
                yield return Wait.For(found.Takes);
            }
        }

        if (all.Running(pod.Uid, container.Name) == target && !answer.IsUnknown && Note(target, answer.Error) && answer.IsSteady)
        {
            Rest(answer.Service);
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

    // True for a success that has been told.
    private bool Note(Container target, string? error)
    {
        var isSuccess = error is null;
        if (!isSuccess)
        {
            events.OfContainer(pod, container, "Warning", "Unhealthy", $"{spec.Kind} probe failed: {error}");
        }

        (_last, _run) = _last == isSuccess ? (isSuccess, _run + 1) : (isSuccess, 1);
        if (_run < (isSuccess ? spec.SuccessThreshold : spec.FailureThreshold))
        {
            return false;
        }

        if (!isSuccess && spec.Kind != ProbeKind.Readiness)
        {
            // The container is going to be killed: nothing is asked until there is another.
            (_onHold, _run) = (true, 0);
        }

        all.Set(pod.Uid, target, spec.Kind, isSuccess);
        return isSuccess;
    }

    private void Rest(HttpService? service)
    {
        IsResting = true;
        all.Resting++;
        _service = service;
        if (service is not null)
        {
            service.Changed += Wake;
        }
    }

    public void Stop()
    {
        all.Resting -= IsResting ? 1 : 0;
        IsResting = false;
        if (_service is { } service)
        {
            service.Changed -= Wake;
            _service = null;
        }
    }

    private sealed class Answer
    {
        public string? Error { get; set; }

        public bool IsUnknown { get; set; }

        public bool IsSteady { get; set; }

        public HttpService? Service { get; set; }
    }
}
