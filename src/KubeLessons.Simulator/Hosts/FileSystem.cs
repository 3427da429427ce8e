using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts.Proc;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// A file system in memory. Paths are absolute and normalised by the caller's working directory with <see cref="Resolve"/>.
/// A layer below, when there is one, is read through and never written: a container over its image. A live tree, when there is one, is all that
/// it has.
/// </summary>
public sealed class FileSystem(World world, FileSystem? lower = null, LiveTree? tree = null)
{
    /// <summary>Symbolic links are followed this often (Linux: ELOOP after 40).</summary>
    public const int MaxLinks = 40;

    private readonly Dictionary<string, FileNode?> _nodes = new(StringComparer.Ordinal)
    {
        ["/"] = lower is null ? new FileNode(FileKind.Directory, "", 0b111_101_101, "root", world.UtcNow) : null,
    };

    // The keys of the nodes in order, and the live ones among its files.
    private readonly List<string> _paths = ["/"];
    private readonly Dictionary<string, LiveFile> _live = new(StringComparer.Ordinal);
    private readonly List<FileMount> _mounts = [];
    private bool _hasLinks;
    private long _bytes;

    /// <summary>Called with the path after a file was written, made or removed.</summary>
    public event Action<string>? Changed;

    /// <summary>Nobody is to write to its own files, such as a container's with readOnlyRootFilesystem; mounts have their own say.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>What is mounted in it.</summary>
    public IReadOnlyList<FileMount> Mounts => _mounts;

