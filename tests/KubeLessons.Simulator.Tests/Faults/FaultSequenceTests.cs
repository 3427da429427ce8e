using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>
/// Random sequences of faults on a cluster under load: after everything is repaired, the cluster is what was declared, every time,
/// and no invariant was broken on the way. An ordinary run tries some; KUBELESSONS_FAULTS says how many, and KUBELESSONS_FAULTS_SEED
/// repeats the one cluster on which some failed.
/// </summary>
public sealed class FaultSequenceTests(ITestOutputHelper output)
{
    /// <summary>So many sequences follow one another on one cluster.</summary>
    private const int PerCluster = 10;

    private const int OrdinarySequences = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cluster_converges_to_what_was_declared_after_any_sequence_of_faults(int etcdMembers)
    {
        var only = Number("KUBELESSONS_FAULTS_SEED");
        var first = only ?? Number("KUBELESSONS_FAULTS_FROM") ?? 1;
        var clusters = only is null ? ((Number("KUBELESSONS_FAULTS") ?? OrdinarySequences) + PerCluster - 1) / PerCluster : 1;
        var (converged, slowest, failures) = (0, TimeSpan.Zero, new StringBuilder());
        for (var seed = first; seed < first + clusters; seed++)
        {
            var (count, slow, failure) = Try(seed, etcdMembers, tells: only is not null);
            converged += count;
            slowest = slow > slowest ? slow : slowest;
            failures.Append(failure);
        }

        output.WriteLine($"{etcdMembers}: {converged} sequences converged, the slowest after {slowest.TotalSeconds:0} s");
        failures.Length.ShouldBe(0, failures.ToString());
    }

    private (int Converged, TimeSpan Slowest, string Failure) Try(long seed, int etcdMembers, bool tells)
    {
        var (converged, slowest) = (0, TimeSpan.Zero);
        FaultRun? run = null;
        IReadOnlyList<string> wrong;
        try
        {
            run = new FaultRun((ulong)seed, etcdMembers);
            while ((wrong = run.Next()).Count == 0 && ++converged < PerCluster)
            {
                slowest = run.ConvergedAfter > slowest ? run.ConvergedAfter : slowest;
            }
        }
        catch (InvalidOperationException fault)
        {
            // A part of the simulator that throws stops the world.
            wrong = [fault.ToString()];
        }

        if (wrong.Count == 0)
        {
            return (converged, slowest, "");
        }

        if (tells)
        {
            output.WriteLine(string.Join('\n', run?.Story ?? []));
            if (Environment.GetEnvironmentVariable("KUBELESSONS_FAULTS_TRACE") is { } file && run is not null)
            {
                File.WriteAllText(file, run.Trace);
            }
        }

        return (converged, slowest, string.Create(CultureInfo.InvariantCulture, $"""

            Sequence {converged + 1} of seed {seed} with {etcdMembers} member(s) of etcd did not end well:
              {string.Join("\n  ", wrong.Take(12))}
            To repeat it: KUBELESSONS_FAULTS_SEED={seed} dotnet test --project tests/KubeLessons.Simulator.Tests --filter-class "*FaultSequenceTests"

            """));
    }

    private static long? Number(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
