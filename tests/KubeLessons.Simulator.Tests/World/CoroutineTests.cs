using KubeLessons.Simulator;

namespace KubeLessons.Simulator.Tests.Worlds;

public sealed class CoroutineTests
{
    private readonly World _world = new(1);
    private readonly List<string> _log = [];

    [Fact]
    public void A_routine_is_resumed_when_its_wait_is_over()
    {
        Start(Sleeper());

        _world.Advance(TimeSpan.FromSeconds(10));

        _log.ShouldBe(["begin 0", "woke 2", "woke 5", "ended"]);

        IEnumerable<Wait> Sleeper()
        {
            Note("begin");
            yield return Wait.For(TimeSpan.FromSeconds(2));
            Note("woke");
            yield return Wait.For(TimeSpan.FromSeconds(3));
            Note("woke");
        }
    }

    [Fact]
    public void A_called_routine_runs_to_its_end_first()
    {
        Start(Outer());

        _world.Advance(TimeSpan.FromSeconds(10));

        _log.ShouldBe(["inner 1", "outer 1", "ended"]);

        IEnumerable<Wait> Outer()
        {
            yield return Wait.Call(Inner());
            Note("outer");
        }

        IEnumerable<Wait> Inner()
        {
            yield return Wait.For(TimeSpan.FromSeconds(1));
            Note("inner");
        }
    }

    [Fact]
    public void A_signal_wakes_all_who_wait_and_a_time_out_those_whom_it_does_not_reach()
    {
        var signal = new Signal(_world);
        Start(Waiter("a", TimeSpan.FromSeconds(5)));
        Start(Waiter("b", TimeSpan.FromSeconds(1)));
        _world.After(TimeSpan.FromSeconds(2), signal.Raise);

        _world.Advance(TimeSpan.FromSeconds(10));

        _log.ShouldBe(["b 1", "ended", "a 2", "ended"]);

        IEnumerable<Wait> Waiter(string name, TimeSpan atMost)
        {
            yield return Wait.On(signal, atMost);
            Note(name);
        }
    }

    [Fact]
    public void A_signal_that_comes_with_the_time_out_does_not_wake_the_next_wait()
    {
        var signal = new Signal(_world);
        _world.After(TimeSpan.FromSeconds(1), signal.Raise);
        Start(Waiter());

        _world.Advance(TimeSpan.FromSeconds(10));

        _log.ShouldBe(["first 1", "second 4", "ended"]);

        IEnumerable<Wait> Waiter()
        {
            yield return Wait.On(signal, TimeSpan.FromSeconds(1));
            Note("first");
            yield return Wait.On(signal, TimeSpan.FromSeconds(3));
            Note("second");
        }
    }

    [Fact]
    public void A_killed_routine_runs_its_finally_blocks_from_the_inside_out()
    {
        var routine = Start(Outer());
        _world.Advance(TimeSpan.FromSeconds(1));

        routine.Kill();
        _world.Advance(TimeSpan.FromHours(1));

        _log.ShouldBe(["inner finally 1", "outer finally 1", "ended"]);
        routine.HasEnded.ShouldBeTrue();

        IEnumerable<Wait> Outer()
        {
            try
            {
                yield return Wait.Call(Inner());
            }
            finally
            {
                Note("outer finally");
            }
        }

        IEnumerable<Wait> Inner()
        {
            try
            {
                yield return Wait.Forever;
            }
            finally
            {
                Note("inner finally");
            }
        }
    }

    [Fact]
    public void A_routine_that_kills_itself_ends_at_its_next_wait()
    {
        Coroutine? routine = null;
        routine = Start(Suicide());

        _world.Advance(TimeSpan.FromSeconds(5));

        _log.ShouldBe(["killing 0", "ended"]);

        IEnumerable<Wait> Suicide()
        {
            routine!.Kill();
            Note("killing");
            yield return Wait.For(TimeSpan.FromSeconds(1));
            Note("never");
        }
    }

    [Fact]
    public void An_exception_ends_a_routine_and_is_handed_on()
    {
        Exception? fault = null;
        Coroutine.Start(_world, Broken(), ended => fault = ended);

        _world.Advance(TimeSpan.FromSeconds(1));

        fault.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("broken");

        static IEnumerable<Wait> Broken()
        {
            yield return Wait.For(TimeSpan.Zero);
            throw new InvalidOperationException("broken");
        }
    }

    [Fact]
    public void Routines_may_call_each_other_deep_but_not_without_end()
    {
        Exception? fault = null;
        Coroutine.Start(_world, Down(1000), ended => fault = ended);
        _world.Advance(TimeSpan.FromSeconds(1));
        fault.ShouldBeNull();

        Coroutine.Start(_world, Down(int.MaxValue), ended => fault = ended);
        _world.Advance(TimeSpan.FromSeconds(1));
        fault.ShouldNotBeNull();

        static IEnumerable<Wait> Down(int levels)
        {
            if (levels > 0)
            {
                yield return Wait.Call(Down(levels - 1));
            }
        }
    }

    private Coroutine Start(IEnumerable<Wait> routine) => Coroutine.Start(_world, routine, fault =>
    {
        fault.ShouldBeNull();
        _log.Add("ended");
    });

    private void Note(string what) => _log.Add($"{what} {_world.Now.TotalSeconds}");
}
