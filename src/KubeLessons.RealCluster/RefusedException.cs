using KubeLessons.Texts;

namespace KubeLessons.RealCluster;

/// <summary>The cluster must not be changed without the user's word (exit code 4). Nothing was changed.</summary>
public sealed class RefusedException(Message told) : Exception(told.Key)
{
    /// <summary>Why, and what would allow it.</summary>
    public Message Told => told;
}
