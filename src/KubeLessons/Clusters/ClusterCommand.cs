using System.Collections.Immutable;

namespace KubeLessons.Clusters;

/// <summary>A shell text to run on a node, in the learner's working folder there.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Script">The text, for bash.</param>
/// <param name="Environment">Variables that the shell knows, by name.</param>
/// <param name="AtMost">The cluster time after which it is ended with exit code 124.</param>
public sealed record ClusterCommand(string Node, string Script, ImmutableSortedDictionary<string, string> Environment, TimeSpan AtMost)
{
    /// <summary>How long a command may take where nothing else is said.</summary>
    public static readonly TimeSpan DefaultAtMost = TimeSpan.FromMinutes(15);

    public ClusterCommand(string node, string script)
        : this(node, script, ImmutableSortedDictionary<string, string>.Empty, DefaultAtMost)
    {
    }
}

/// <summary>A piece of output, as it came.</summary>
public readonly record struct OutputChunk(string Text, bool IsError);

/// <summary>How a command ended, and what it printed.</summary>
/// <param name="ExitCode">0 to 255; 124 when it took too long, 130 after an interrupt, 255 when it could not be started.</param>
/// <param name="Output">Standard output and standard error as they came.</param>
/// <param name="StandardOutput">Standard output alone.</param>
/// <param name="StandardError">Standard error alone.</param>
/// <param name="Started">Cluster time at which it was started.</param>
/// <param name="Ended">Cluster time at which it had ended.</param>
public sealed record CommandResult(
    int ExitCode, string Output, string StandardOutput, string StandardError, DateTimeOffset Started, DateTimeOffset Ended);
