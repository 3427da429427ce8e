namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>What one probe found: null when all is well, else why not; and how long it took to know.</summary>
internal sealed record ProbeAnswer(string? Error, TimeSpan Takes);
