using KubeLessons.Simulator.Scheduling.Scores;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>The sum of all opinions, and the choice among the best.</summary>
internal sealed class NodeScoring(IReadOnlyList<(ScorePlugin Plugin, int Weight)> plugins, SeededRandom random)
{
    /// <summary>
    /// The best node. Among equals each is as likely as the other (scheduler: selectHost, reservoir sampling), by the dice of the
    /// simulated world.
    /// </summary>
    public NodeInfo Choose(SchedulingCycle cycle)
    {
        var feasible = cycle.Feasible;
        if (feasible.Count == 1)
        {
            return feasible[0];
        }

        var totals = new long[feasible.Count];
        foreach (var (plugin, weight) in plugins)
        {
            var scores = plugin.Score(cycle);
            for (var i = 0; i < totals.Length; i++)
            {
                totals[i] += weight * scores[i];
            }
        }

        var best = 0;
        var equals = 1;
        for (var i = 1; i < totals.Length; i++)
        {
            if (totals[i] > totals[best])
            {
                (best, equals) = (i, 1);
            }
            else if (totals[i] == totals[best] && random.Next(++equals) == 0)
            {
                best = i;
            }
        }

        return feasible[best];
    }
}
