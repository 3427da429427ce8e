using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create</c>, from files or with one of its generators.</summary>
internal static class CreateVerb
{
    public static Command Command { get; } = new("create", "-f FILENAME [options]", "Create a resource from a file or from stdin")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-create"), CommonFlags.SaveConfig,
            CommonFlags.Selector, CommonFlags.Validate, FlagSpec.Switch("edit"), FlagSpec.Text("raw"), FlagSpec.Switch("windows-line-endings"),
        ],
        Run = CreateFiles.Run,
        Children =
        [
            ConfigGenerators.ConfigMap, WorkloadGenerators.CronJob, WorkloadGenerators.Deployment, WorkloadGenerators.Job, SmallGenerators.Namespace,
            SmallGenerators.PodDisruptionBudget, SmallGenerators.PriorityClass, SmallGenerators.Quota, ConfigGenerators.Secret, ServiceGenerators.Service,
            SmallGenerators.ServiceAccount,
        ],
    };
}
