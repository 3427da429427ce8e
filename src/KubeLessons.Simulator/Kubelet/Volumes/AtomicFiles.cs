using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>
/// Writes the files of a volume so that whoever reads them sees all the old ones or all the new ones (pkg/volume/util:
/// AtomicWriter). They lie in a directory that is named by the time; <c>..data</c> is a link to it, and what a container reads are links
/// through <c>..data</c>. An update makes a new directory and turns that one link.
/// </summary>
internal static class AtomicFiles
{
    private const string Data = "..data";

    /// <summary>Makes a directory hold exactly these files. Nothing is touched when it does already.</summary>
    public static void Write(World world, FileSystem tree, string root, ImmutableArray<VolumeFile> files)
    {
        tree.MakeDirectories(root);
        var at = root == "/" ? "" : root;
        var old = tree.FindNoFollow($"{at}/{Data}") is { Kind: FileKind.Link } link ? link.Content : null;
        if (old is not null && Holds(tree, $"{at}/{old}", files))
        {
            return;
        }

        // The suffix is random in life; here it comes from the place and the time.
        var number = SeededRandom.Hash($"{root}{world.Now.Ticks}{old}") % 4_000_000_000;
        var directory = string.Create(CultureInfo.InvariantCulture, $"..{world.UtcNow:yyyy_MM_dd_HH_mm_ss}.{number}");
        tree.MakeDirectories($"{at}/{directory}");
        foreach (var file in files)
        {
            tree.Write($"{at}/{directory}/{file.Path}", file.Content, file.Mode);
        }

        tree.Link($"{at}/{Data}", directory);
        var visible = files.Select(file => file.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in tree.List(root))
        {
            if (!name.StartsWith("..", StringComparison.Ordinal) && !visible.Contains(name))
            {
                tree.Remove($"{at}/{name}");
            }
        }

        foreach (var name in visible.Order(StringComparer.Ordinal))
        {
            if (tree.FindNoFollow($"{at}/{name}") is null)
            {
                tree.Link($"{at}/{name}", $"{Data}/{name}");
            }
        }

        if (old is not null)
        {
            tree.Remove($"{at}/{old}");
        }
    }

    private static bool Holds(FileSystem tree, string directory, ImmutableArray<VolumeFile> files)
    {
        var there = tree.Below(directory).Where(path => !tree.IsDirectory(path)).ToList();
        return there.Count == files.Length && files.All(file => tree.Read($"{directory}/{file.Path}") == file.Content);
    }
}
