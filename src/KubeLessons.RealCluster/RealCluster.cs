using System.Collections.Immutable;
using System.Text;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Observation;
using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster;

/// <summary>
/// A real cluster of the heart. Commands run on its nodes; watches and readers record what becomes of them; time passes by waiting. When it
/// is disposed of, what the run changed is undone.
/// </summary>
internal sealed class RealCluster : ICluster
{
    private static readonly TimeSpan FactPeriod = TimeSpan.FromSeconds(1);

    /// <summary>What is left for commands (a lesson's cleanups) once the user has interrupted the run.</summary>
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan EndAtMost = TimeSpan.FromSeconds(8);

    private readonly OpenedCluster _opened;
    private readonly Watches _watches;
    private readonly HostFacts _facts;
    private readonly RunGuard _guard;
    private readonly CancellationTokenSource _closing = new();
    private DateTimeOffset _factsAt;
    private DateTimeOffset? _hurriedAt;
    private int _commands;

    public RealCluster(OpenedCluster opened, Watches watches, HostFacts facts, RunGuard guard)
    {
        (_opened, _watches, _facts, _guard) = (opened, watches, facts, guard);
        _watches.Follow(_closing.Token);
    }

    public ClusterDescription Description => _opened.Description;

    public async Task<CommandResult> RunAsync(ClusterCommand command, Action<OutputChunk>? onOutput, CancellationToken cancellation)
    {
        var started = _opened.Clock.Now;
        if (_opened.Nodes.FirstOrDefault(node => node.LessonName == command.Node) is not { } node)
        {
            var words = $"ssh: Could not resolve hostname {command.Node}: Name or service not known\n";
            onOutput?.Invoke(new OutputChunk(words, true));
            return new CommandResult(255, words, "", words, started, started);
        }

        if (cancellation.IsCancellationRequested)
        {
            BeginToHurry();
            cancellation.ThrowIfCancellationRequested();
        }

        var text = Translated(command);
        if (Description.Inventory?.IsReachedBySsh == true && CutOff.In(text) is { } cut)
        {
            // Its effect could not be undone from here: rather no command than a node that nobody reaches.
            var words = $"kubelessons: refused, because it would cut the tool off from {command.Node}: {cut}\n";
            onOutput?.Invoke(new OutputChunk(words, true));
            return new CommandResult(126, words, "", words, started, _opened.Clock.Now);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit(command.AtMost));
        var mark = $"{_guard.RunId}.{++_commands}";
        var lines = new OutputLines(_opened.Names, onOutput);
        ShellResult result;
        try
        {
            await _guard.BeforeAsync(node, text, limit.Token).ConfigureAwait(false);
            var script = Shell(command, text, mark);
            result = await _opened.Shell.RunAsync(node.Address, script, lines.Take, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Once the user waits for the end, the undoing ends what a cleanup has left running.
            if (_hurriedAt is null)
            {
                await EndAsync(node, mark, cancellation.IsCancellationRequested).ConfigureAwait(false);
            }

            result = new ShellResult(124, lines.Told, lines.ToldOutput, lines.ToldError);
        }

        lines.Finish();
        await SettleAsync(cancellation).ConfigureAwait(false);
        var output = lines.ToldOutput;
        await _guard.AfterAsync(node, output, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return new CommandResult(result.ExitCode, lines.Told, output, lines.ToldError, started, _opened.Clock.Now);
    }

    public ValueTask<ClusterChanges> ObserveAsync(long afterPosition, CancellationToken cancellation) =>
        new(_opened.Record.After(afterPosition));

    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        var deadline = _opened.Clock.Now + atMost;
        var known = _opened.Record.Count;
        try
        {
            while (_opened.Record.Count <= known)
            {
                var now = _opened.Clock.Now;
                if (_facts.IsAny && now - _factsAt >= FactPeriod)
                {
                    await ReadFactsAsync(cancellation).ConfigureAwait(false);
                    now = _opened.Clock.Now;
                }

                var left = deadline - now;
                if (left <= TimeSpan.Zero || _opened.Record.Count > known)
                {
                    return;
                }

                var pause = _facts.IsAny && left > FactPeriod ? FactPeriod : left;
                await Task.WhenAny(_opened.Record.MoreThanAsync(known), Task.Delay(pause, cancellation)).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            BeginToHurry();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watches.DisposeAsync().ConfigureAwait(false);
        await _guard.UndoAsync(isHurried: _hurriedAt is not null).ConfigureAwait(false);
        await _opened.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    // A learner's shell, as a login on the node gives it, in the run's own folder there.
    private string Shell(ClusterCommand command, string text, string mark)
    {
        var shell = new StringBuilder();
        shell.Append("export LC_ALL=C.UTF-8 PAGER=cat TERM=dumb HOME=\"${HOME:-/root}\"\n");
        shell.Append("export PATH=\"$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:").Append(_guard.Folder).Append("/bin\"\n");
        shell.Append("[ -e \"$HOME/.kube/config\" ] || [ -n \"$KUBECONFIG\" ] || [ ! -e /etc/kubernetes/admin.conf ] || export KUBECONFIG=/etc/kubernetes/admin.conf\n");
        foreach (var (name, value) in command.Environment)
        {
            shell.Append("export ").Append(name).Append('=').Append(SshAccess.Quote(_opened.Names.InScript(value))).Append('\n');
        }

        shell.Append("mkdir -p ").Append(_guard.Folder).Append(" && cd ").Append(_guard.Folder).Append(" || exit 1\n");
        shell.Append("exec env ").Append(NodeShell.Mark).Append('=').Append(mark).Append(" bash -c ").Append(SshAccess.Quote(text));
        return shell.ToString();
    }

    private string Translated(ClusterCommand command) => _opened.Names.InScript(command.Script);

    private TimeSpan Limit(TimeSpan asked)
    {
        if (_hurriedAt is not { } since)
        {
            return asked;
        }

        var left = Hurry - (_opened.Clock.Now - since);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < asked ? left : asked;
    }

    private async Task EndAsync(MappedNode node, string mark, bool isInterrupted)
    {
        using var limit = new CancellationTokenSource(isInterrupted ? Hurry : EndAtMost);
        if (isInterrupted)
        {
            BeginToHurry();
        }

        try
        {
            await _opened.Shell.EndAsync(node.Address, mark, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The node is slow; the undoing tries again.
        }
    }

    private void BeginToHurry() => _hurriedAt ??= _opened.Clock.Now;

    // What the command did must be on record before its end is: the watches catch up, and the facts are read.
    private async Task SettleAsync(CancellationToken cancellation)
    {
        if (_hurriedAt is not null)
        {
            return;
        }

        try
        {
            await Task.WhenAll(_watches.CatchUpAsync(cancellation), ReadFactsAsync(cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            BeginToHurry();
        }
    }

    private async Task ReadFactsAsync(CancellationToken cancellation)
    {
        await _facts.ReadAsync(_opened.Nodes.Select(node => (node.LessonName, node.Address)), cancellation).ConfigureAwait(false);
        _factsAt = _opened.Clock.Now;
    }
}
