using KubeLessons.Simulator.Controllers.Nodes;

namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>Avoids nodes with PreferNoSchedule taints that the pod does not tolerate (TaintToleration).</summary>
internal sealed class TaintPreference : ScorePlugin
{
    public override string Name => "TaintToleration";

    public override long[] Score(SchedulingCycle cycle)
    {
        var raw = new long[cycle.Feasible.Count];
        for (var i = 0; i < raw.Length; i++)
        {
            foreach (var taint in NodeTaints.WithEffect(cycle.Feasible[i].Node!, "PreferNoSchedule"))
            {
                raw[i] += Tolerations.ToleratesAny(cycle.Pod.Tolerations, taint) ? 0 : 1;
            }
        }

        return Normalize(raw, reverse: true);
    }
}

/// <summary>Prefers nodes by the weights of the pod's preferred node affinity (NodeAffinity).</summary>
internal sealed class NodePreference : ScorePlugin
{
    public override string Name => "NodeAffinity";

    public override long[] Score(SchedulingCycle cycle)
    {
        var raw = new long[cycle.Feasible.Count];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = NodeSelection.PreferredWeight(cycle.Pod.Pod, cycle.Feasible[i].Node!);
        }

        return Normalize(raw, reverse: false);
    }
}
