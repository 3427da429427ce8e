using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>etcdctl get, put, del and compact, over the store that the members share.</summary>
internal sealed class EtcdctlKeys(Process self, EtcdctlOptions options, EtcdTools release)
{
    private EtcdTools Release { get; } = release;

    public string? Get(EtcdMember member, string[] operands)
    {
        var revision = options.Number("rev");
        if (revision > 0 && revision <= member.Store.CompactedRevision)
        {
            return Refuse("etcdserver: mvcc: required revision has been compacted");
        }

        if (revision > member.AppliedRevision)
        {
            return Refuse("etcdserver: mvcc: required revision is a future revision");
        }

        var all = Find(member, operands, revision).ToList();
        if (options.Value("order")?.ToUpperInvariant() == "DESCEND")
        {
            all.Reverse();
        }

        var shown = options.Number("limit") is > 0 and var limit ? all.Take((int)Math.Min(limit, int.MaxValue)).ToList() : all;
        var onlyCount = options.Has("count-only");
        return options.Value("write-out") switch
        {
            "json" => Json(member, onlyCount ? [] : shown, all.Count),
            "fields" => Fields(member, onlyCount ? [] : shown, all.Count),
            _ => onlyCount ? "" : Simple(shown),
        };
    }

    public string? Put(EtcdMember member, string key, string value)
    {
        var kept = member.Range(key).FirstOrDefault(entry => entry.Key == key);
        if (kept.Version is { Key.Resource: not EtcdKeys.PlainResource } version)
        {
            // Whatever the API server wrote there gives way; what it cannot read is no object to it any more.
            var parsed = DocJson.TryParse(Encoding.UTF8.GetBytes(value), out var given, out _) && given.Text("kind") is not null ? given : null;
            member.Store.Commit(version.Key, parsed);
            if (parsed is not null)
            {
                return "OK\n";
            }
        }

        member.Store.Commit(new ObjectKey(EtcdKeys.PlainResource, "", key), Doc.Obj(("value", value)));
        return "OK\n";
    }

    public string? Delete(EtcdMember member, string[] operands)
    {
        var found = Find(member, operands, 0).ToList();
        foreach (var (_, version) in found)
        {
            member.Store.Commit(version.Key, null);
        }

        return found.Count.ToString(CultureInfo.InvariantCulture) + "\n";
    }

    public string? Compact(EtcdMember member, string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            return Refuse($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        if (revision <= member.Store.CompactedRevision || revision > member.Store.Revision)
        {
            return Refuse(revision > member.Store.Revision
                ? "etcdserver: mvcc: required revision is a future revision" : "etcdserver: mvcc: required revision has been compacted");
        }

        member.Store.Compact(revision);
        return $"compacted revision {revision}\n";
    }

    private string? Refuse(string words)
    {
        if (!Release.IsOld)
        {
            self.Error.Write(Release.Log("warn", self.World.UtcNow, $"v3@v{Release.Version}/retry_interceptor.go:63", "retrying of unary invoker failed",
                $"\"attempt\":0,\"error\":\"rpc error: code = OutOfRange desc = {words}\""));
        }

        self.Error.Write($"Error: {words}\n");
        self.Exit(1);
        return null;
    }

    private IEnumerable<(string Key, ObjectVersion Version)> Find(EtcdMember member, string[] operands, long revision)
    {
        var key = operands[0];
        var entries = revision == 0 ? member.Range("") : At(member, revision);
        return options.Has("prefix") ? entries.Where(entry => entry.Key.StartsWith(key, StringComparison.Ordinal))
            : options.Has("from-key") ? entries.Where(entry => string.CompareOrdinal(entry.Key, key) >= 0)
            : operands.Length > 1 ? entries.Where(entry => string.CompareOrdinal(entry.Key, key) >= 0 && string.CompareOrdinal(entry.Key, operands[1]) < 0)
            : entries.Where(entry => entry.Key == key);
    }

    // What has been deleted since lies in the history only.
    private static IEnumerable<(string Key, ObjectVersion Version)> At(EtcdMember member, long revision)
    {
        var resources = member.Store.Resources.ToHashSet(StringComparer.Ordinal);
        foreach (var change in member.Store.Log.After(0))
        {
            resources.Add(change.Key.Resource);
        }

        return resources.SelectMany(resource => member.Store.ListAt(resource, revision))
            .Select(version => (EtcdKeys.Of(version.Key), version))
            .OrderBy(entry => entry.Item1, StringComparer.Ordinal);
    }

    private string Simple(List<(string Key, ObjectVersion Version)> entries)
    {
        var text = new StringBuilder();
        foreach (var (key, version) in entries)
        {
            if (!options.Has("print-value-only"))
            {
                text.Append(key).Append('\n');
            }

            text.Append(options.Has("keys-only") ? "" : EtcdValue.Text(version.Object!)).Append('\n');
        }

        return text.ToString();
    }

    private string Json(EtcdMember member, List<(string Key, ObjectVersion Version)> entries, int count) => DocJson.Write(Doc.Obj(
        ("header", EtcdctlText.Header(member, withRevision: true)),
        ("kvs", entries.Count == 0 ? null : Doc.Arr(entries.Select(entry => (Doc)Doc.Obj(
            ("key", Base64(entry.Key)), ("create_revision", History(entry.Version).Created), ("mod_revision", entry.Version.Revision),
            ("version", History(entry.Version).Count), ("value", options.Has("keys-only") ? null : (Doc?)Base64(EtcdValue.Text(entry.Version.Object!))))))),
        ("count", count == 0 ? null : (Doc?)count))) + "\n";

    private static string Fields(EtcdMember member, List<(string Key, ObjectVersion Version)> entries, int count)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\"ClusterID\" : {member.Membership.ClusterId}\n\"MemberID\" : {member.Info.Id}\n\"Revision\" : {member.AppliedRevision}\n\"RaftTerm\" : {member.Status.RaftTerm}\n");
        foreach (var (key, version) in entries)
        {
            var (created, changes) = History(version);
            text.Append(CultureInfo.InvariantCulture, $"\"Key\" : \"{key}\"\n\"CreateRevision\" : {created}\n\"ModRevision\" : {version.Revision}\n\"Version\" : {changes}\n\"Value\" : {DocJson.Write((Doc)EtcdValue.Text(version.Object!)!)}\n\"Lease\" : 0\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\"More\" : {(entries.Count < count ? "true" : "false")}\n\"Count\" : {count}\n");
        return text.ToString();
    }

    private static (long Created, int Count) History(ObjectVersion version)
    {
        var count = 1;
        while (version.Previous is { Object: not null } before)
        {
            version = before;
            count++;
        }

        return (version.Revision, count);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
