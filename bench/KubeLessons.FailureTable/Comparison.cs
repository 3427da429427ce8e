using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.FailureTable;

/// <summary>One row of the table.</summary>
/// <param name="Simulator">What the simulator showed, as the table prints it.</param>
/// <param name="Real">What the real cluster showed, or what the requirement study says.</param>
/// <param name="IsEqual">Whether they are the same: words after masking, seconds within the documented span.</param>
internal sealed record Row(Experiment Experiment, string What, string Simulator, string Real, bool IsEqual, string? Because);

/// <summary>Compares what the simulator showed with what a real cluster showed.</summary>
internal static partial class Comparison
{
    private const string Nothing = "(nothing)";

    // Two runs of one cluster differ this much where no span is documented: both look every half second.
    private const double LeastTolerance = 2;
    private const double RelativeTolerance = 0.25;

    public static IEnumerable<Row> Rows(IEnumerable<Experiment> experiments, Recording simulator, Recording kit) =>
        from experiment in experiments
        from observation in experiment.Observations
        where observation.AppliesTo(Side.Simulator)
        let shown = simulator.Find(experiment.Name, observation.What)
        where shown is not null
        select RowOf(experiment, observation, shown, kit.Find(experiment.Name, observation.What));

    private static Row RowOf(Experiment experiment, Observation observation, Shown simulator, Shown? real)
    {
        var text = Print(observation, simulator);
        if (real is null && observation.Reference is { } reference)
        {
            var agrees = Regex.IsMatch(simulator.Text, observation.ReferencePattern ?? ".") && IsWithin(observation, simulator);
            return new Row(experiment, observation.What, text, $"{reference} (simulator.md)", agrees, observation.Because);
        }

        return real is null
            ? new Row(experiment, observation.What, text, "not recorded", false, observation.Because)
            : new Row(experiment, observation.What, text, Print(observation, real), AreEqual(observation, simulator, real), observation.Because);
    }

    private static bool AreEqual(Observation observation, Shown simulator, Shown real)
    {
        if (observation.Shows is null)
        {
            return Mask(simulator.Text) == Mask(real.Text);
        }

        if (simulator.Seconds is not { } one || real.Seconds is not { } other)
        {
            return simulator.Seconds is null && real.Seconds is null;
        }

        return observation.Span is { } span
            ? one >= span.From && one <= span.To && other >= span.From && other <= span.To
            : Math.Abs(one - other) <= Math.Max(LeastTolerance, RelativeTolerance * Math.Max(one, other));
    }

    private static bool IsWithin(Observation observation, Shown shown) =>
        observation.Shows is null || (shown.Seconds is { } seconds && (observation.Span is not { } span || (seconds >= span.From && seconds <= span.To)));

    private static string Print(Observation observation, Shown shown)
    {
        if (observation.Shows is null)
        {
            return Mask(shown.Text) is { Length: > 0 } text ? text : Nothing;
        }

        var span = observation.Span is { } ends ? string.Create(CultureInfo.InvariantCulture, $" (documented: {ends.From}…{ends.To} s)") : "";
        return shown.Seconds is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"after {seconds:0.0} s{span}")
            : string.Create(CultureInfo.InvariantCulture, $"not within {observation.AtMost.TotalSeconds} s{span}: {Mask(shown.Text)}");
    }

    /// <summary>The text without what two runs of one cluster differ in: pod addresses, generated names, identifiers, durations.</summary>
    private static string Mask(string text)
    {
        // The kit's wget is a script around busybox': it says so when its own time is up.
        text = text.Replace("Terminated\nwget:", "wget:", StringComparison.Ordinal);
        text = PodAddress().Replace(text, "POD-IP");
        text = GeneratedName().Replace(text, "-HASH");
        text = LongIdentifier().Replace(text, "ID");
        text = PodUid().Replace(text, "UID");
        text = SourcePort().Replace(text, "$1:PORT->");
        return Elapsed().Replace(text, "T ago");
    }

    [GeneratedRegex(@"\b172\.16\.\d+\.\d+\b")]
    private static partial Regex PodAddress();

    [GeneratedRegex(@"-[0-9a-f]{8,10}(-[a-z0-9]{5})?\b")]
    private static partial Regex GeneratedName();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex LongIdentifier();

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")]
    private static partial Regex PodUid();

    [GeneratedRegex(@"(\d+\.\d+\.\d+\.\d+):\d+->")]
    private static partial Regex SourcePort();

    [GeneratedRegex(@"\b[0-9hms.]+ ago\b")]
    private static partial Regex Elapsed();
}
