namespace KubeLessons.RealCluster.Nodes;

/// <summary>Nodes that are containers of this machine: kind, minikube and k3d, with docker or podman.</summary>
internal sealed class ContainerAccess(string program) : INodeAccess
{
    public string Name => program;

    public bool OutlivesKubelet => true;

    public CommandLine CommandFor(string address, string script) => new(program, ["exec", address, "bash", "-c", script]);

    public Task PrepareAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
