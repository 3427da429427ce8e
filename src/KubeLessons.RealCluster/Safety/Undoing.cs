using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Safety;

/// <summary>
/// Undoes what a journal tells of: first the nodes, all at the same time (without their kubelets no pod goes away), then the objects. What
/// could not be undone stays in the journal, for the next start.
/// </summary>
internal sealed class Undoing(ApiConnection api, NodeShell shell, ObjectLedger ledger, Journal journal, Action<Message> tell, TimeProvider clock)
{
    private static readonly TimeSpan NodeAtMost = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HurriedNodeAtMost = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ObjectsAtMost = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan HurriedObjectsAtMost = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private int _undone;

    /// <returns>Whether everything is as it was.</returns>
    public async Task<bool> RunAsync(bool isHurried)
    {
        var commands = journal.Of("command").ToLookup(entry => (string)entry["address"]!, entry => (string)entry["script"]!);
        var nodes = journal.Of("baseline").Select(entry => (string)entry["address"]!).Distinct().ToList();
        var clean = await Task.WhenAll(nodes.Select(address =>
            RepairNodeAsync(address, string.Join('\n', commands[address]), isHurried ? HurriedNodeAtMost : NodeAtMost))).ConfigureAwait(false);
        var objects = commands.Count == 0 || await RemoveObjectsAsync(isHurried ? HurriedObjectsAtMost : ObjectsAtMost).ConfigureAwait(false);
        if (clean.All(each => each) && objects)
        {
            journal.Close();
            if (commands.Count > 0)
            {
                tell(_undone > 0 ? Message.Of("real.allUndone", _undone) : Message.Of("real.nothingToUndo"));
            }

            return true;
        }

        journal.Dispose();
        tell(Message.Of("real.undoneLater", journal.Path));
        return false;
    }

    private async Task<bool> RepairNodeAsync(string address, string commands, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost, clock);
        var name = NameOf(address);
        var folder = RunGuard.FolderOf(journal.RunId);
        try
        {
            if (commands.Length == 0)
            {
                return await shell.LookAsync(address, $"rm -rf {folder}", limit.Token).ConfigureAwait(false) is not null;
            }

            await shell.EndAsync(address, journal.RunId + ".", limit.Token).ConfigureAwait(false);
            for (var round = 0; round < 3; round++)
            {
                if (await RepairsAsync(address, commands, limit.Token).ConfigureAwait(false) is not { } repairs)
                {
                    tell(Message.Of("real.nodeUnreachable", name));
                    return false;
                }

                if (repairs.Count == 0)
                {
                    return await shell.LookAsync(address, $"rm -rf {folder}", limit.Token).ConfigureAwait(false) is not null;
                }

                foreach (var repair in repairs)
                {
                    tell(Message.Of("real.undoing", name, KeptFiles.Told(repair)));
                    _undone++;
                }

                await shell.LookAsync(address, string.Join('\n', repairs) + "\ntrue", limit.Token, atMost).ConfigureAwait(false);
            }

            var left = await RepairsAsync(address, commands, limit.Token).ConfigureAwait(false);
            if (left is { Count: 0 })
            {
                return await shell.LookAsync(address, $"rm -rf {folder}", limit.Token).ConfigureAwait(false) is not null;
            }

            tell(Message.Of("real.notUndone", name, string.Join("; ", left?.Select(KeptFiles.Told) ?? [])));
            return false;
        }
        catch (OperationCanceledException)
        {
            tell(Message.Of("real.nodeUnreachable", name));
            return false;
        }
    }

    private async Task<IReadOnlyList<string>?> RepairsAsync(string address, string commands, CancellationToken cancellation)
    {
        var before = HostState.FromJson(journal.Of("baseline").First(entry => (string)entry["address"]! == address)["state"]!.AsObject());
        if (HostState.Parse(await shell.LookAsync(address, HostState.Script, cancellation).ConfigureAwait(false)) is not { } now)
        {
            return null;
        }

        var kept = journal.Of("files").Where(entry => (string)entry["address"]! == address).ToList();
        var files = new List<string>();
        if (kept.Count > 0)
        {
            var paths = kept.SelectMany(entry => entry["paths"]!.AsArray().Select(path => (string)path!));
            if (await shell.LookAsync(address, KeptFiles.Script(paths), cancellation).ConfigureAwait(false) is not { } printed)
            {
                return null;
            }

            var old = kept.SelectMany(entry => entry["files"]!.AsArray().Select(file => KeptFile.FromJson(file!.AsObject())))
                .DistinctBy(file => file.Path).ToList();
            files.AddRange(KeptFiles.Repair(old, KeptFiles.Parse(printed), commands));
        }

        return [.. files, .. HostRepair.Between(before, now, commands)];
    }

    private async Task<bool> RemoveObjectsAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost + TimeSpan.FromSeconds(3), clock);
        try
        {
            var entry = journal.Of("objects").First();
            var before = entry["uids"]!.AsArray().Select(uid => (string)uid!).ToHashSet(StringComparer.Ordinal);
            var since = DateTimeOffset.Parse((string)entry["since"]!, System.Globalization.CultureInfo.InvariantCulture);
            var words = new SpokenOf(string.Join('\n', journal.Of("command").Select(each => (string)each["script"]!)
                .Concat(journal.Of("made").Select(each => ((string)each["said"]!).Replace('/', ' ')))));
            var made = ObjectLedger.Made(await ledger.ListAsync(limit.Token).ConfigureAwait(false), before, since, words);
            foreach (var each in made)
            {
                tell(Message.Of("real.removing", each.ToString()));
                _undone++;
                await ledger.DeleteAsync(each, limit.Token).ConfigureAwait(false);
            }

            await NodeMarks.RestoreAsync(api, journal, tell, limit.Token).ConfigureAwait(false);
            var began = clock.GetTimestamp();
            while (made.Count > 0)
            {
                var left = await ledger.LeftAsync(made, before, limit.Token).ConfigureAwait(false);
                if (left.Count == 0)
                {
                    break;
                }

                if (clock.GetElapsedTime(began) >= atMost)
                {
                    // The order to delete is in the API server; the nodes carry it out.
                    tell(Message.Of("real.goingAway", string.Join(", ", left)));
                    break;
                }

                await Task.Delay(LookAgain, clock, limit.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception fault) when (fault is ApiFault or OperationCanceledException)
        {
            tell(Message.Of("real.objectsNotRemoved", fault.Message));
            return false;
        }
    }

    private string NameOf(string address) =>
        (string?)journal.Of("baseline").First(entry => (string)entry["address"]! == address)["node"] ?? address;
}
