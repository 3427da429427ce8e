using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Doctoring;

/// <summary>How a finding stands.</summary>
public enum DiagnosisStanding
{
    Well,

    /// <summary>It works, but lessons may meet it.</summary>
    Doubtful,

    /// <summary>No lesson can run before it is mended.</summary>
    Ill,
}

/// <summary>What the doctor found, and how to mend it.</summary>
/// <param name="About">A short name of what was looked at, for scripts: <c>kubectl</c>, <c>api</c>, <c>node/w1-k8s</c>…</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Mend">How to mend it; null where nothing is to be done.</param>
public sealed record Diagnosis(string About, DiagnosisStanding Standing, Message Finding, Message? Mend = null);
