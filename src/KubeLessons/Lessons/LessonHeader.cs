using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>The front matter of a lesson.</summary>
/// <param name="Id">The folder's name, e.g. <c>03-kubelet</c>.</param>
/// <param name="Title">The title, translated.</param>
/// <param name="Language">The language of the texts: <c>en</c> or <c>ko</c>.</param>
/// <param name="Description">One or two sentences, translated; empty where none was given.</param>
/// <param name="Minutes">How long a learner takes, in minutes.</param>
/// <param name="Difficulty">How hard the lesson is.</param>
/// <param name="Needs">Ids of the lessons that should be done before.</param>
/// <param name="Kubernetes">The Kubernetes versions that the lesson is true for.</param>
/// <param name="Cluster">The cluster that the lesson starts from.</param>
/// <param name="Touches">What a run changes: shown before a real cluster is touched.</param>
/// <param name="Defaults">What blocks take where they say nothing themselves.</param>
/// <param name="Pass">What must be earned to pass.</param>
public sealed record LessonHeader(
    string Id,
    string Title,
    string Language,
    string Description,
    int Minutes,
    Difficulty Difficulty,
    ImmutableArray<string> Needs,
    KubernetesRange Kubernetes,
    ClusterSpec Cluster,
    ImmutableArray<Touch> Touches,
    LessonDefaults Defaults,
    PassMark Pass);

/// <summary>How hard a lesson is.</summary>
public enum Difficulty
{
    /// <summary>Needs no knowledge of Kubernetes.</summary>
    Beginner,

    /// <summary>Needs everyday use of kubectl.</summary>
    Intermediate,

    /// <summary>Needs knowledge of the components.</summary>
    Advanced,
}

/// <summary>What a run of the lesson changes beside its own pods.</summary>
public enum Touch
{
    /// <summary>Units or files of a node.</summary>
    Node,

    /// <summary>Kernel modules, sysctls or netfilter rules of a node.</summary>
    Kernel,

    /// <summary>Objects of the cluster outside of the lesson's namespace.</summary>
    Cluster,
}

/// <summary>What blocks take where they say nothing themselves.</summary>
/// <param name="On">Where commands run: by default the control plane.</param>
/// <param name="Eventually">How long a <c>let</c>, an <c>until</c> or a <c>sequence</c> without <c>within</c> waits: by default one minute.</param>
public sealed record LessonDefaults(NodeReference On, Duration Eventually)
{
    /// <summary>The control plane, one minute.</summary>
    public static LessonDefaults Standard { get; } =
        new(new NodeReference(NodeReference.ControlPlane), Duration.Of(TimeSpan.FromMinutes(1)));
}

/// <summary>What must be earned to pass: points, or a share of the points.</summary>
/// <param name="Amount">Points, or percent.</param>
/// <param name="IsPercent">Whether <paramref name="Amount"/> is a percentage of all points.</param>
public readonly record struct PassMark(int Amount, bool IsPercent)
{
    /// <summary>Every point is needed: the default.</summary>
    public static PassMark All => new(100, IsPercent: true);

    /// <summary>The points needed out of <paramref name="points"/>; a share is rounded up.</summary>
    public int Of(int points) => IsPercent ? (int)((((long)points * Amount) + 99) / 100) : Amount;
}
