using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Running;

/// <summary>What a cluster could carry of a lesson, said before it runs.</summary>
/// <param name="Checks">How many checks the lesson has.</param>
/// <param name="LeftOut">The checks that would be left out, each with the reason.</param>
public sealed record Preview(int Checks, IReadOnlyList<(string Check, Message Reason)> LeftOut)
{
    /// <summary>Goes through the blocks without running any. Nodes that a variable names are not known yet, and are taken to be there.</summary>
    public static Preview Of(Lesson lesson, ClusterDescription cluster)
    {
        var carrying = new Carrying(lesson, cluster);
        var leftOut = new List<(string, Message)>();
        foreach (var block in lesson.Blocks)
        {
            var reference = block.Attributes.On ?? lesson.Header.Defaults.On;
            var node = reference.Resolve(Variables.None, cluster.Nodes);
            var reason = carrying.WhyNot(block, node);
            if (reason is null && node is null && block is StepBlock or TodoBlock && !reference.Text.Contains('$'))
            {
                carrying.LeftOut(block, Message.Of("run.noNode", reference.Text));
            }

            if (reason is null && !block.Attributes.AppliesTo(cluster.Kind, cluster.Kubernetes))
            {
                reason = Message.Of("run.notForThisCluster", cluster.Kubernetes.ToString());
            }

            if (block is CheckBlock check && reason is not null)
            {
                leftOut.Add((check.Check.Id, reason));
            }
        }

        return new Preview(lesson.Checks.Count(), leftOut);
    }
}
