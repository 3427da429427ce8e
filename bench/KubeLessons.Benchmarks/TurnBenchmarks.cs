using BenchmarkDotNet.Attributes;
using KubeLessons.Simulator;

namespace KubeLessons.Benchmarks;

/// <summary>How many turns a second the world runs; an invocation is a million turns, so its time in seconds is 1 over millions a second.</summary>
[MemoryDiagnoser]
public class TurnBenchmarks
{
    private const int Turns = 1_000_000;

    /// <summary>One thousand things that each happen again and again: what a busy cluster's queue looks like.</summary>
    [Benchmark(Baseline = true)]
    public long A_million_turns()
    {
        var world = new World(1);
        for (var i = 0; i < 1000; i++)
        {
            var period = TimeSpan.FromMicroseconds(100 + i);
            void Again() => world.After(period, Again);
            world.After(period, Again);
        }

        while (world.TurnsRun < Turns)
        {
            world.Step();
        }

        return world.TurnsRun;
    }

    /// <summary>The same through routines that wait.</summary>
    [Benchmark]
    public long A_million_waits_of_coroutines()
    {
        var world = new World(1);
        for (var i = 0; i < 1000; i++)
        {
            Coroutine.Start(world, Loop(TimeSpan.FromMicroseconds(100 + i)), _ => { });
        }

        while (world.TurnsRun < Turns)
        {
            world.Step();
        }

        return world.TurnsRun;

        static IEnumerable<Wait> Loop(TimeSpan period)
        {
            while (true)
            {
                yield return Wait.For(period);
            }
        }
    }
}
