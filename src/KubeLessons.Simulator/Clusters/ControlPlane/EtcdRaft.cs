using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// How a member of several finds out who leads: Raft as etcd runs it, with pre-vote and check-quorum. Heartbeats are functions of the
/// network: as long as nothing changes on it, whoever heard the leader goes on hearing him, and no turn is spent. A follower that
/// does not hear its leader any more stands for election after one to two election time-outs; a leader who does not reach a
/// majority steps down after one.
/// </summary>
internal sealed class EtcdRaft
{
    /// <summary>etcd --heartbeat-interval.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>etcd --election-timeout.</summary>
    public static readonly TimeSpan ElectionTimeout = TimeSpan.FromSeconds(1);

    private readonly Process _self;
    private readonly EtcdMember _member;
    private readonly EtcdDatabase _database;
    private readonly SeededRandom _random;
    private readonly Dictionary<ulong, Connection> _lines = [];
    private EtcdMember? _leader;
    private Turn? _election;
    private Turn? _stepDown;
    private bool _lookPlanned;

    public EtcdRaft(Process self, EtcdMember member, EtcdDatabase database)
    {
        (_self, _member, _database) = (self, member, database);
        _random = self.World.RandomFor($"etcd/{member.Info.Name}/{self.World.Now.Ticks}");
    }

    /// <summary>Who leads, as this member knows; 0: nobody.</summary>
    public ulong Leader => _leader?.Info.Id ?? 0;

    /// <summary>When the election is due that this member waits for; null when it hears its leader.</summary>
    public TimeSpan? ElectionDue => _election is { IsCancelled: false } election ? election.Due : null;

    private bool IsLeading => ReferenceEquals(_leader, _member);

    /// <summary>The member serves from now on.</summary>
    public void Start()
    {
        if (_database.Membership.Members.Length == 1)
        {
            SetLeader(_member);
            return;
        }

        var fabric = _self.Network.Fabric;
        fabric.Changed += PlanLook;
        _self.OnExit(() => fabric.Changed -= PlanLook);
        Look();
    }

    /// <summary>The other members that this one can talk to right now.</summary>
    public IReadOnlyList<EtcdMember> Reached()
    {
        var reached = new List<EtcdMember>();
        foreach (var info in _database.Membership.Members)
        {
            if (info.Id != _member.Info.Id && Reach(info) is { } peer)
            {
                reached.Add(peer);
            }
        }

        return reached;
    }

    private void PlanLook()
    {
        if (!_lookPlanned && !_self.HasExited)
        {
            _lookPlanned = true;
            _self.After(HeartbeatInterval, Look);
        }
    }

    private void Look()
    {
        _lookPlanned = false;
        if (!IsLeading)
        {
            if (HearsLeader())
            {
                _election?.Cancel();
                _member.TellChanged();
            }
            else
            {
                PlanElection();
            }

            return;
        }

        var peers = Reached();
        foreach (var peer in peers)
        {
            peer.Raft.Follow(_member);
        }

        if (peers.Count + 1 >= _database.Membership.Quorum)
        {
            _stepDown?.Cancel();
        }
        else if (_stepDown is not { IsCancelled: false })
        {
            _stepDown = _self.After(ElectionTimeout, StepDown);
        }
    }

    private void StepDown()
    {
        _stepDown = null;
        if (IsLeading && Reached().Count + 1 < _database.Membership.Quorum)
        {
            SetLeader(null);
            PlanElection();
        }
    }

    private void PlanElection()
    {
        if (_election is not { IsCancelled: false })
        {
            _election = _self.After(ElectionTimeout * (1 + _random.NextDouble()), StandForElection);
            _member.TellChanged();
        }
    }

    private void StandForElection()
    {
        _election = null;
        if (HearsLeader())
        {
            _member.TellChanged();
            return;
        }

        var peers = Reached();
        if (peers.FirstOrDefault(peer => peer.Raft.IsLeading) is { } leading)
        {
            Follow(leading);
            return;
        }

        var voters = peers.Where(peer => peer.Raft.Grants(_member)).ToList();
        if (voters.Count + 1 < _database.Membership.Quorum)
        {
            SetLeader(null);
            PlanElection();
            return;
        }

        _database.Term = voters.Max(voter => voter.Raft._database.Term) is var highest && highest > _database.Term ? highest + 1 : _database.Term + 1;
        SetLeader(_member);
        foreach (var peer in peers)
        {
            peer.Raft.Follow(_member);
        }
    }

    // A pre-vote: nobody deserts a leader whom he hears, and nobody votes for one who knows less.
    private bool Grants(EtcdMember candidate) => !IsLeading && !HearsLeader() && candidate.AppliedRevision >= _member.AppliedRevision;

    private void Follow(EtcdMember leader)
    {
        if (leader.Raft._database.Term < _database.Term)
        {
            return;
        }

        _election?.Cancel();
        _stepDown?.Cancel();
        _database.Term = leader.Raft._database.Term;
        _database.Store = leader.Store;
        SetLeader(leader);
    }

    private void SetLeader(EtcdMember? leader)
    {
        if (!ReferenceEquals(leader, _leader) || leader is null)
        {
            // What others commit from now on, it does not hear of.
            _database.AppliedRevision = leader is null ? _member.AppliedRevision : null;
            _leader = leader;
        }

        _database.HasJoined |= leader is not null;
        _member.TellChanged();
    }

    // Its messages come over a connection that either of the two has opened.
    private bool HearsLeader() => _leader is { IsServing: true } leader
        && leader.Raft.IsLeading
        && (ReferenceEquals(leader.Raft.Reach(_member.Info), _member) || ReferenceEquals(Reach(leader.Info), leader));

    private EtcdMember? Reach(EtcdMemberInfo info)
    {
        if (_self.HasExited)
        {
            return null;
        }

        if (_lines.TryGetValue(info.Id, out var kept))
        {
            if (kept.IsOpen && kept.Listener.IsOpen && _self.Network.Fabric.Send(kept, _self.World.Now).Succeeded)
            {
                return MemberOf(kept);
            }

            _self.Release(kept);
            _lines.Remove(info.Id);
        }

        var (host, port) = KubeApiServer.EndpointOf(info.PeerUrl, EtcdServer.PeerPort);
        if (!Ipv4Address.TryParse(host, out var address) || _self.Network.Connect(address, port).Connection is not { } opened)
        {
            return null;
        }

        _self.Keep(opened);
        _lines[info.Id] = opened;
        return MemberOf(opened);
    }

    // Another cluster's member may have taken the address.
    private EtcdMember? MemberOf(Connection connection) =>
        connection.Listener.Handler is EtcdPeerPort { Member: { IsServing: true } member } && member.Membership.ClusterId == _member.Membership.ClusterId ? member : null;
}

/// <summary>What stands behind etcd's peer port: the member for the others of its cluster.</summary>
internal sealed record EtcdPeerPort(EtcdMember Member);
