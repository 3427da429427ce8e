using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>CRI's states of a container.</summary>
public enum ContainerState
{
    Created,
    Running,
    Exited,
}

/// <summary>A container of a sandbox: created once, started once, and kept after its end until it is removed.</summary>
public sealed class Container(string id, PodSandbox sandbox, ContainerConfig config, ContainerImage image, FileSystem files, World world)
{
    /// <summary>64 hexadecimal digits.</summary>
    public string Id { get; } = id;

    public PodSandbox Sandbox { get; } = sandbox;

    public ContainerConfig Config { get; } = config;

    public ContainerImage Image { get; } = image;

    /// <summary>What it sees as its root: a layer of its own over the image's files, with its mounts.</summary>
    public FileSystem Files { get; } = files;

    public ContainerState State { get; internal set; } = ContainerState.Created;

    public DateTimeOffset CreatedAt { get; } = world.UtcNow;

    public DateTimeOffset? StartedAt { get; internal set; }

    public DateTimeOffset? FinishedAt { get; internal set; }

    public int ExitCode { get; internal set; }

    /// <summary>Completed, Error, OOMKilled, StartError or Unknown; "" while it has not ended.</summary>
    public string Reason { get; internal set; } = "";

    public string Message { get; internal set; } = "";

    /// <summary>Its process 1, once it was started.</summary>
    public Process? Process { get; internal set; }

    /// <summary>Its log file on the node; "" when it has none.</summary>
    public string LogPath { get; } = config.LogPath.Length > 0 && sandbox.Config.LogDirectory.Length > 0 ? $"{sandbox.Config.LogDirectory}/{config.LogPath}" : "";

    /// <summary>What it wrote to its outputs.</summary>
    public ContainerLog Log { get; } = new(world);

    /// <summary>Its standard input, when it has one.</summary>
    public TextStream? Input { get; internal set; }

    /// <summary>Raised after its state changed.</summary>
    public Signal Changed { get; } = new(world);

    /// <summary>Called with every piece of output (text, whether to standard error): what an attached client sees.</summary>
    public event Action<string, bool>? Wrote;

    internal bool WasKilledForMemory { get; set; }

    internal void Write(string text, bool isError)
    {
        Log.Append(text, isError);
        Wrote?.Invoke(text, isError);
    }

    /// <summary>The value of its <c>container</c> fact in the trace.</summary>
    internal string ToFact() => Doc.Obj(
        ("name", Config.Name),
        ("pod", Sandbox.Config.Name),
        ("namespace", Sandbox.Config.Namespace),
        ("image", Config.Image),
        ("labels", Doc.Map(Sandbox.Config.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))),
        ("state", State switch { ContainerState.Created => "created", ContainerState.Running => "running", _ => "exited" }),
        ("exitCode", State == ContainerState.Exited ? ExitCode : null)).ToString();
}
