namespace KubeLessons.Simulator;

/// <summary>
/// Moves a world's clock along with a real one, at a speed: for a learner, or for an outside client that waits. It holds no
/// thread: its host calls <see cref="RunDue"/> and then sleeps as long as it says. The stepped way to drive a world is to
/// call <see cref="World.AdvanceTo"/> and its kin; exactly one of the two is in use at a time.
/// </summary>
public sealed class PacedDriver
{
    private readonly World _world;
    private readonly TimeProvider _clock;
    private long _anchorReal;
    private TimeSpan _anchorVirtual;

    /// <param name="world">The world to drive.</param>
    /// <param name="clock">The real clock, or a test's.</param>
    /// <param name="speed">Virtual seconds per real second; greater than 0.</param>
    public PacedDriver(World world, TimeProvider clock, double speed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        (_world, _clock, Speed) = (world, clock, speed);
        Anchor();
    }

    /// <summary>Virtual seconds per real second.</summary>
    public double Speed { get; private set; }

    /// <summary>While paused, real time passes and virtual time does not.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Where the virtual clock should stand by now.</summary>
    public TimeSpan Target => IsPaused ? _world.Now : _anchorVirtual + (_clock.GetElapsedTime(_anchorReal) * Speed);

    public void SetSpeed(double speed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        RunDue();
        Speed = speed;
        Anchor();
    }

    public void Pause()
    {
        RunDue();
        IsPaused = true;
    }

    public void Resume()
    {
        IsPaused = false;
        Anchor();
    }

    /// <summary>
    /// Runs all turns that are due by now. Returns the real time until the next one is, or null when none is planned
    /// (or the clock is paused): then only an input changes anything.
    /// </summary>
    public TimeSpan? RunDue()
    {
        if (IsPaused)
        {
            return null;
        }

        _world.AdvanceTo(Target);
        return _world.NextDue is { } due ? (due - _world.Now) / Speed : null;
    }

    private void Anchor() => (_anchorReal, _anchorVirtual) = (_clock.GetTimestamp(), _world.Now);
}
