using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>
/// The events of a watch, one at a time. It ends when the server can no longer be reached or says that the watch is over.
/// </summary>
internal sealed class WatchStream(Invocation call, ApiRequest request)
{
    private readonly Queue<WatchEvent> _pending = new();
    private ApiWatch? _watch;
    private Failure? _failure;

    /// <summary>What <see cref="Next"/> found; null when there is nothing more.</summary>
    public WatchEvent? Current { get; private set; }

    /// <summary>True when <see cref="Next"/> came back because its time was over.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Waits for the next event, at most until a virtual time.</summary>
    public IEnumerable<Wait> Next(TimeSpan? deadline = null)
    {
        (Current, TimedOut) = (null, false);
        if (_watch is null && !Start())
        {
            yield break;
        }

        while (_pending.Count == 0)
        {
            Fill();
            if (_pending.Count > 0 || _failure is not null)
            {
                break;
            }

            if (deadline is { } end && call.World.Now >= end)
            {
                TimedOut = true;
                yield break;
            }

            yield return Arrival(deadline);
            yield return Wait.For(Informer.Latency);
        }

        if (_pending.TryDequeue(out var next) && next.Type != "ERROR")
        {
            Current = next;
        }
        else
        {
            Stop();
        }
    }

    public void Stop()
    {
        _watch?.Dispose();
        _watch = null;
    }

    /// <summary>Says why the stream ended, when it was not by itself.</summary>
    public void ReportEnd()
    {
        if (_failure is not null)
        {
            call.Fail(_failure);
        }
    }

    private bool Start()
    {
        if (_failure is not null || !call.TryConnect(out var client))
        {
            return false;
        }

        (_watch, var refused) = client.Watch(request);
        if (_watch is null)
        {
            _failure = call.FailureOf(refused!);
            return false;
        }

        call.Self.OnExit(Stop);
        return true;
    }

    private void Fill()
    {
        if (!call.TryConnect(out var client) || !client.CanReachServer())
        {
            Stop();
            _failure ??= new Failure("error: watch closed before UntilWithoutRetry timeout");
            return;
        }

        foreach (var happened in _watch!.Read())
        {
            _pending.Enqueue(happened);
        }
    }

    private Wait Arrival(TimeSpan? deadline)
    {
        var signal = new Signal(call.World);
        void Raise()
        {
            _watch!.Available -= Raise;
            signal.Raise();
        }

        _watch!.Available += Raise;
        return deadline is { } end ? Wait.On(signal, end - call.World.Now) : Wait.On(signal);
    }
}