    /// <summary>An absolute path without <c>.</c>, <c>..</c>, double or trailing slashes.</summary>
    public static string Resolve(string workingDirectory, string path)
    {
        var whole = path.StartsWith('/') ? path : workingDirectory + "/" + path;
        if (IsResolved(whole))
        {
            return whole;
        }

        var parts = new List<string>();
        foreach (var part in whole.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    // Most paths are: nothing in them is empty or begins with a dot.
    private static bool IsResolved(string path) =>
        path.StartsWith('/') && (path.Length == 1 || path[^1] != '/')
        && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal);

    /// <summary>The directory that a path lies in.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "/";

    /// <summary>
    /// Makes another file system's tree, or the part of it at <paramref name="root"/> (which may be a single file), visible under
    /// a path, as a bind mount does. The longest path wins.
    /// </summary>
    public void Mount(string directory, FileSystem source, string root = "/", bool isReadOnly = false)
    {
        _mounts.Add(new FileMount(Resolve("/", directory), source, root, isReadOnly));
        _mounts.Sort((one, other) => other.Path.Length.CompareTo(one.Path.Length));
    }

    public void Unmount(string directory) => _mounts.RemoveAll(mount => mount.Path == Resolve("/", directory));

    /// <summary>The file system that is mounted at exactly this path; null: none.</summary>
    public FileSystem? MountedAt(string path) => _mounts.Find(mount => mount.Path == path)?.Source;

    /// <summary>
    /// Whether a path may be read only ("Read-only file system", EROFS), whatever the modes of its files say. It is asked by
    /// whoever opens a file for writing; the methods here do not ask.
    /// </summary>
    public bool IsReadOnlyAt(string path)
    {
        path = Real(path);
        return MountAt(path) is { } mount ? mount.IsReadOnly || mount.Source.IsReadOnlyAt(mount.PathOf(path)) : IsReadOnly;
    }

    /// <summary>Puts a file there whose content somebody keeps in a form of its own. Writing to it is handed to its keeper.</summary>
    public void Keep(string path, LiveFile file, int mode = 0b110_100_000)
    {
        path = Target(path);
        if (MountOf(path) is { } mount)
        {
            mount.Source.Keep(mount.Path, file, mode);
            return;
        }

        MakeDirectories(Parent(path));
        Put(path, new FileNode(FileKind.File, "", mode, "root", world.UtcNow) { Live = file });
    }

    /// <summary>Tells that the content of a live file has changed.</summary>
    public void Touch(string path) => Changed?.Invoke(path);

    /// <summary>Gives a file a size by zeros at its end, which take room on the disk but none here.</summary>
    public void Extend(string path, long size) => Update(Target(path), node => node with { Zeros = Math.Max(0, size - (node.Size - node.Zeros)) });

    /// <summary>Gives a file another name, in the same file system.</summary>
    public void Rename(string path, string newPath)
    {
        if (FindNoFollow(path) is { } node)
        {
            // The two names change at once: whoever hears of the one finds the other.
            MakeDirectories(Parent(newPath));
            Take(path);
            Put(newPath, node);
            Changed?.Invoke(path);
        }
    }

    /// <summary>The file system that really holds a path: this one, or the one that is mounted there. It tells of changes.</summary>
    public FileSystem HolderOf(string path) => PlaceOf(path).Holder;

    /// <summary>The same, with the path by which that one knows it; links are not followed.</summary>
    public (FileSystem Holder, string Path) PlaceOf(string path) => MountOf(path) is { } mount ? mount.Source.PlaceOf(mount.Path) : (this, path);

    /// <summary>The same, with what the path is called there.</summary>
    public (FileSystem Holder, string Path) Locate(string path)
    {
        path = Target(path);
        return MountOf(path) is { } mount ? mount.Source.Locate(mount.Path) : (this, path);
    }

    /// <summary>What is at a path, links followed; null when nothing is.</summary>
    public FileNode? Find(string path) => Lookup(Target(path)) is { Kind: not FileKind.Link } node ? node : null;

    /// <summary>What is at a path itself; links on the way to it are followed.</summary>
    public FileNode? FindNoFollow(string path) => Lookup(Real(path));

    public bool Exists(string path) => Find(path) is not null;

    public bool IsDirectory(string path) => Find(path) is { Kind: FileKind.Directory };

    /// <summary>A file's content; null when there is no such file.</summary>
    public string? Read(string path) => Find(path) is { Kind: FileKind.File } file ? file.Content : null;

    /// <summary>Writes a file, making the directories on its way.</summary>
    public void Write(string path, string content, int mode = 0b110_100_100, string owner = "root")
    {
        path = Target(path);
        if (MountOf(path) is { } mount)
        {
            mount.Source.Write(mount.Path, content, mode, owner);
            return;
        }

        if (tree is not null)
        {
            // Nothing can be made here: what does not exist takes no text.
            tree.Find(path)?.Live?.Replace(content);
            Changed?.Invoke(path);
            return;
        }

        MakeDirectories(Parent(path));
        var existing = Lookup(path);
        if (existing?.Live is { } kept)
        {
            kept.Replace(content);
            Put(path, existing);
            return;
        }

        Put(path, new FileNode(FileKind.File, content, existing?.Mode ?? mode, existing?.Owner ?? owner, world.UtcNow));
    }

    public void Append(string path, string content)
    {
        // What the kernel is told takes the place of what it said.
        var isTold = Locate(path).Holder.IsLive;
        Write(path, isTold ? content : (Read(path) ?? "") + content);
    }

    public void MakeDirectories(string path)
    {
        path = Real(path);
        if (MountOf(path) is { } mount)
        {
            mount.Source.MakeDirectories(mount.Path);
            return;
        }

        if (path != "/" && Lookup(path) is null)
        {
            MakeDirectories(Parent(path));
            Put(path, new FileNode(FileKind.Directory, "", 0b111_101_101, "root", world.UtcNow));
        }
    }

    /// <summary>Makes a symbolic link, and the directories on its way.</summary>
    public void Link(string path, string target)
    {
        path = Real(path);
        if (MountOf(path) is { } mount)
        {
            mount.Source.Link(mount.Path, target);
            return;
        }

        MakeDirectories(Parent(path));
        _hasLinks = true;
        Put(path, new FileNode(FileKind.Link, target, 0b111_111_111, "root", world.UtcNow));
    }

    public void SetMode(string path, int mode) => Update(Target(path), node => node with { Mode = mode });

    public void SetOwner(string path, string owner) => Update(Target(path), node => node with { Owner = owner });

    /// <summary>Removes a file, or a directory with all that is in it. Nothing, when it is not there.</summary>
    public void Remove(string path)
    {
        path = Real(path);
        if (MountOf(path) is { } mount && MountedAt(path) is null)
        {
            mount.Source.Remove(mount.Path);
            return;
        }

        foreach (var below in Below(path).ToList())
        {
            Erase(below);
        }

        if (Lookup(path) is not null)
        {
            Erase(path);
        }
    }

    /// <summary>The names in a directory, ordered.</summary>
    public ImmutableArray<string> List(string directory)
    {
        directory = Target(directory);
        if (MountOf(directory) is { } holder)
        {
            return holder.Source.List(holder.Path);
        }

        var prefix = directory == "/" ? "/" : directory + "/";
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Below(directory))
        {
            var rest = path.AsSpan(prefix.Length);
            names.Add(rest.IndexOf('/') is >= 0 and var slash ? rest[..slash].ToString() : rest.ToString());
        }

        foreach (var mount in _mounts)
        {
            if (mount.Path.StartsWith(prefix, StringComparison.Ordinal))
            {
                names.Add(mount.Path[prefix.Length..].Split('/')[0]);
            }
        }

        return [.. names];
    }

