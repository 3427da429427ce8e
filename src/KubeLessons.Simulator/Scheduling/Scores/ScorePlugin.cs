namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>One opinion about which of the feasible nodes is best, from 0 to 100.</summary>
internal abstract class ScorePlugin
{
    public const long MaxScore = 100;

    public abstract string Name { get; }

    /// <summary>The score of every feasible node, in their order, made comparable (0 to 100).</summary>
    public abstract long[] Score(SchedulingCycle cycle);

    /// <summary>Scales scores so that the highest is 100; reversed, so that the lowest raw score is (scheduler helper: DefaultNormalizeScore).</summary>
    protected static long[] Normalize(long[] raw, bool reverse)
    {
        var most = raw.Length == 0 ? 0 : raw.Max();
        var scores = new long[raw.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            var score = most == 0 ? 0 : MaxScore * raw[i] / most;
            scores[i] = most == 0 ? (reverse ? MaxScore : 0) : reverse ? MaxScore - score : score;
        }

        return scores;
    }
}
