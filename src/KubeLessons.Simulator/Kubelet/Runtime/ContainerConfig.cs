using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>What a container is asked for with (CRI ContainerConfig).</summary>
public sealed record ContainerConfig(string Name, int Attempt, string Image)
{
    /// <summary>In place of the image's entry point and command; empty: the image's.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>In place of the image's command.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Beside the image's own, over which it wins.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>"" for the image's.</summary>
    public string WorkingDirectory { get; init; } = "";

    public ImmutableArray<ContainerMount> Mounts { get; init; } = [];

    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, string> Annotations { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The user that its process runs as; "" for the image's.</summary>
    public string User { get; init; } = "";

    /// <summary>Its log file, relative to its sandbox's log directory; "" for none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>Nothing may be written to its own files, only to its mounts.</summary>
    public bool HasReadOnlyRoot { get; init; }

    public bool HasInput { get; init; }

    public bool InputClosesAfterFirstAttach { get; init; }

    public bool IsTerminal { get; init; }

    /// <summary>The container whose processes it is to see, too; "" for none.</summary>
    public string TargetId { get; init; } = "";

    /// <summary>/proc/PID/oom_score_adj of its processes.</summary>
    public int OomScoreAdjustment { get; init; }

    /// <summary>The memory limit in bytes; 0: none.</summary>
    public long MemoryLimit { get; init; }
}

/// <summary>A tree, or a part of one, that is seen in a container.</summary>
/// <param name="Path">Where in the container.</param>
/// <param name="Source">The tree that it comes from.</param>
/// <param name="Root">The part of that tree; "/" for all.</param>
public sealed record ContainerMount(string Path, FileSystem Source, string Root = "/")
{
    public bool IsReadOnly { get; init; }

    /// <summary>Where it comes from on the host, for crictl inspect.</summary>
    public string HostPath { get; init; } = "";
}
