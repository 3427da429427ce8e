using KubeLessons.Simulator.Clusters.ControlPlane;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>etcdctl, API version 3: what its members say over the network, with the certificates that it is given.</summary>
internal sealed class Etcdctl(Process self, EtcdTools release)
{
    private const int BadArguments = 128;

    private readonly EtcdctlOptions _options = EtcdctlOptions.Read(self);

    private string[] Endpoints => (_options.Value("endpoints") ?? "127.0.0.1:2379").Split(',', StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<Wait> Main()
    {
        if (_options.Fault is { } fault)
        {
            return Fail($"Error: {fault}\n");
        }

        foreach (var flag in (string[])["cacert", "cert", "key"])
        {
            if (_options.Value(flag) is { } path && _options.Words is not (["version", ..] or ["snapshot", "status" or "restore", ..] or [])
                && self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path)) is null)
            {
                return Fail($"Error: open {path}: no such file or directory\n", BadArguments);
            }
        }

        var keys = new EtcdctlKeys(self, _options, release);
        return _options.Words switch
        {
            ["version", ..] => Print($"etcdctl version: {release.Version}\nAPI version: {release.Version[..release.Version.LastIndexOf('.')]}\n"),
            ["endpoint", "health", ..] => OnEndpoints(Health),
            ["endpoint", "status", ..] => OnEndpoints(Status),
            ["member", "list", ..] => WithMember(needsLeader: true, link => EtcdctlText.Members(link, Format)),
            ["get", .. { Count: > 0 } operands] => WithMember(!_options.Has("consistency") && _options.Value("consistency") != "s", link => keys.Get(link.Member!, [.. operands])),
            ["get"] => Fail("Error: get command needs one argument as key and an optional argument as range_end\n", BadArguments),
            ["put", var key, var value, ..] => WithMember(needsLeader: true, link => keys.Put(link.Member!, key, value)),
            ["put", ..] => Fail("Error: put command needs 1 argument and input from stdin or 2 arguments\n", BadArguments),
            ["del", .. { Count: > 0 } operands] => WithMember(needsLeader: true, link => keys.Delete(link.Member!, [.. operands])),
            ["compact" or "compaction", var revision, ..] => WithMember(needsLeader: true, link => keys.Compact(link.Member!, revision)),
            ["defrag", ..] => WithMember(needsLeader: false, link => $"Finished defragmenting etcd member[{link.Endpoint}]\n"),
            ["alarm", "list", ..] => WithMember(needsLeader: true, _ => ""),
            ["snapshot", "save", ..] => Save(),
            ["snapshot", "status" or "restore", ..] when !release.KeepsFilesToEtcdutl => new EtcdSnapshotFiles(self, _options, release, isUtility: false).Main(),
            [] or ["endpoint" or "member" or "snapshot" or "alarm" or "help", ..] => Print(EtcdctlText.Usage(release)),
            [var other, ..] => Fail($"Error: unknown command \"{other}\" for \"etcdctl\"\nRun 'etcdctl --help' for usage.\nError: unknown command \"{other}\" for \"etcdctl\"\n"),
        };
    }

    private string Format => _options.Value("write-out") ?? "simple";

    private IEnumerable<Wait> Print(string text)
    {
        self.Output.Write(text);
        yield break;
    }

    private IEnumerable<Wait> Fail(string text, int code = 1)
    {
        self.Error.Write(text);
        self.Exit(code);
        return [];
    }

    // gRPC takes whichever endpoint answers.
    private IEnumerable<Wait> WithMember(bool needsLeader, Func<EtcdLink, string?> action)
    {
        var link = new EtcdLink(self, _options, Endpoints[0]);
        foreach (var endpoint in Endpoints)
        {
            link = new EtcdLink(self, _options, endpoint);
            yield return Wait.Call(link.Request(needsLeader));
            if (link.Member is not null)
            {
                self.Output.Write(action(link) ?? "");
                yield break;
            }
        }

        self.Error.Write(Warning(link) + "Error: context deadline exceeded\n");
        self.Exit(1);
    }

    private string Warning(EtcdLink link)
    {
        var isWaiting = link.Reason == "context deadline exceeded";
        var error = "rpc error: code = DeadlineExceeded desc = " + (isWaiting ? link.Reason
            : release.IsOld ? "latest balancer error: all SubConns are in TransientFailure" : "latest balancer error: last connection error: " + link.Reason);
        var target = release.IsOld ? $"endpoint://client-{self.Host.Random.NextUid()}/{link.Authority}" : $"etcd-endpoints://0xc000{self.Host.Random.NextHex(6)}/{link.Authority}";
        return release.Log("warn", self.World.UtcNow, release.IsOld ? "clientv3/retry_interceptor.go:62" : $"v3@v{release.Version}/retry_interceptor.go:63",
            "retrying of unary invoker failed", $"\"target\":\"{target}\",\"attempt\":0,\"error\":\"{error}\"");
    }

    // All endpoints are asked at the same time.
    private IEnumerable<Wait> OnEndpoints(Func<List<EtcdLink>, int> report)
    {
        var endpoints = Endpoints.ToList();
        if (_options.Has("cluster"))
        {
            var first = new EtcdLink(self, _options, endpoints[0]);
            yield return Wait.Call(first.Request(needsLeader: true));
            if (first.Member is not { } member)
            {
                self.Error.Write(Warning(first) + "Error: failed to fetch endpoints from etcd cluster member list: context deadline exceeded\n");
                self.Exit(BadArguments);
                yield break;
            }

            endpoints = [.. member.Membership.Members.Select(each => each.ClientUrl)];
        }

        var links = endpoints.Select(endpoint => new EtcdLink(self, _options, endpoint)).ToList();
        var waiting = links.Count;
        var done = new Signal(self.World);
        foreach (var link in links)
        {
            Coroutine.Start(self.World, link.Request(needsLeader: _options.Words[1] == "health"), _ =>
            {
                waiting--;
                done.Raise();
            });
        }

        while (waiting > 0)
        {
            yield return Wait.On(done);
        }

        foreach (var failed in links.Where(link => link.Member is null))
        {
            self.Error.Write(Warning(failed));
        }

        self.Exit(report(links));
    }

    private int Health(List<EtcdLink> links)
    {
        var isSick = links.Exists(link => link.Member is null);
        if (Format is "table" or "json")
        {
            self.Output.Write(EtcdctlText.Health(links, Format));
        }
        else
        {
            foreach (var link in links)
            {
                var healthy = release.IsOld ? self.Error : self.Output;
                if (link.Member is null)
                {
                    self.Error.WriteLine($"{link.Endpoint} is unhealthy: failed to commit proposal: context deadline exceeded");
                }
                else
                {
                    healthy.WriteLine($"{link.Endpoint} is healthy: successfully committed proposal: took = {EtcdctlText.Duration(link.Took)}");
                }
            }
        }

        self.Error.Write(isSick ? "Error: unhealthy cluster\n" : "");
        return isSick ? 1 : 0;
    }

    private int Status(List<EtcdLink> links)
    {
        foreach (var link in links.Where(link => link.Member is null))
        {
            self.Error.WriteLine($"Failed to get the status of endpoint {link.Endpoint} (context deadline exceeded)");
        }

        self.Output.Write(EtcdctlText.Status([.. links.Where(link => link.Member is not null)], Format));
        return links.Exists(link => link.Member is null) ? 1 : 0;
    }

    private IEnumerable<Wait> Save()
    {
        if (_options.Words is not [_, _, var path, ..])
        {
            yield return Wait.Call(Fail("Error: snapshot save expects one argument\n", BadArguments));
            yield break;
        }

        var place = FileSystem.Resolve(self.WorkingDirectory, path);
        if (!self.Files.IsDirectory(FileSystem.Parent(place)))
        {
            yield return Wait.Call(Fail($"Error: could not open {path}.part (open {path}.part: no such file or directory)\n"));
            yield break;
        }

        var link = new EtcdLink(self, _options, Endpoints[0]);
        Log("created temporary db file", $"\"path\":\"{path}.part\"");
        yield return Wait.Call(link.Request(needsLeader: false));
        if (link.Member is not { } member)
        {
            yield return Wait.Call(Fail(Warning(link) + "Error: context deadline exceeded\n"));
            yield break;
        }

        var content = EtcdSnapshot.Write(member.Snapshot());
        var size = EtcdTools.Size(EtcdSnapshot.SizeOf(member.Snapshot()));
        Log("fetching snapshot", $"\"endpoint\":\"{link.Endpoint}\"");
        yield return Wait.For(TimeSpan.FromMilliseconds(40));
        self.Files.Write(place, content, 0b110_000_000);
        Log("fetched snapshot", $"\"endpoint\":\"{link.Endpoint}\",\"size\":\"{size}\",\"took\":\"now\"");
        Log("saved", $"\"path\":\"{path}\"");
        self.Output.WriteLine($"Snapshot saved at {path}");
    }

    private void Log(string message, string fields) =>
        self.Error.Write(release.Log("info", self.World.UtcNow, release.IsOld ? "snapshot/v3_snapshot.go:119" : "snapshot/v3_snapshot.go:65", message, fields));
}
