namespace KubeLessons.RealCluster.Nodes;

/// <summary>This machine is the node, and the tool runs on it as root.</summary>
internal sealed class LocalAccess : INodeAccess
{
    public string Name => "local";

    public bool OutlivesKubelet => true;

    public CommandLine CommandFor(string address, string script) => new("bash", ["-c", script]);

    public Task PrepareAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
