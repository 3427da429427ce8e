namespace KubeLessons.Clusters;

/// <summary>
/// The seam: a cluster, simulated or real, as a lesson meets it. All that the two do differently to a runner is how time passes:
/// a simulated cluster jumps, a real one waits.
/// </summary>
public interface ICluster : IAsyncDisposable
{
    /// <summary>What the cluster is: its nodes, version, and its own durations.</summary>
    ClusterDescription Description { get; }

    /// <summary>
    /// Runs a shell command on a node and returns when it has ended. Output is handed on as it comes, too. A command that cannot be
    /// started (no such node, node unreachable) ends with exit code 255 and the reason on its standard error, as ssh does.
    /// </summary>
    Task<CommandResult> RunAsync(ClusterCommand command, Action<OutputChunk>? onOutput, CancellationToken cancellation);

    /// <summary>
    /// All changes that were recorded after a position (0: from the beginning, which starts with the state as it was found), in
    /// order, and the cluster's time now.
    /// </summary>
    ValueTask<ClusterChanges> ObserveAsync(long afterPosition, CancellationToken cancellation);

    /// <summary>Lets time pass: returns at the next recorded change, or when this much cluster time has passed.</summary>
    ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellation);
}

/// <summary>Opens a fresh cluster for a run. Fails with <see cref="ClusterUnavailableException"/>.</summary>
public delegate Task<ICluster> OpenCluster(ClusterRequest request, CancellationToken cancellation);

/// <summary>The cluster cannot be reached or started (exit code 3). The message says what was tried, for the user.</summary>
public sealed class ClusterUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
