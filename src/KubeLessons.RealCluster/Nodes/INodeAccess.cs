namespace KubeLessons.RealCluster.Nodes;

/// <summary>A way onto nodes: how to run a text of bash there as root.</summary>
internal interface INodeAccess : IAsyncDisposable
{
    /// <summary>What reports call it: <c>ssh</c>, <c>docker</c>…</summary>
    string Name { get; }

    /// <summary>
    /// Whether it still works while a node's kubelet is stopped. A way through a pod does not: what it stopped it could not start again.
    /// </summary>
    bool OutlivesKubelet { get; }

    /// <summary>The program of this machine, and its arguments, that run the text on the node of that address.</summary>
    CommandLine CommandFor(string address, string script);

    /// <summary>Makes ready for these addresses. What cannot be reached is found out by the first command.</summary>
    Task PrepareAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation);
}

/// <summary>A program and its arguments.</summary>
internal sealed record CommandLine(string Program, IReadOnlyList<string> Arguments);
