using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>The routines of one process (Go would say goroutines): all of them end with it.</summary>
internal sealed class Routines
{
    private readonly Process _self;
    private readonly HashSet<Coroutine> _running = [];

    public Routines(Process self)
    {
        _self = self;
        self.OnExit(KillAll);
    }

    /// <summary>Starts a routine in a turn of its own, now; <paramref name="ended"/> is called when it has ended, by itself or by a kill.</summary>
    public Coroutine Start(IEnumerable<Wait> routine, Action? ended = null)
    {
        Coroutine? started = null;
        started = Coroutine.Start(_self.World, routine, fault =>
        {
            _running.Remove(started!);
            if (fault is not null)
            {
                throw new InvalidOperationException(
                    $"A routine of {_self.Name} on {_self.Host.Name} failed at {_self.World.Now} (seed {_self.World.Seed}): {fault.Message}", fault);
            }

            ended?.Invoke();
        });
        _running.Add(started);
        return started;
    }

    /// <summary>Runs routines side by side, and waits until all have ended.</summary>
    public IEnumerable<Wait> RunAll(IReadOnlyCollection<IEnumerable<Wait>> routines)
    {
        var left = routines.Count;
        var allDone = new Signal(_self.World);
        foreach (var routine in routines)
        {
            Start(Counted(routine));
        }

        while (left > 0)
        {
            yield return Wait.On(allDone);
        }

        IEnumerable<Wait> Counted(IEnumerable<Wait> routine)
        {
            yield return Wait.Call(routine);
            if (--left == 0)
            {
                allDone.Raise();
            }
        }
    }

    private void KillAll()
    {
        foreach (var routine in _running.ToList())
        {
            routine.Kill();
        }
    }
}
