namespace KubeLessons.Simulator;

/// <summary>
/// What a running program waits for: some time, a signal, whichever comes first, or another routine's end. A program is an
/// <see cref="IEnumerable{T}"/> of waits: it runs until it yields one and is resumed, in a later turn, when that is over.
/// </summary>
/// <example><code>
/// IEnumerable&lt;Wait&gt; Sleep(Process self)
/// {
///     yield return Wait.For(TimeSpan.FromSeconds(5));
///     self.Exit(0);
/// }
/// </code></example>
public readonly record struct Wait
{
    private Wait(TimeSpan? delay, Signal? signal, IEnumerable<Wait>? routine) =>
        (Delay, Signal, Routine) = (delay, signal, routine);

    internal TimeSpan? Delay { get; }

    internal Signal? Signal { get; }

    internal IEnumerable<Wait>? Routine { get; }

    /// <summary>Until nothing: only a kill ends it.</summary>
    public static Wait Forever => default;

    /// <summary>Until this much virtual time has passed.</summary>
    public static Wait For(TimeSpan delay) => new(delay, null, null);

    /// <summary>Until the signal is raised. Look at what it stands for again afterwards: somebody else may have been first.</summary>
    public static Wait On(Signal signal) => new(null, signal, null);

    /// <summary>Until the signal is raised, or this much time has passed.</summary>
    public static Wait On(Signal signal, TimeSpan atMost) => new(atMost, signal, null);

    /// <summary>Until another routine has run to its end, as a call does. Its result goes through an object that both know.</summary>
    public static Wait Call(IEnumerable<Wait> routine) => new(null, null, routine);
}

/// <summary>Something that routines wait for. Raising it resumes all who wait now, each in a turn of its own, in their order.</summary>
public sealed class Signal(World world)
{
    private List<Action>? _waiters;

    public void Raise()
    {
        if (_waiters is not { } waiters)
        {
            return;
        }

        _waiters = null;
        foreach (var waiter in waiters)
        {
            world.After(TimeSpan.Zero, waiter);
        }
    }

    internal void Add(Action waiter) => (_waiters ??= []).Add(waiter);

    internal void Remove(Action waiter) => _waiters?.Remove(waiter);
}

/// <summary>A running routine: resumed by the world when its wait is over, ended by its own end, a kill, or an exception.</summary>
public sealed class Coroutine
{
    /// <summary>Routines may call each other this deep: a recursive shell function takes some ten calls per level.</summary>
    public const int MaxDepth = 16_384;

    private readonly World _world;
    private readonly Stack<IEnumerator<Wait>> _frames = new();
    private readonly Action<Exception?> _ended;
    private Turn? _timer;
    private Signal? _signal;
    private Action? _wake;
    private bool _running;

    private Coroutine(World world, Action<Exception?> ended) => (_world, _ended) = (world, ended);

    public bool HasEnded { get; private set; }

    /// <summary>
    /// Starts a routine in a turn of its own, now. <paramref name="ended"/> is called once, with the exception that ended it
    /// (a bug) or null.
    /// </summary>
    public static Coroutine Start(World world, IEnumerable<Wait> routine, Action<Exception?> ended)
    {
        var coroutine = new Coroutine(world, ended);
        coroutine._frames.Push(routine.GetEnumerator());
        coroutine._timer = world.After(TimeSpan.Zero, coroutine.Resume);
        return coroutine;
    }

    /// <summary>Ends the routine where it stands; its <c>finally</c> blocks run.</summary>
    public void Kill()
    {
        if (HasEnded)
        {
            return;
        }

        if (_running)
        {
            // It ends itself from inside: an iterator cannot be disposed while it runs, so the next yield is its last.
            HasEnded = true;
            return;
        }

        End(null);
    }

    private void Resume()
    {
        if (HasEnded)
        {
            return;
        }

        StopWaiting();
        _running = true;
        Exception? fault = null;
        try
        {
            RunToNextWait();
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        _running = false;
        if (fault is not null || HasEnded || _frames.Count == 0)
        {
            End(fault);
        }
    }

    private void RunToNextWait()
    {
        while (_frames.Count > 0 && !HasEnded)
        {
            var frame = _frames.Peek();
            if (!frame.MoveNext())
            {
                _frames.Pop().Dispose();
                continue;
            }

            if (HasEnded)
            {
                return;
            }

            var wait = frame.Current;
            if (wait.Routine is { } routine)
            {
                if (_frames.Count >= MaxDepth)
                {
                    throw new InvalidOperationException($"Routines call each other more than {MaxDepth} deep.");
                }

                _frames.Push(routine.GetEnumerator());
                continue;
            }

            StartWaiting(wait);
            return;
        }
    }

    private void StartWaiting(Wait wait)
    {
        if (wait.Delay is { } delay)
        {
            _timer = _world.After(delay, Resume);
        }

        if (wait.Signal is { } signal)
        {
            // A waiter of its own for every wait: one that was raised just before a time-out must not resume a later wait.
            Action? wake = null;
            wake = () =>
            {
                if (ReferenceEquals(_wake, wake))
                {
                    Resume();
                }
            };
            _wake = wake;
            _signal = signal;
            signal.Add(wake);
        }
    }

    private void StopWaiting()
    {
        _timer?.Cancel();
        if (_wake is not null)
        {
            _signal?.Remove(_wake);
        }

        (_timer, _signal, _wake) = (null, null, null);
    }

    private void End(Exception? fault)
    {
        HasEnded = true;
        StopWaiting();
        while (_frames.TryPop(out var frame))
        {
            frame.Dispose();
        }

        _ended(fault);
    }
}
