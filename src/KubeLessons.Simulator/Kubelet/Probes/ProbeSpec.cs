using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>The three kinds of probes; the names are those of events.</summary>
internal enum ProbeKind
{
    Startup,
    Readiness,
    Liveness,
}

/// <summary>A probe as a container asks for it (core/v1 Probe, with its defaults).</summary>
internal sealed record ProbeSpec(ProbeKind Kind, Doc Doc)
{
    public TimeSpan InitialDelay { get; } = Seconds(Doc, "initialDelaySeconds", 0);

    public TimeSpan Period { get; } = Seconds(Doc, "periodSeconds", 10);

    public TimeSpan Timeout { get; } = Seconds(Doc, "timeoutSeconds", 1);

    public int SuccessThreshold { get; } = (int)(Doc.Int("successThreshold") is > 0 and var set ? set : 1);

    public int FailureThreshold { get; } = (int)(Doc.Int("failureThreshold") is > 0 and var set ? set : 3);

    public static ProbeSpec? Of(ContainerSpec container, ProbeKind kind)
    {
        var doc = container.Doc[kind switch
        {
            ProbeKind.Startup => "startupProbe",
            ProbeKind.Readiness => "readinessProbe",
            _ => "livenessProbe",
        }];
        return doc is DocObject ? new ProbeSpec(kind, doc) : null;
    }

    private static TimeSpan Seconds(Doc doc, string field, long otherwise) =>
        TimeSpan.FromSeconds(doc.Int(field) is { } set && (set > 0 || field == "initialDelaySeconds") ? set : otherwise);
}
