using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>A snapshot as a file, such as <c>etcdctl snapshot save</c> writes: it may be copied and carried away like any other.</summary>
public static class EtcdSnapshot
{
    private const string Magic = "etcd snapshot of revision ";

    /// <summary>bbolt's page: a database's size is a multiple of it.</summary>
    private const int PageBytes = 4096;

    /// <summary>Its first pages: two of meta data, the free list, and the buckets.</summary>
    private const int EmptyPages = 5;

    public static string Write(StoreSnapshot snapshot)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Magic}{snapshot.Revision}\n");
        foreach (var (key, revision, value, _) in snapshot.Objects)
        {
            text.Append(DocJson.Write(Doc.Obj(
                ("resource", key.Resource), ("namespace", key.Namespace), ("name", key.Name), ("revision", revision), ("value", value)))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Null: this is no snapshot, or a part of it is missing.</summary>
    public static StoreSnapshot? TryRead(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith(Magic, StringComparison.Ordinal)
            || !long.TryParse(lines[0].AsSpan(Magic.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            return null;
        }

        var objects = new List<ObjectVersion>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            if (!DocJson.TryParse(Encoding.UTF8.GetBytes(line), out var entry, out _))
            {
                return null;
            }

            objects.Add(new ObjectVersion(
                new ObjectKey(entry.Text("resource") ?? "", entry.Text("namespace") ?? "", entry.Text("name") ?? ""),
                entry.Int("revision") ?? revision,
                entry["value"],
                null));
        }

        return new StoreSnapshot(revision, objects);
    }

    /// <summary>The size in bytes of a database with this content.</summary>
    public static long SizeOf(StoreSnapshot snapshot)
    {
        var bytes = 0L;
        foreach (var version in snapshot.Objects)
        {
            bytes += EtcdKeys.Of(version.Key).Length + DocJson.WriteUtf8(version.Object!).Length;
        }

        return PageBytes * (EmptyPages + ((bytes + PageBytes - 1) / PageBytes));
    }
}
