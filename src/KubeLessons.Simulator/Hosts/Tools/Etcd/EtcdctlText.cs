using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>What etcdctl prints of members: as lines, as a table (-w table) and as JSON (-w json).</summary>
internal static class EtcdctlText
{
    public static string Usage(EtcdTools release) =>
        $"NAME:\n\tetcdctl - A simple command line client for etcd3.\n\nUSAGE:\n\tetcdctl [flags]\n\nVERSION:\n\t{release.Version}\n\nAPI VERSION:\n\t{release.Version[..release.Version.LastIndexOf('.')]}\n\n\nCOMMANDS:\n"
        + "\talarm list\t\tLists all alarms\n\tcompaction\t\tCompacts the event history in etcd\n\tdefrag\t\t\tDefragments the storage of the etcd members with given endpoints\n"
        + "\tdel\t\t\tRemoves the specified key or range of keys [key, range_end)\n\tendpoint health\t\tChecks the healthiness of endpoints specified in `--endpoints` flag\n"
        + "\tendpoint status\t\tPrints out the status of endpoints specified in `--endpoints` flag\n\tget\t\t\tGets the key or a range of keys\n\tmember list\t\tLists all members in the cluster\n"
        + "\tput\t\t\tPuts the given key into the store\n"
        + (release.KeepsFilesToEtcdutl ? "" : "\tsnapshot restore\tRestores an etcd member snapshot to an etcd directory\n")
        + "\tsnapshot save\t\tStores an etcd node backend snapshot to a given file\n"
        + (release.KeepsFilesToEtcdutl ? "" : "\tsnapshot status\t\tGets backend snapshot status of a given file\n")
        + "\tversion\t\t\tPrints the version of etcdctl\n";

    /// <summary>Go's time.Duration, such as <c>4.764239ms</c>.</summary>
    public static string Duration(TimeSpan span) => span.TotalSeconds >= 1
        ? span.TotalSeconds.ToString("0.#########", CultureInfo.InvariantCulture) + "s"
        : span.TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture) + "ms";

    public static string Members(EtcdLink link, string format)
    {
        var membership = link.Member!.Membership;
        var table = new BorderedTable("ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER");
        var lines = new StringBuilder();
        foreach (var member in membership.Members)
        {
            table.Add(member.IdText, "started", member.Name, member.PeerUrl, member.ClientUrl, "false");
            lines.Append(CultureInfo.InvariantCulture, $"{member.IdText}, started, {member.Name}, {member.PeerUrl}, {member.ClientUrl}, false\n");
        }

        return format switch
        {
            "table" => table.ToString(),
            "json" => DocJson.Write(Doc.Obj(
                ("header", Header(link, withRevision: false)),
                ("members", Doc.Arr(membership.Members.Select(member => (Doc)Doc.Obj(
                    ("ID", Number(member.Id)), ("name", member.Name), ("peerURLs", Doc.Arr((Doc)member.PeerUrl!)), ("clientURLs", Doc.Arr((Doc)member.ClientUrl!)))))))) + "\n",
            _ => lines.ToString(),
        };
    }

    public static string Health(List<EtcdLink> links, string format)
    {
        if (format == "json")
        {
            return DocJson.Write(Doc.Arr(links.Select(link => (Doc)Doc.Obj(
                ("endpoint", link.Endpoint), ("health", link.Member is not null), ("took", Duration(link.Took)),
                ("error", link.Member is null ? (Doc?)"context deadline exceeded" : null))))) + "\n";
        }

        var table = new BorderedTable("ENDPOINT", "HEALTH", "TOOK", "ERROR");
        foreach (var link in links.OrderBy(link => link.Member is null))
        {
            table.Add(link.Endpoint, link.Member is null ? "false" : "true", Duration(link.Took), link.Member is null ? "context deadline exceeded" : "");
        }

        return table.ToString();
    }

    public static string Status(List<EtcdLink> links, string format)
    {
        var table = new BorderedTable("ENDPOINT", "ID", "VERSION", "DB SIZE", "IS LEADER", "IS LEARNER", "RAFT TERM", "RAFT INDEX", "RAFT APPLIED INDEX", "ERRORS");
        var lines = new StringBuilder();
        foreach (var link in links)
        {
            var status = link.Member!.Status;
            string[] cells =
            [
                link.Endpoint, status.Member.IdText, status.Version, EtcdTools.Size(status.DatabaseBytes), status.IsLeader ? "true" : "false", "false",
                status.RaftTerm.ToString(CultureInfo.InvariantCulture), status.RaftIndex.ToString(CultureInfo.InvariantCulture),
                status.RaftIndex.ToString(CultureInfo.InvariantCulture), status.Leader == 0 ? "etcdserver: no leader" : "",
            ];
            table.Add(cells);
            lines.Append(string.Join(", ", cells)).Append('\n');
        }

        return format switch
        {
            "table" => table.ToString(),
            "json" => DocJson.Write(Doc.Arr(links.Select(link => (Doc)Doc.Obj(
                ("Endpoint", link.Endpoint),
                ("Status", Doc.Obj(
                    ("header", Header(link, withRevision: true)), ("version", link.Member!.Status.Version), ("dbSize", link.Member.Status.DatabaseBytes),
                    ("leader", Number(link.Member.Leader)), ("raftIndex", link.Member.Status.RaftIndex), ("raftTerm", Number(link.Member.Status.RaftTerm)),
                    ("raftAppliedIndex", link.Member.Status.RaftIndex), ("dbSizeInUse", link.Member.Status.DatabaseBytes))))))) + "\n",
            _ => lines.ToString(),
        };
    }

    public static Doc Header(EtcdLink link, bool withRevision) => Header(link.Member!, withRevision);

    public static Doc Header(Clusters.ControlPlane.EtcdMember member, bool withRevision) => Doc.Obj(
        ("cluster_id", Number(member.Membership.ClusterId)), ("member_id", Number(member.Info.Id)),
        ("revision", withRevision ? (Doc?)member.AppliedRevision : null), ("raft_term", Number(member.Status.RaftTerm)));

    private static Doc Number(ulong value) => Doc.Number(value.ToString(CultureInfo.InvariantCulture));
}
