using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// What lies in a member's data directory: who it is, in which cluster, and the data. It outlives the process; whoever removes the
/// directory's content loses it. Members of one cluster that have once agreed share one store: the log that a majority has
/// committed; how far a member has read in it is <see cref="EtcdMember.AppliedRevision"/>.
/// </summary>
public sealed class EtcdDatabase
{
    private const string Marker = "/member/snap/db";

    private EtcdDatabase(EtcdMembership membership, ObjectStore store) => (Membership, Store) = (membership, store);

    public EtcdMembership Membership { get; }

    public ObjectStore Store { get; internal set; }

    /// <summary>True once it took part in a vote: its data are then the cluster's, not only its own.</summary>
    public bool HasJoined { get; internal set; }

    /// <summary>How far it has read in the store when it heard of it last; null while it hears of everything.</summary>
    internal long? AppliedRevision { get; set; }

    /// <summary>The newest term that this member has voted in.</summary>
    public ulong Term { get; internal set; } = 1;

    /// <summary>The directory of the host that a process' directory is: a container sees it under another name.</summary>
    public static string PlaceOf(Process self, string directory)
    {
        var (holder, place) = self.Files.Locate(directory);
        return ReferenceEquals(holder, self.Host.Files) ? place : directory;
    }

    /// <summary>The data in a directory of a host; null when there is none (or its files were removed).</summary>
    public static EtcdDatabase? Find(Host host, string directory) =>
        host.Files.Read(directory + Marker) is { } mark ? host.Disk.Find<EtcdDatabase>(mark) : null;

    /// <summary>Takes away what <see cref="Create"/> has made.</summary>
    internal static void Remove(Host host, string directory)
    {
        host.Files.Remove(directory + "/member");
        host.Disk.Remove(directory);
    }

    /// <summary>
    /// Makes the data of a new member: empty, or, as <c>etcdctl snapshot restore</c> does, with a snapshot's content.
    /// </summary>
    public static EtcdDatabase Create(Host host, string directory, EtcdMembership membership, StoreSnapshot? content = null)
    {
        var store = new ObjectStore();
        if (content is not null)
        {
            store.Restore(content);
        }

        var made = new EtcdDatabase(membership, store);
        // The file says which data it stands for, so that they move along when it is given another place.
        var mark = $"etcd database {host.Random.NextHex(16)}\n";
        host.Files.Write(directory + Marker, mark, 0b110_000_000);
        host.Files.Write(directory + "/member/wal/0000000000000000-0000000000000000.wal", "", 0b110_000_000);
        host.Disk.Put(mark, made);
        return made;
    }
}
