using CliWrap;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>
/// OpenSSH, as the user has set it up: names, keys and jumps come from its configuration. All commands of a node share one connection
/// (ControlMaster), so that a command costs milliseconds and a stopped network is noticed once.
/// </summary>
internal sealed class SshAccess(string? configuration) : INodeAccess
{
    private readonly string _sockets = Directory.CreateTempSubdirectory("kubelessons-").FullName;
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);

    public string Name => "ssh";

    public bool OutlivesKubelet => true;

    // A login that is not root becomes it through sudo, as kubectl's own lab machines (vagrant) are set up.
    public CommandLine CommandFor(string address, string script) => new(
        "ssh",
        [.. Options, "-T", address, $"if [ \"$(id -u)\" = 0 ]; then exec bash -c {Quote(script)}; else exec sudo -n bash -c {Quote(script)}; fi"]);

    public Task PrepareAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation)
    {
        _addresses.UnionWith(addresses);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_addresses.Select(LeaveAsync)).ConfigureAwait(false);
        try
        {
            Directory.Delete(_sockets, recursive: true);
        }
        catch (IOException)
        {
            // A master that is just going removes its own socket.
        }
    }

    internal static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private IEnumerable<string> Options =>
    [
        .. configuration is null ? Array.Empty<string>() : ["-F", configuration],
        "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2",
        "-o", "ControlMaster=auto", "-o", $"ControlPath={_sockets}/%C", "-o", "ControlPersist=60", "-o", "LogLevel=ERROR",
    ];

    private async Task LeaveAsync(string address)
    {
        using var atMost = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await CliWrap.Cli.Wrap("ssh").WithArguments([.. Options, "-O", "exit", address]).WithValidation(CommandResultValidation.None)
                .ExecuteAsync(atMost.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or System.ComponentModel.Win32Exception)
        {
            // It ends by itself after ControlPersist.
        }
    }
}
