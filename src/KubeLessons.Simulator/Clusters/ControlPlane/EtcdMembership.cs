using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>One member as its cluster knows it (<c>etcdctl member list</c>).</summary>
public sealed record EtcdMemberInfo(ulong Id, string Name, string PeerUrl, string ClientUrl)
{
    /// <summary>The ID as etcd prints it, such as <c>8e9e05c52164694d</c>.</summary>
    public string IdText => Id.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// The members of an etcd cluster. The IDs are etcd's own (server/etcdserver/api/membership): the first 8 bytes of the SHA-1 of
/// a member's peer URL and the cluster's token, and of all members' IDs.
/// </summary>
public sealed record EtcdMembership(ulong ClusterId, ImmutableArray<EtcdMemberInfo> Members)
{
    /// <summary>etcd's --initial-cluster-token.</summary>
    public const string DefaultToken = "etcd-cluster";

    /// <summary>So many members must agree to anything.</summary>
    public int Quorum => (Members.Length / 2) + 1;

    /// <summary>Reads <c>--initial-cluster</c>: <c>m-k8s=https://192.168.1.10:2380,…</c>. Clients are served on the same hosts.</summary>
    public static EtcdMembership Of(string initialCluster, string token = DefaultToken)
    {
        var members = initialCluster.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('=', 2))
            .Where(entry => entry.Length == 2)
            .Select(entry => new EtcdMemberInfo(
                Hash(Encoding.UTF8.GetBytes(entry[1] + token)),
                entry[0],
                entry[1],
                entry[1].Replace($":{EtcdServer.PeerPort}", $":{EtcdServer.ClientPort}", StringComparison.Ordinal)))
            .OrderBy(member => member.Id)
            .ToImmutableArray();
        var ids = new byte[members.Length * sizeof(ulong)];
        for (var i = 0; i < members.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(ids.AsSpan(i * sizeof(ulong)), members[i].Id);
        }

        return new EtcdMembership(Hash(ids), members);
    }

    public EtcdMemberInfo? Find(string name) => Members.FirstOrDefault(member => member.Name == name);

    public EtcdMemberInfo? Find(ulong id) => Members.FirstOrDefault(member => member.Id == id);

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // An identity, not a secret: etcd's own choice.
        SHA1.HashData(text, digest);
#pragma warning restore CA5350
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
