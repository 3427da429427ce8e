using System.Text;

namespace KubeLessons.Simulator.Hosts;

/// <summary>A file, directory or symbolic link. <see cref="Mode"/> holds the permission bits (0644).</summary>
public sealed record FileNode(FileKind Kind, string Content, int Mode, string Owner, DateTimeOffset Modified)
{
    /// <summary>What is in a file, as text; of a live file what its keeper has now.</summary>
    public string Content { get => Live is { } live ? live.Text : field; init; } = Content;

    /// <summary>Who keeps the content in a form of his own, such as a container's log; null: it is kept here.</summary>
    public LiveFile? Live { get; init; }

    /// <summary>Bytes after the content that are zero: they take room on the disk (fallocate, dd from /dev/zero) but are not kept here.</summary>
    public long Zeros { get; init; }

    /// <summary>Size in bytes of the content as UTF-8.</summary>
    public long Size => (Live is { } live ? live.Length : Encoding.UTF8.GetByteCount(Content)) + Zeros;
}

public enum FileKind
{
    File,
    Directory,

    /// <summary>Its content is the path that it points to.</summary>
    Link,
}

/// <summary>A file whose content is made when it is read. Whoever keeps it tells of changes with <see cref="FileSystem.Touch"/>.</summary>
public abstract class LiveFile
{
    public abstract string Text { get; }

    /// <summary>Its size in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Somebody wrote this over it (<c>&gt; file</c> leaves nothing); what its keeper writes later comes after it.</summary>
    public abstract void Replace(string text);

    /// <summary>Why this text cannot be written to it (strerror(3)); null: it can.</summary>
    public virtual string? WhyNot(string text) => null;
}

/// <summary>A tree, or the part of one, that is visible at a path of another.</summary>
/// <param name="Path">Where it is seen.</param>
/// <param name="Source">The file system that it comes from.</param>
/// <param name="Root">The part of that file system; "/" for all.</param>
/// <param name="IsReadOnly">Nobody may write there through this mount.</param>
public sealed record FileMount(string Path, FileSystem Source, string Root, bool IsReadOnly)
{
    /// <summary>Whether a path is the mount point or lies below it.</summary>
    public bool Holds(ReadOnlySpan<char> path) =>
        path.Length >= Path.Length && (path.Length == Path.Length || path[Path.Length] == '/') && path.StartsWith(Path, StringComparison.Ordinal);

    /// <summary>A path here as its source knows it.</summary>
    public string PathOf(string path) => path == Path ? Root : Root == "/" ? path[Path.Length..] : Root + path[Path.Length..];
}
