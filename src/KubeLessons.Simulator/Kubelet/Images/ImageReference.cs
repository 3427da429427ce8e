using System.Diagnostics.CodeAnalysis;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>
/// The name of an image, as a pod writes it, in full: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>
/// (the rules of distribution/reference that kubelet and containerd share).
/// </summary>
/// <example><code>
/// ImageReference.TryParse("sysnet4admin/echo-ip:v1", out var image, out _);
/// image.Repository  // "docker.io/sysnet4admin/echo-ip"
/// image.Tag         // "v1"
/// image.ToString()  // "docker.io/sysnet4admin/echo-ip:v1"
/// </code></example>
public sealed record ImageReference(string Repository, string? Tag, string? Digest)
{
    private const string DefaultRegistry = "docker.io";
    private const int MaxTagLength = 128;

    /// <summary>The part of the repository before the first slash.</summary>
    public string Registry => Repository[..Repository.IndexOf('/')];

    /// <summary>True when the image is taken by its content, so that it never changes.</summary>
    public bool HasDigest => Digest is not null;

    /// <summary>True when the pull policy defaults to Always (core/v1 Container.imagePullPolicy).</summary>
    public bool IsLatest => Digest is null && Tag == "latest";

    /// <summary>Reads a name; <paramref name="error"/> says what is wrong with it in the reference parser's words.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        (reference, error) = (null, null);
        var (rest, digest) = SplitAt(text, text.IndexOf('@'));
        var colon = rest.LastIndexOf(':');
        var (name, tag) = SplitAt(rest, colon > rest.LastIndexOf('/') ? colon : -1);
        var (registry, path) = SplitRegistry(name);
        if (path.Any(char.IsAsciiLetterUpper))
        {
            error = $"invalid reference format: repository name ({path}) must be lowercase";
        }
        else if (!IsPath(path) || (tag is not null && !IsTag(tag)) || (digest is not null && !IsDigest(digest)))
        {
            error = "invalid reference format";
        }
        else
        {
            reference = new ImageReference($"{registry}/{path}", tag ?? (digest is null ? "latest" : null), digest);
        }

        return reference is not null;
    }

    public override string ToString() =>
        Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    private static (string Before, string? After) SplitAt(string text, int at) =>
        at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    // The first part is a registry when it looks like a host: it has a dot or a port, or is "localhost".
    private static (string Registry, string Path) SplitRegistry(string name)
    {
        var slash = name.IndexOf('/');
        if (slash > 0 && (name.AsSpan(0, slash).IndexOfAny('.', ':') >= 0 || name[..slash] == "localhost"))
        {
            var registry = name[..slash] == "index.docker.io" ? DefaultRegistry : name[..slash];
            var path = name[(slash + 1)..];
            return (registry, registry == DefaultRegistry && !path.Contains('/') ? "library/" + path : path);
        }

        return (DefaultRegistry, slash < 0 ? "library/" + name : name);
    }

    private static bool IsPath(string path) =>
        path.Split('/').All(part => part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && char.IsAsciiLetterOrDigit(part[^1])
            && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'));

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MaxTagLength && (char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_')
        && tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private static bool IsDigest(string digest) =>
        digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Length == "sha256:".Length + 64
        && digest.AsSpan("sha256:".Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