    /// <summary>All paths below a directory, ordered, mounts not included.</summary>
    public IEnumerable<string> Below(string directory)
    {
        if (tree is not null)
        {
            var prefix = directory == "/" ? "/" : directory + "/";
            return tree.Paths().Where(path => path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        }

        var own = new List<string>();
        foreach (var path in OwnBelow(directory))
        {
            if (_nodes[path] is not null)
            {
                own.Add(path);
            }
        }

        return lower is null
            ? own
            : own.Union(lower.Below(directory).Where(path => !_nodes.ContainsKey(path))).Order(StringComparer.Ordinal);
    }

    /// <summary>The bytes of the files that were written here, below a directory: no mounts, and nothing of a layer below.</summary>
    public long BytesBelow(string directory)
    {
        var sum = 0L;
        if (directory == "/")
        {
            sum = _bytes;
            foreach (var live in _live.Values)
            {
                sum += live.Length;
            }

            return sum;
        }

        foreach (var path in OwnBelow(directory))
        {
            sum += _nodes[path] is { Kind: FileKind.File } file ? file.Size : 0;
        }

        return sum;
    }

    private ReadOnlySpan<string> OwnBelow(string directory)
    {
        var prefix = directory == "/" ? "/" : directory + "/";
        var from = _paths.BinarySearch(prefix, StringComparer.Ordinal);
        from = from < 0 ? ~from : from;
        var to = from;
        while (to < _paths.Count && _paths[to].StartsWith(prefix, StringComparison.Ordinal))
        {
            to++;
        }

        // The root directory itself is the only path that is its own prefix.
        var isRoot = from < to && _paths[from].Length == prefix.Length;
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_paths)[(isRoot ? from + 1 : from)..to];
    }

    /// <summary>Whether its files are the kernel's own word rather than something that is kept, as in /proc.</summary>
    public bool IsLive => tree is not null;

    private bool HasLinks => _hasLinks || lower?.HasLinks == true || _mounts.Exists(mount => mount.Source.HasLinks);

    private FileNode? Lookup(string path)
    {
        if (MountOf(path) is { } mount)
        {
            return mount.Source.FindNoFollow(mount.Path);
        }

        return tree is not null ? tree.Find(path)
            : _nodes.TryGetValue(path, out var node) && (node is not null || path != "/") ? node : lower?.FindNoFollow(path);
    }

    // The path with the links among its directories followed, but not a link at its end.
    private string Real(string path)
    {
        if (!HasLinks)
        {
            return path;
        }

        var links = 0;
        for (var slash = path.IndexOf('/', 1); slash > 0 && links < MaxLinks; slash = path.IndexOf('/', slash + 1))
        {
            if (MayBeLink(path.AsSpan(0, slash)) && Lookup(path[..slash]) is { Kind: FileKind.Link } link)
            {
                path = Resolve(Parent(path[..slash]), link.Content + path[slash..]);
                links++;
                slash = 0;
            }
        }

        return path;
    }

    // False for what is surely no link: most directories on the way to a file are known as such without a look at their path's text.
    private bool MayBeLink(ReadOnlySpan<char> path)
    {
        foreach (var mount in _mounts)
        {
            if (mount.Holds(path))
            {
                return true;
            }
        }

        return _nodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var node)
            ? node is { Kind: FileKind.Link }
            : lower is not null && (lower.HasLinks && lower.MayBeLink(path));
    }

    // The path with all links followed.
    private string Target(string path)
    {
        path = Real(path);
        for (var i = 0; i < MaxLinks && Lookup(path) is { Kind: FileKind.Link } link; i++)
        {
            path = Real(Resolve(Parent(path), link.Content));
        }

        return path;
    }

    private void Update(string path, Func<FileNode, FileNode> change)
    {
        if (MountOf(path) is { } mount)
        {
            mount.Source.Update(mount.Path, change);
        }
        else if (Lookup(path) is { } node)
        {
            Put(path, change(node));
        }
    }

    private void Put(string path, FileNode node)
    {
        SetNode(path, node);
        Changed?.Invoke(path);
    }

    private void Erase(string path)
    {
        Take(path);
        Changed?.Invoke(path);
    }

    private void Take(string path)
    {
        if (lower?.FindNoFollow(path) is not null)
        {
            SetNode(path, null);
        }
        else if (_nodes.ContainsKey(path))
        {
            SetNode(path, null);
            _nodes.Remove(path);
            _paths.RemoveAt(_paths.BinarySearch(path, StringComparer.Ordinal));
        }
    }

    private void SetNode(string path, FileNode? node)
    {
        ref var kept = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_nodes, path, out var isKnown);
        _bytes += OwnBytes(node) - OwnBytes(kept);
        kept = node;
        if (!isKnown)
        {
            _paths.Insert(~_paths.BinarySearch(path, StringComparer.Ordinal), path);
        }

        if (node?.Live is { } live)
        {
            _live[path] = live;
        }
        else if (_live.Count > 0)
        {
            _live.Remove(path);
        }

        static long OwnBytes(FileNode? node) => node is { Kind: FileKind.File } file ? file.Live is null ? file.Size : file.Zeros : 0;
    }

    private (FileSystem Source, string Path)? MountOf(string path) => MountAt(path) is { } mount ? (mount.Source, mount.PathOf(path)) : null;

    private FileMount? MountAt(string path)
    {
        foreach (var mount in _mounts)
        {
            if (mount.Holds(path))
            {
                return mount;
            }
        }

        return null;
    }
}
