using CliWrap;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>Finds the way onto the nodes: the one that the user names, else the first that works.</summary>
internal static class NodeAccess
{
    private static readonly TimeSpan TryAtMost = TimeSpan.FromSeconds(5);

    public static async Task<INodeAccess> ChooseAsync(
        RealClusterOptions options, Kubeconfig kubeconfig, IReadOnlyList<MappedNode> nodes, CancellationToken cancellation)
    {
        switch (options.Via)
        {
            case NodesVia.Ssh:
                return new SshAccess(options.SshConfig);
            case NodesVia.Docker:
                return new ContainerAccess("docker");
            case NodesVia.Podman:
                return new ContainerAccess("podman");
            case NodesVia.Local:
                return new LocalAccess();
            case NodesVia.Nsenter:
                return new DebugPodAccess(kubeconfig);
        }

        if (options.SshConfig is not null)
        {
            return new SshAccess(options.SshConfig);
        }

        // kind, minikube and k3d name the container as the node.
        foreach (var program in new[] { "docker", "podman" })
        {
            if (nodes.Count > 0 && await WorksAsync(program, nodes[0].Address, cancellation).ConfigureAwait(false))
            {
                return new ContainerAccess(program);
            }
        }

        return new SshAccess(null);
    }

    private static async Task<bool> WorksAsync(string program, string container, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TryAtMost);
        try
        {
            var result = await CliWrap.Cli.Wrap(program).WithArguments(["exec", container, "true"]).WithValidation(CommandResultValidation.None)
                .ExecuteAsync(limit.Token).ConfigureAwait(false);
            return result.ExitCode == 0;
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
