using System.Collections.Immutable;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>Faults that overlap in any way, some mended in between and some only at the end: a function of a seed.</summary>
internal sealed record FaultSequence(ImmutableArray<FaultStep> Steps)
{
    public const int MostFaults = 8;

    /// <summary>Sequences are hasty, such as a learner's slips, or take so long that what depends on a node gives it up.</summary>
    private static readonly int[] Spans = [20, 120, 420];

    public IEnumerable<Fault> Faults => Steps.Where(step => !step.IsRepair).Select(step => step.Fault);

    public static FaultSequence Draw(SeededRandom random, string controlPlane, IReadOnlyList<string> nodes, int etcdMembers)
    {
        var span = Spans[random.Next(Spans.Length)];
        var steps = new List<FaultStep>();
        for (var left = 1 + random.Next(MostFaults); left > 0; left--)
        {
            var fault = FaultCatalogue.Draw(random, controlPlane, nodes, etcdMembers);
            var at = random.NextDouble() * span;
            steps.Add(new FaultStep(TimeSpan.FromSeconds(at), fault, IsRepair: false));
            if (random.Next(2) == 0)
            {
                steps.Add(new FaultStep(TimeSpan.FromSeconds(at + (random.NextDouble() * (span - at))), fault, IsRepair: true));
            }
        }

        return new FaultSequence([.. steps.OrderBy(step => step.At)]);
    }
}
