using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Safety;

/// <summary>
/// Undoes what a journal tells of: first the nodes, all at the same time (without their kubelets no pod goes away), then the objects. After
/// an interrupt, when somebody waits, both at once. What could not be undone stays in the journal, for the next start.
/// </summary>
internal sealed class Undoing(ApiConnection api, NodeShell shell, ObjectLedger ledger, Journal journal, Action<Message> tell, TimeProvider clock)
{
    private static readonly TimeSpan NodeAtMost = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HurriedNodeAtMost = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan ObjectsAtMost = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan HurriedObjectsAtMost = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private const int Rounds = 3;
    private int _undone;

    /// <returns>Whether everything is as it was.</returns>
    public async Task<bool> RunAsync(bool isHurried)
    {
        var commands = journal.Of("command").ToLookup(entry => (string)entry["address"]!, entry => (string)entry["script"]!);
        var nodes = journal.Of("baseline").Select(entry => (string)entry["address"]!).Distinct().ToList();
        var repairing = Task.WhenAll(nodes.Select(address =>
            RepairNodeAsync(address, string.Join('\n', commands[address]), isHurried ? HurriedNodeAtMost : NodeAtMost)));
        if (!isHurried)
        {
            await repairing.ConfigureAwait(false);
        }

        var objects = commands.Count == 0 || await RemoveObjectsAsync(isHurried).ConfigureAwait(false);
        var clean = await repairing.ConfigureAwait(false);
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
        var first = $"{NodeShell.EndScript(journal.RunId + ".")}rm -rf {RunGuard.FolderOf(journal.RunId)}\n";
        if (commands.Length == 0)
        {
            return await shell.LookAsync(address, first, limit.Token).ConfigureAwait(false) is not null;
        }

        try
        {
            var before = first;
            for (var round = 0; ; round++)
            {
                if (await RepairsAsync(address, before, commands, atMost, limit.Token).ConfigureAwait(false) is not { } repairs)
                {
                    tell(Message.Of("real.nodeUnreachable", name));
                    return false;
                }

                if (repairs.Count == 0)
                {
                    return true;
                }

                if (round == Rounds)
                {
                    tell(Message.Of("real.notUndone", name, string.Join("; ", repairs.Select(KeptFiles.Told))));
                    return false;
                }

                foreach (var repair in repairs)
                {
                    tell(Message.Of("real.undoing", name, KeptFiles.Told(repair)));
                    Interlocked.Increment(ref _undone);
                }

                before = $"{{ {string.Join('\n', repairs)}\n}} >/dev/null\n";
            }
        }
        catch (OperationCanceledException)
        {
            tell(Message.Of("real.nodeUnreachable", name));
            return false;
        }
    }

    // Does what is to be done first, and looks what is left to do: one way to the node for both.
    private async Task<IReadOnlyList<string>?> RepairsAsync(
        string address, string first, string commands, TimeSpan atMost, CancellationToken cancellation)
    {
        var before = HostState.FromJson(journal.Of("baseline").First(entry => (string)entry["address"]! == address)["state"]!.AsObject());
        var kept = journal.Of("files").Where(entry => (string)entry["address"]! == address).ToList();
        var paths = kept.SelectMany(entry => entry["paths"]!.AsArray().Select(path => (string)path!)).ToList();
        var script = first + HostState.Script + "\n" + (paths.Count > 0 ? KeptFiles.Script(paths) : "");
        var printed = await shell.LookAsync(address, script, cancellation, atMost).ConfigureAwait(false);
        if (HostState.Parse(printed) is not { } now)
        {
            return null;
        }

        var old = kept.SelectMany(entry => entry["files"]!.AsArray().Select(file => KeptFile.FromJson(file!.AsObject()))).DistinctBy(file => file.Path).ToList();
        var files = KeptFiles.Parse(printed![(printed!.LastIndexOf("\n@end\n", StringComparison.Ordinal) + 1)..]);
        return [.. KeptFiles.Repair(old, files, commands), .. HostRepair.Between(before, now, commands)];
    }

    private async Task<bool> RemoveObjectsAsync(bool isHurried)
    {
        var atMost = isHurried ? HurriedObjectsAtMost : ObjectsAtMost;
        using var limit = new CancellationTokenSource(atMost + TimeSpan.FromSeconds(3), clock);
        try
        {
            var entry = journal.Of("objects").First();
            var before = entry["uids"]!.AsArray().Select(uid => (string)uid!).ToHashSet(StringComparer.Ordinal);
            var since = DateTimeOffset.Parse((string)entry["since"]!, System.Globalization.CultureInfo.InvariantCulture);
            var words = new SpokenOf(string.Join('\n', journal.Of("command").Select(each => (string)each["script"]!)
                .Concat(journal.Of("made").Select(each => ((string)each["said"]!).Replace('/', ' ')))));
            var made = ObjectLedger.Made(await ledger.ListAsync(isHurried ? words : null, limit.Token).ConfigureAwait(false), before, since, words);
            foreach (var each in made)
            {
                tell(Message.Of("real.removing", each.ToString()));
                Interlocked.Increment(ref _undone);
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
