using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>What <c>etcdctl endpoint status</c> says of a member.</summary>
public sealed record EtcdStatus(
    EtcdMemberInfo Member, ulong ClusterId, string Version, long DatabaseBytes, ulong Leader, ulong RaftTerm, long RaftIndex)
{
    public bool IsLeader => Leader == Member.Id;
}

/// <summary>
/// A running etcd member as clients find it behind its port (<see cref="EtcdClientPort"/>): what it holds, whom it follows, and
/// the end of their connections when it ends.
/// </summary>
public sealed class EtcdMember
{
    private readonly EtcdDatabase _database;
    private readonly string _version;

    internal EtcdMember(Process process, EtcdMemberInfo info, EtcdDatabase database, string version)
    {
        (Info, _database, _version) = (info, database, version);
        (Closed, Changed) = (new Signal(process.World), new Signal(process.World));
        Raft = new EtcdRaft(process, this, database);
        process.OnExit(() =>
        {
            database.AppliedRevision = AppliedRevision;
            IsServing = false;
            Closed.Raise();
            TellChanged();
        });
    }

    public EtcdMemberInfo Info { get; }

    public EtcdMembership Membership => _database.Membership;

    public ObjectStore Store => _database.Store;

    public bool IsServing { get; private set; } = true;

    /// <summary>The ID of the member that leads, as this one knows; 0: none.</summary>
    public ulong Leader => Raft.Leader;

    /// <summary>
    /// True while it has a leader that has a majority: only then are writes and consistent reads answered. Otherwise they end after
    /// <see cref="EtcdServer.RequestTimeout"/> with <c>etcdserver: request timed out</c>; serializable reads are answered.
    /// </summary>
    public bool HasLeader => IsServing && Leader != 0 && Raft.ElectionDue is null;

    /// <summary>When requests that come now are answered, because a majority is there to elect a leader; null: there is none.</summary>
    internal TimeSpan? ElectsAt => Raft.ElectionDue is { } due && Raft.Reached().Count + 1 >= Membership.Quorum ? due : null;

    internal EtcdRaft Raft { get; }

    internal bool HasJoined => _database.HasJoined;

    /// <summary>The newest revision that this member has heard of: what a serializable read of it sees.</summary>
    public long AppliedRevision => _database.AppliedRevision ?? Store.Revision;

    /// <summary>Raised when the member has ended.</summary>
    public Signal Closed { get; }

    /// <summary>Raised when it has ended, and when it has lost or found a leader.</summary>
    public Signal Changed { get; }

    /// <summary>Called at the same moments.</summary>
    internal Action OnChanged { get; set; } = static () => { };

    public EtcdStatus Status => new(
        Info, Membership.ClusterId, _version, EtcdSnapshot.SizeOf(Store.Snapshot()), Leader, _database.Term, AppliedRevision + (long)_database.Term);

    internal void TellChanged()
    {
        Changed.Raise();
        OnChanged();
    }

    /// <summary>The content as <c>etcdctl snapshot save</c> takes it.</summary>
    public StoreSnapshot Snapshot() => Store.Snapshot();

    /// <summary>All keys that begin with a prefix (or are it), ordered, as <c>etcdctl get --prefix</c> shows them.</summary>
    public IEnumerable<(string Key, ObjectVersion Version)> Range(string prefix) => Store.Resources
        .SelectMany(resource => Store.ListAt(resource, AppliedRevision))
        .Select(version => (Key: EtcdKeys.Of(version.Key), Version: version))
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal);
}
