using System.Collections.Immutable;
using System.Text;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Simulator;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.SimulatedCluster;

/// <summary>
/// The simulator as a cluster of the heart. It drives the world stepped: a command, or a wait, runs turns until it is over, on
/// the caller's thread, so every task that it returns is already complete.
/// </summary>
public sealed class SimulatedCluster : ICluster
{
    private const int TurnsBetweenLooks = 512;
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(5);

    private readonly World _world;
    private readonly IReadOnlyDictionary<string, Host> _hosts;
    private readonly ChangeFeed _feed;

    public SimulatedCluster(
        World world, IReadOnlyDictionary<string, Host> hosts, ClusterDescription description, ImmutableSortedSet<string> resources)
    {
        (_world, _hosts, Description) = (world, hosts, description);
        _feed = new ChangeFeed(world, resources);
    }

    public ClusterDescription Description { get; }

    public Task<CommandResult> RunAsync(ClusterCommand command, Action<OutputChunk>? onOutput, CancellationToken cancellation)
    {
        var started = _world.UtcNow;
        if (!_hosts.TryGetValue(command.Node, out var host) || !host.IsPoweredOn || host.Programs.Find("bash") is not { } bash)
        {
            var words = $"ssh: connect to host {command.Node} port 22: No route to host\n";
            onOutput?.Invoke(new OutputChunk(words, true));
            return Task.FromResult(new CommandResult(255, words, "", words, started, started));
        }

        var both = new StringBuilder();
        var (output, error) = (new StringBuilder(), new StringBuilder());
        TextStream Sink(StringBuilder into, bool isError) => new(_world, text =>
        {
            both.Append(text);
            into.Append(text);
            onOutput?.Invoke(new OutputChunk(text, isError));
        });
        var process = host.Processes.Start(new ProcessStart(["bash", "-c", command.Script], bash)
        {
            Environment = Environment(host).SetItems(command.Environment),
            WorkingDirectory = "/root",
            Output = Sink(output, false),
            Error = Sink(error, true),
        });
        var deadline = _world.Now + command.AtMost;
        var exitCode = Drive(process, deadline, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new CommandResult(exitCode, both.ToString(), output.ToString(), error.ToString(), started, _world.UtcNow));
    }

    public ValueTask<ClusterChanges> ObserveAsync(long afterPosition, CancellationToken cancellation) =>
        new(_feed.After(afterPosition));

    public ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        var deadline = _world.Now + atMost;
        var known = _feed.Count;
        while (!_feed.HasMoreThan(known) && _world.StepUntil(deadline))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        if (_feed.HasMoreThan(known))
        {
            // What else is due at this very instant belongs to it.
            while (_world.StepUntil(_world.Now))
            {
            }
        }
        else
        {
            _world.AdvanceTo(deadline);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ImmutableDictionary<string, string> Environment(Host host) =>
        ImmutableDictionary<string, string>.Empty
            .Add("HOME", "/root").Add("USER", "root").Add("LOGNAME", "root").Add("SHELL", "/bin/bash").Add("HOSTNAME", host.Name)
            .Add("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").Add("LANG", "C.UTF-8").Add("PAGER", "cat");

    private int Drive(Process process, TimeSpan deadline, CancellationToken cancellation)
    {
        var turns = 0;
        while (!process.HasExited)
        {
            if (!_world.StepUntil(deadline))
            {
                _world.AdvanceTo(deadline);
                return End(process, 124);
            }

            if (++turns % TurnsBetweenLooks == 0 && cancellation.IsCancellationRequested)
            {
                return End(process, 130);
            }
        }

        return process.ExitCode;
    }

    // As Ctrl-C at a terminal: everything that the command started is told, and what does not listen is killed.
    private int End(Process process, int exitCode)
    {
        foreach (var each in process.Host.Processes.Descendants(process).Append(process).ToList())
        {
            each.Send(ProcessSignal.Interrupt);
        }

        _world.RunUntil(() => process.HasExited, _world.Now + InterruptGrace);
        foreach (var each in process.Host.Processes.Descendants(process).Append(process).ToList())
        {
            each.Send(ProcessSignal.Kill);
        }

        return exitCode;
    }
}
