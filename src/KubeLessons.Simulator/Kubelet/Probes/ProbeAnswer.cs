using KubeLessons.Simulator.Hosts.Http;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>What one probe found: null when all is well, else why not; and how long it took to know.</summary>
internal sealed record ProbeAnswer(string? Error, TimeSpan Takes)
{
    /// <summary>The answer will be the same as long as nothing on the network changes.</summary>
    public bool IsSteady { get; init; }

    /// <summary>The service that answered, when it tells of its changes.</summary>
    public HttpService? Service { get; init; }
}
