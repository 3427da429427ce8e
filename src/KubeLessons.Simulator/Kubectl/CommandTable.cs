using KubeLessons.Simulator.Kubectl.Verbs;
using KubeLessons.Simulator.Kubectl.Verbs.Apply;
using KubeLessons.Simulator.Kubectl.Verbs.Config;
using KubeLessons.Simulator.Kubectl.Verbs.Create;
using KubeLessons.Simulator.Kubectl.Verbs.Get;
using KubeLessons.Simulator.Kubectl.Verbs.Pods;
using KubeLessons.Simulator.Kubectl.Verbs.Rollout;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>All commands of kubectl, in the order in which it suggests them.</summary>
internal static class CommandTable
{
    public static Command Root { get; } = new("kubectl", "[flags] [options]", "kubectl controls the Kubernetes cluster manager")
    {
        Children =
        [
            CreateVerb.Command, ExposeVerb.Command, RunVerb.Command, SetVerbs.Command, GetVerb.Command, DeleteVerb.Command, RolloutVerb.Command, ScaleVerb.Command,
            AutoscaleVerb.Command, InfoVerbs.ClusterInfo, InfoVerbs.Top, CordonVerbs.Cordon, CordonVerbs.Uncordon, DrainVerb.Command, TaintVerb.Command,
            DescribeVerb.Command, LogsVerb.Command, ExecVerb.Attach, ExecVerb.Exec, EventsVerb.Command, ApplyVerb.Command, PatchVerb.Command, WaitVerb.Command, MetadataVerbs.Label, MetadataVerbs.Annotate,
            ConfigVerbs.Command, InfoVerbs.Version, InfoVerbs.ApiVersions, ApiResourcesVerb.Command, InfoVerbs.Options,
        ],
    };
}
