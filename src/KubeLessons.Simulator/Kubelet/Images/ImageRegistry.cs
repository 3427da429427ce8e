using System.Globalization;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>What a registry answers: an image, or why there is none in containerd's words (<c>docker.io/library/x:latest: not found</c>).</summary>
public sealed record RegistryAnswer(ContainerImage? Image, string? Error);

/// <summary>
/// The registries of the world outside (Docker Hub, registry.k8s.io, ghcr.io…) as one table. It knows the repositories that
/// lessons use; every other name is not found, as on a real registry.
/// </summary>
public sealed class ImageRegistry
{
    /// <summary>A node's download rate, which with an image's size gives the time that a pull takes.</summary>
    public const double BytesPerSecond = 35_000_000;

    /// <summary>Asking for the manifest and unpacking, whatever the size.</summary>
    public static readonly TimeSpan PullOverhead = TimeSpan.FromMilliseconds(700);

    private readonly World _world;
    private readonly ImagePrograms _programs;
    private readonly Dictionary<string, ImageRepository> _repositories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerImage> _images = new(StringComparer.Ordinal);

    public ImageRegistry(World world, ImagePrograms programs)
    {
        (_world, _programs) = (world, programs);
        foreach (var repository in KnownImages.All(programs))
        {
            Add(repository);
        }
    }

    /// <summary>Adds a repository, or puts it in the place of one with its name.</summary>
    public void Add(ImageRepository repository) => _repositories[repository.Name] = repository;

    /// <summary>Looks an image up. An image that a digest names is whatever tag was given that digest.</summary>
    public RegistryAnswer Find(ImageReference reference)
    {
        if (_images.TryGetValue(reference.ToString(), out var known))
        {
            return new RegistryAnswer(known, null);
        }

        if (!_repositories.TryGetValue(reference.Repository, out var repository) || VersionOf(repository, reference) is not { } version)
        {
            return new RegistryAnswer(null, $"{reference}: not found");
        }

        var image = Make(reference, repository, version);
        _images.Add(reference.ToString(), image);
        return new RegistryAnswer(image, null);
    }

    /// <summary>How long a node takes to pull an image, this time.</summary>
    public static TimeSpan PullTime(ContainerImage image, SeededRandom random) =>
        (PullOverhead + TimeSpan.FromSeconds(image.SizeBytes / BytesPerSecond)) * (0.85 + (0.3 * random.NextDouble()));

    private static string? VersionOf(ImageRepository repository, ImageReference reference)
    {
        if (reference.Tag is not { } tag)
        {
            return reference.Digest == DigestOf(repository.Name + ":" + repository.NewestVersion) ? repository.NewestVersion : null;
        }

        if (tag == "latest" || repository.NamedTags.Contains(tag))
        {
            return repository.NewestVersion;
        }

        var plain = tag.TrimStart('v');
        var version = plain.IndexOf('-') is > 0 and var dash ? plain[..dash] : plain;
        return IsInRange(version, repository) ? version : null;
    }

    private static bool IsInRange(string version, ImageRepository repository)
    {
        if (Numbers(version) is not { } asked || Numbers(repository.NewestVersion) is not { } newest)
        {
            return false;
        }

        var oldest = Numbers(repository.OldestVersion ?? "0.0") ?? (0, 0);
        var isBare = !version.Contains('.');
        return (isBare ? asked.Major <= newest.Major : asked.CompareTo(newest) <= 0)
            && (isBare ? asked.Major >= oldest.Major : asked.CompareTo(oldest) >= 0);
    }

    private static (int Major, int Minor)? Numbers(string version)
    {
        var parts = version.Split('.');
        var minor = 0;
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minor))
            ? (major, minor)
            : null;
    }

    private ContainerImage Make(ImageReference reference, ImageRepository repository, string version)
    {
        var files = new FileSystem(_world);
        ImageFiles.AddBase(files);
        var commands = new ProgramTable();
        switch (repository.Userland)
        {
            case Userland.Debian:
                _programs.Debian(commands);
                break;
            case Userland.Busybox:
                _programs.Busybox(commands);
                break;
        }

        repository.Files(files, version);
        repository.Programs(commands, version);
        var identity = repository.Name + ":" + version;
        return new ContainerImage(reference, repository, version, DigestOf(identity))
        {
            Files = files,
            Programs = commands,
            ConfigDigest = DigestOf("config/" + identity),
        };
    }

    // Content decides a digest, so it is the same in every world, whatever its seed.
    private static string DigestOf(string identity) => "sha256:" + new SeededRandom(SeededRandom.Hash(identity)).NextHex(64);
}
