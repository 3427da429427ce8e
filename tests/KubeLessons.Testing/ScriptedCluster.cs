using System.Collections.Immutable;
using System.Text;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Testing;

/// <summary>
/// A cluster whose whole life is written down by the test: what changes when, and what each command does. Its clock jumps, as a
/// simulated one's does.
/// </summary>
public sealed class ScriptedCluster : ICluster
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<TimeSpan, List<Func<DateTimeOffset, ClusterChange>>> _planned = [];
    private readonly List<ClusterChange> _changes = [];
    private readonly List<(string Part, Func<ScriptedCluster, ClusterCommand, (int ExitCode, string Output)> Does)> _commands = [];
    private TimeSpan _now;

    public ClusterDescription Description { get; init; } = new(
        ClusterKind.Simulated,
        "scripted",
        new KubernetesVersion(1, 33),
        1,
        ClusterSpec.Standard.Nodes,
        DurationSymbols.Upstream(new KubernetesVersion(1, 33)));

    /// <summary>All commands that were run, in order.</summary>
    public List<ClusterCommand> Commands { get; } = [];

    public static string Pod(string name, string phase, string node = "w1-k8s")
    {
        var ready = phase == "Running" ? "True" : "False";
        return $$"""
            {"kind":"Pod","metadata":{"name":"{{name}}","namespace":"default","labels":{"app":"{{name}}"} },
             "spec":{"nodeName":"{{node}}"},"status":{"phase":"{{phase}}","conditions":[{"type":"Ready","status":"{{ready}}"}]} }
            """;
    }

    /// <summary>From this time on (after the beginning, or after now), the fact has the value.</summary>
    public ScriptedCluster Fact(double seconds, string node, string noun, string name, string? value) =>
        Plan(seconds, at => new FactChange(at, new FactId(node, noun, name), value));

    /// <summary>From this time on the object is so; null: it is gone.</summary>
    public ScriptedCluster Object(double seconds, string resource, string name, string? json, string ns = "default", string by = "") =>
        Plan(seconds, at =>
        {
            var id = new ObjectId(resource, ns, name);
            return new ObjectChange(at, id, json is null ? null : new ObservedObject(id, at, () => Encoding.UTF8.GetBytes(json)), by);
        });

    /// <summary>What a command does that holds this text; others print nothing and succeed.</summary>
    public ScriptedCluster On(string part, Func<ScriptedCluster, ClusterCommand, (int ExitCode, string Output)> does)
    {
        _commands.Add((part, does));
        return this;
    }

    public Task<CommandResult> RunAsync(ClusterCommand command, Action<OutputChunk>? onOutput, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Commands.Add(command);
        var started = Begin + _now;
        var found = _commands.FirstOrDefault(known => command.Script.Contains(known.Part, StringComparison.Ordinal)).Does;
        var (exitCode, output) = found?.Invoke(this, command) ?? (0, "");
        onOutput?.Invoke(new OutputChunk(output, false));
        Reach(_now);
        return Task.FromResult(new CommandResult(exitCode, output, output, "", started, Begin + _now));
    }

    public ValueTask<ClusterChanges> ObserveAsync(long afterPosition, CancellationToken cancellation)
    {
        Reach(_now);
        return new(new ClusterChanges([.. _changes.Skip((int)afterPosition)], _changes.Count, Begin + _now));
    }

    public ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var deadline = _now + atMost;
        Reach(_planned.Keys.FirstOrDefault(deadline) is var next && next < deadline ? next : deadline);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ScriptedCluster Plan(double seconds, Func<DateTimeOffset, ClusterChange> change)
    {
        var at = _now + TimeSpan.FromSeconds(seconds);
        if (!_planned.TryGetValue(at, out var changes))
        {
            _planned.Add(at, changes = []);
        }

        changes.Add(change);
        return this;
    }

    private void Reach(TimeSpan time)
    {
        foreach (var (at, changes) in _planned.TakeWhile(entry => entry.Key <= time).ToList())
        {
            _changes.AddRange(changes.Select(change => change(Begin + at)));
            _planned.Remove(at);
        }

        _now = time;
    }
}
