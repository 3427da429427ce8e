using KubeLessons.Simulator.Kubectl.Verbs;
using KubeLessons.Simulator.Kubectl.Verbs.Apply;
using KubeLessons.Simulator.Kubectl.Verbs.Create;
using KubeLessons.Simulator.Kubectl.Verbs.Get;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>All commands of kubectl, in the order in which it suggests them.</summary>
internal static class CommandTable
{
    public static Command Root { get; } = new("kubectl", "[flags] [options]", "kubectl controls the Kubernetes cluster manager")
    {
        Children =
        [
            CreateVerb.Command, RunVerb.Command, GetVerb.Command, DeleteVerb.Command, DescribeVerb.Command, ApplyVerb.Command,
        ],
    };
}
