using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>
/// A span of cluster time that may name Kubernetes' own constants, e.g. <c>${nodeMonitorGracePeriod}+15s</c>: a sum of terms. What a
/// name stands for is asked of the cluster at hand, so that one lesson is true for every version and setting.
/// </summary>
/// <param name="Text">The expression as written.</param>
/// <param name="Terms">What is added up, in order; never empty.</param>
public sealed record Duration(string Text, ImmutableArray<DurationTerm> Terms)
{
    /// <summary>No time at all.</summary>
    public static Duration Zero { get; } = Of(TimeSpan.Zero);

    /// <summary>A duration without names.</summary>
    public static Duration Of(TimeSpan span) => new(GoDuration.Format(span), [new DurationTerm(null, span, 1)]);

    /// <summary>The names that must be known before the duration has a value.</summary>
    public IEnumerable<string> Symbols => Terms.Where(term => term.Symbol is not null).Select(term => term.Symbol!);

    /// <summary>
    /// Adds the terms up. False, and the name in <paramref name="unknown"/>, when <paramref name="symbols"/> lacks one.
    /// A sum below zero becomes zero: nothing is expected before its cause.
    /// </summary>
    public bool TryResolve(IReadOnlyDictionary<string, TimeSpan> symbols, out TimeSpan span, out string? unknown)
    {
        span = TimeSpan.Zero;
        unknown = null;
        foreach (var term in Terms)
        {
            var value = term.Span;
            if (term.Symbol is not null && !symbols.TryGetValue(term.Symbol, out value))
            {
                unknown = term.Symbol;
                return false;
            }

            span += value * term.Factor;
        }

        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>One term of a duration: a constant's name, or a fixed span, times a factor (below zero where it is subtracted).</summary>
/// <param name="Symbol">The constant's name, or null for a fixed span.</param>
/// <param name="Span">The fixed span; zero for a name.</param>
/// <param name="Factor">How often it counts.</param>
public sealed record DurationTerm(string? Symbol, TimeSpan Span, int Factor);
