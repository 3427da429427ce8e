using KubeLessons.Simulator;

namespace KubeLessons.Simulator.Tests.Worlds;

public sealed class WorldTests
{
    private readonly World _world = new(7);

    [Fact]
    public void Turns_run_by_due_time_and_then_in_the_order_in_which_they_were_asked_for()
    {
        var order = new List<string>();
        _world.After(TimeSpan.FromSeconds(2), () => order.Add("late"));
        _world.After(TimeSpan.FromSeconds(1), () => order.Add("first"));
        _world.After(TimeSpan.FromSeconds(1), () => order.Add("second"));
        _world.After(TimeSpan.FromSeconds(1), () => _world.After(TimeSpan.Zero, () => order.Add("third")));

        _world.Advance(TimeSpan.FromSeconds(5));

        order.ShouldBe(["first", "second", "third", "late"]);
        _world.Now.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_clock_stands_at_the_due_time_while_a_turn_runs_and_reading_it_does_not_move_it()
    {
        var seen = TimeSpan.Zero;
        _world.After(TimeSpan.FromSeconds(3), () => seen = _world.Now);
        _world.NextDue.ShouldBe(TimeSpan.FromSeconds(3));
        _world.UtcNow.ShouldBe(_world.Epoch);

        _world.Advance(TimeSpan.FromSeconds(10));

        seen.ShouldBe(TimeSpan.FromSeconds(3));
        _world.NextDue.ShouldBeNull();
    }

    [Fact]
    public void A_cancelled_turn_does_not_run()
    {
        var turn = _world.After(TimeSpan.FromSeconds(1), () => throw new InvalidOperationException());
        turn.Cancel();

        _world.Advance(TimeSpan.FromSeconds(2));

        turn.IsCancelled.ShouldBeTrue();
        _world.TurnsRun.ShouldBe(0);
    }

    [Fact]
    public void Running_until_a_condition_stops_at_its_turn_or_at_the_deadline()
    {
        var count = 0;
        for (var i = 1; i <= 10; i++)
        {
            _world.After(TimeSpan.FromSeconds(i), () => count++);
        }

        _world.RunUntil(() => count == 3, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        _world.Now.ShouldBe(TimeSpan.FromSeconds(3));
        _world.RunUntil(() => count == 99, TimeSpan.FromSeconds(20)).ShouldBeFalse();
        _world.Now.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_loop_that_never_waits_is_stopped_loudly()
    {
        void Again() => _world.After(TimeSpan.Zero, Again);
        Again();

        Should.Throw<InvalidOperationException>(() => _world.Advance(TimeSpan.FromSeconds(1))).Message.ShouldContain("seed 7");
    }

    [Fact]
    public void A_million_turns_run_in_a_moment()
    {
        var left = 1_000_000;
        for (var i = 0; i < 100; i++)
        {
            _world.After(TimeSpan.FromMilliseconds(i), Tick);
        }

        _world.Advance(TimeSpan.FromHours(3));

        left.ShouldBeLessThanOrEqualTo(0);
        _world.TurnsRun.ShouldBeGreaterThanOrEqualTo(1_000_000);

        void Tick()
        {
            if (--left > 0)
            {
                _world.After(TimeSpan.FromMilliseconds(1 + (left % 97)), Tick);
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_dice_and_each_name_its_own()
    {
        Draw(new World(1).RandomFor("a")).ShouldBe(Draw(new World(1).RandomFor("a")));
        Draw(new World(1).RandomFor("a")).ShouldNotBe(Draw(new World(1).RandomFor("b")));
        Draw(new World(2).RandomFor("a")).ShouldNotBe(Draw(new World(1).RandomFor("a")));

        static string Draw(SeededRandom random) => random.NextUid() + random.NextName(5) + random.NextHex(8) + random.Next(1000);
    }

    [Fact]
    public void A_paced_world_follows_the_clock_at_its_speed()
    {
        var clock = new SettableClock();
        var driver = new PacedDriver(_world, clock, speed: 10);
        var ran = false;
        _world.After(TimeSpan.FromSeconds(30), () => ran = true);

        driver.RunDue().ShouldBe(TimeSpan.FromSeconds(3));
        clock.Pass(TimeSpan.FromSeconds(2));
        driver.RunDue().ShouldBe(TimeSpan.FromSeconds(1));
        ran.ShouldBeFalse();

        driver.Pause();
        clock.Pass(TimeSpan.FromSeconds(60));
        driver.RunDue().ShouldBeNull();
        driver.Resume();
        clock.Pass(TimeSpan.FromSeconds(1));
        driver.RunDue();

        ran.ShouldBeTrue();
        _world.Now.ShouldBe(TimeSpan.FromSeconds(30));
    }

    private sealed class SettableClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
