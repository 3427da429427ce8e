using System.Globalization;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>snapshot status and snapshot restore: what needs no server, by etcdutl or, up to 3.5, by etcdctl.</summary>
internal sealed class EtcdSnapshotFiles(Process self, EtcdctlOptions options, EtcdTools release, bool isUtility)
{
    public IEnumerable<Wait> Main()
    {
        if (options.Fault is { } fault)
        {
            self.Error.Write($"Error: {fault}\n");
            self.Exit(1);
            yield break;
        }

        switch (options.Words)
        {
            case ["version", ..]:
                self.Output.Write($"etcdutl version: {release.Version}\nAPI version: {release.Version[..release.Version.LastIndexOf('.')]}\n");
                break;
            case ["snapshot", "status", var path, ..]:
                Deprecated("status");
                Status(path);
                break;
            case ["snapshot", "restore", var path, ..]:
                Deprecated("restore");
                yield return Wait.For(TimeSpan.FromMilliseconds(60));
                Restore(path);
                break;
            case ["snapshot", "status" or "restore"]:
                self.Error.Write($"Error: snapshot {options.Words[1]} requires exactly one argument\n");
                self.Exit(128);
                break;
            default:
                self.Output.Write("Usage:\n  etcdutl [command]\n\nAvailable Commands:\n  snapshot    Manages etcd node snapshots\n  version     Prints the version of etcdutl\n");
                break;
        }
    }

    private void Deprecated(string command)
    {
        if (!isUtility && !release.IsOld)
        {
            self.Error.Write($"Deprecated: Use `etcdutl snapshot {command}` instead.\n\n");
        }
    }

    private StoreSnapshot? Read(string path, string missing)
    {
        if (self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path)) is not { } text)
        {
            self.Error.Write($"Error: {missing} {path}: no such file or directory\n");
            self.Exit(1);
            return null;
        }

        if (EtcdSnapshot.TryRead(text) is { } snapshot)
        {
            return snapshot;
        }

        self.Error.Write("Error: invalid database\n");
        self.Exit(1);
        return null;
    }

    private void Status(string path)
    {
        if (Read(path, "stat") is not { } snapshot)
        {
            return;
        }

        var sum = (uint)SeededRandom.Hash(self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path))!);
        string[] cells =
        [
            sum.ToString("x", CultureInfo.InvariantCulture), snapshot.Revision.ToString(CultureInfo.InvariantCulture), snapshot.Objects.Count.ToString(CultureInfo.InvariantCulture),
            EtcdTools.Size(EtcdSnapshot.SizeOf(snapshot)),
        ];
        var table = new BorderedTable("HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE");
        table.Add(cells);
        self.Output.Write(options.Value("write-out") switch
        {
            "table" => table.ToString(),
            "json" => $"{{\"hash\":{sum},\"revision\":{cells[1]},\"totalKey\":{cells[2]},\"totalSize\":{EtcdSnapshot.SizeOf(snapshot)}}}\n",
            _ => string.Join(", ", cells) + "\n",
        });
    }

    private void Restore(string path)
    {
        var name = options.Value("name") ?? "default";
        var peer = options.Value("initial-advertise-peer-urls") ?? "http://localhost:2380";
        var cluster = options.Value("initial-cluster") ?? $"{name}={peer}";
        var given = options.Value("data-dir") ?? name + ".etcd";
        var directory = FileSystem.Resolve(self.WorkingDirectory, given);
        if (Read(path, "open") is not { } snapshot)
        {
            return;
        }

        if (self.Files.Exists(directory) && (release.IsOld || self.Files.List(directory).Length > 0))
        {
            self.Error.Write(release.IsOld ? $"Error: data-dir \"{given}\" exists\n" : $"Error: data-dir \"{given}\" not empty or could not be read\n");
            self.Exit(1);
            return;
        }

        var membership = EtcdMembership.Of(cluster, options.Value("initial-cluster-token") ?? EtcdMembership.DefaultToken);
        if (membership.Find(name) is null)
        {
            self.Error.Write($"Error: couldn't find local name \"{name}\" in the initial cluster configuration\n");
            self.Exit(1);
            return;
        }

        var where = $"{{\"path\": \"{path}\", \"wal-dir\": \"{directory}/member/wal\", \"data-dir\": \"{given}\", \"snap-dir\": \"{directory}/member/snap\"}}";
        Log("snapshot/v3_snapshot.go:265", "restoring snapshot", where);
        foreach (var member in membership.Members)
        {
            Log("membership/cluster.go:421", "added member",
                $"{{\"cluster-id\": \"{membership.ClusterId:x}\", \"local-member-id\": \"0\", \"added-peer-id\": \"{member.IdText}\", \"added-peer-peer-urls\": [\"{member.PeerUrl}\"]}}");
        }

        EtcdDatabase.Create(self.Host, EtcdDatabase.PlaceOf(self, directory), membership, snapshot);
        Log("snapshot/v3_snapshot.go:293", "restored snapshot", where);
    }

    private void Log(string caller, string message, string fields) =>
        self.Error.Write($"{self.World.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\tinfo\t{caller}\t{message}\t{fields}\n");
}
