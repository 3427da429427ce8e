using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>What an image is built on.</summary>
public enum Userland
{
    /// <summary>Nothing: a distroless image has its own program alone.</summary>
    None,

    /// <summary>bash and the GNU tools.</summary>
    Debian,

    /// <summary>busybox, as in its own image and in Alpine's.</summary>
    Busybox,
}

/// <summary>
/// A repository of the simulated registry: which tags it has, how big its images are and what is in them. An image's files and
/// commands are made when a node first unpacks it.
/// </summary>
public sealed record ImageRepository(string Name, long SizeBytes)
{
    /// <summary>What "latest" stands for, such as <c>1.27.0</c>.</summary>
    public string NewestVersion { get; init; } = "1.0.0";

    /// <summary>Versions from this on exist, up to <see cref="NewestVersion"/>, as far as their first two numbers say; null: all of the first number.</summary>
    public string? OldestVersion { get; init; }

    /// <summary>Tags that are no versions, such as <c>stable</c>; "latest" needs no mention.</summary>
    public ImmutableArray<string> NamedTags { get; init; } = [];

    public ImmutableArray<string> Entrypoint { get; init; } = [];

    public ImmutableArray<string> Command { get; init; } = [];

    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string WorkingDirectory { get; init; } = "/";

    public string User { get; init; } = "";

    /// <summary>What asks the image's main process to stop; TERM unless the image says otherwise.</summary>
    public ProcessSignal StopSignal { get; init; } = ProcessSignal.Terminate;

    /// <summary>The shell and the everyday commands that the image has.</summary>
    public Userland Userland { get; init; } = Userland.Debian;

    /// <summary>Puts the image's own files into its tree. The second argument is the version.</summary>
    public Action<FileSystem, string> Files { get; init; } = static (_, _) => { };

    /// <summary>Puts the image's own commands beside those of the shell. The second argument is the version.</summary>
    public Action<ProgramTable, string> Programs { get; init; } = static (_, _) => { };
}

/// <summary>One image as a node has it: what its reference resolved to, its read-only files and its commands.</summary>
public sealed record ContainerImage(ImageReference Reference, ImageRepository Repository, string Version, string Digest)
{
    public required FileSystem Files { get; init; }

    public required ProgramTable Programs { get; init; }

    /// <summary>How a node names it once it is there: <c>docker.io/library/nginx@sha256:…</c>.</summary>
    public string RepoDigest => $"{Repository.Name}@{Digest}";

    /// <summary>The digest of its configuration: the IMAGE ID of crictl.</summary>
    public required string ConfigDigest { get; init; }

    public long SizeBytes => Repository.SizeBytes;

    /// <summary>
    /// What it takes on a node's disk: the compressed layers, which containerd keeps, and the unpacked ones (2.6 times as much, as
    /// with Debian's layers).
    /// </summary>
    public long DiskBytes => SizeBytes * 36 / 10;
}
