using KubeLessons.Simulator.Network;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>One attempt to reach somebody: from which host, to which address and port, by which protocol.</summary>
internal sealed record Probe(string From, string To, int Port, Protocol Protocol)
{
    public override string ToString() => $"{From} -> {To}:{Port}/{Protocol}";
}

/// <summary>
/// What became of an attempt. <paramref name="Outcome"/> is "answered", "lost" or the error that the program saw;
/// <paramref name="Server"/> and <paramref name="ServerSees"/> are the server's own address and its client's, as it sees them.
/// </summary>
internal sealed record Observed(string Outcome, string Server = "", string ServerSees = "", int ServerSeesPort = 0)
{
    /// <summary>The client's port, by which a translated port is told from an untouched one.</summary>
    public int ClientPort { get; init; }

    /// <summary>The server's side did not come to an end, so that it cannot say what it saw.</summary>
    public bool IsHalf { get; init; }

    public override string ToString() => Outcome == "answered" ? $"answered by {Server}, which sees {ServerSees}:{ServerSeesPort} (the client's port is {ClientPort})" : Outcome;
}
