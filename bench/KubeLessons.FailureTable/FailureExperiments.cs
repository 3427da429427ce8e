using System.Collections.Immutable;

namespace KubeLessons.FailureTable;

/// <summary>All experiments, and the simulator's answers to them.</summary>
internal static class FailureExperiments
{
    /// <summary>The version that the kit has.</summary>
    public const int Minor = 20;

    public static ImmutableArray<Experiment> All { get; } =
        [.. Resource.Names("Experiments/").SelectMany(name => ExperimentReader.Read(Resource.Read(name)))];

    /// <summary>Runs experiments on the simulator, each on a fresh cluster.</summary>
    public static Recording Simulate(IEnumerable<Experiment> experiments, Action<string> report)
    {
        var recording = Recording.Empty($"Kubernetes 1.{Minor}", "");
        foreach (var experiment in experiments)
        {
            report(experiment.Name);
            recording = recording with { Experiments = recording.Experiments.SetItem(experiment.Name, ExperimentRun.Run(experiment, new SimulatedLab(Minor), report)) };
        }

        return recording;
    }
}
