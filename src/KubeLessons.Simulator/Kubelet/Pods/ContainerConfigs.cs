using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>What a container is asked for with: command, environment, mounts.</summary>
internal sealed class ContainerConfigs
{
    /// <summary>The configuration, or why it cannot be made yet (<c>configmap "x" not found</c>).</summary>
    public (ContainerConfig? Config, string? Error) Make(PodObject pod, ContainerSpec spec, PodSandbox sandbox, int attempt)
    {
        var environment = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var variable in spec.Doc.List("env"))
        {
            environment.Add(KeyValuePair.Create(variable.Text("name") ?? "", variable.Text("value") ?? ""));
        }

        return (new ContainerConfig(spec.Name, attempt, spec.Image)
        {
            Command = Texts(spec.Doc.List("command")),
            Arguments = Texts(spec.Doc.List("args")),
            Environment = environment.ToImmutable(),
            WorkingDirectory = spec.Doc.Text("workingDir") ?? "",
            HasInput = spec.Doc.Flag("stdin") == true,
            InputClosesAfterFirstAttach = spec.Doc.Flag("stdinOnce") == true,
            IsTerminal = spec.Doc.Flag("tty") == true,
            Labels = sandbox.Config.Labels.SetItem("io.kubernetes.container.name", spec.Name),
        }, null);
    }

    private static ImmutableArray<string> Texts(ImmutableArray<Doc> words) => [.. words.Select(word => word.AsText ?? "")];
}
