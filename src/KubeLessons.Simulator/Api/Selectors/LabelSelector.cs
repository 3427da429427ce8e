using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Selectors;

internal enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

/// <summary>
/// A condition on labels: from a query's text (<c>app=web,tier in (a,b),!old</c>) or from an object's
/// <c>{matchLabels, matchExpressions}</c>.
/// </summary>
public sealed class LabelSelector
{
    private readonly ImmutableArray<Requirement> _requirements;
    private readonly bool _matchesNothing;

    private LabelSelector(ImmutableArray<Requirement> requirements, bool matchesNothing = false) =>
        (_requirements, _matchesNothing) = (requirements, matchesNothing);

    /// <summary>The empty selector: all objects.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>What a null selector of a controller means: no object.</summary>
    public static LabelSelector Nothing { get; } = new([], matchesNothing: true);

    /// <summary>True when it takes every object.</summary>
    public bool IsEverything => _requirements.IsEmpty && !_matchesNothing;

    /// <summary>Reads a query's text; null with the fault, in the API server's words, when it is none.</summary>
    public static LabelSelector? Parse(string? text, out string? fault)
    {
        fault = null;
        return string.IsNullOrWhiteSpace(text) ? Everything : new LabelSelectorParser(text).Parse(out fault);
    }

    /// <summary>Reads an object's <c>LabelSelector</c> ({} means everything, null nothing).</summary>
    public static LabelSelector FromDoc(Doc? selector)
    {
        if (selector is null or DocNull)
        {
            return Nothing;
        }

        var requirements = ImmutableArray.CreateBuilder<Requirement>();
        Add(requirements, selector["matchLabels"]);
        foreach (var expression in selector.List("matchExpressions"))
        {
            var values = expression.List("values").Select(value => value.AsText ?? "").ToImmutableArray();
            requirements.Add(new Requirement(expression.Text("key") ?? "", OperatorNamed(expression.Text("operator")), values));
        }

        return new LabelSelector(requirements.ToImmutable());
    }

    /// <summary>Reads a plain map of labels, such as a Service's selector; null or empty means nothing.</summary>
    public static LabelSelector FromMap(Doc? labels)
    {
        var requirements = ImmutableArray.CreateBuilder<Requirement>();
        Add(requirements, labels);
        return requirements.Count == 0 ? Nothing : new LabelSelector(requirements.ToImmutable());
    }

    /// <param name="labels">The <c>metadata.labels</c>; null for none.</param>
    public bool Matches(Doc? labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels?.Text(requirement.Key)))
            {
                return false;
            }
        }

        return !_matchesNothing;
    }

    /// <summary>In the form of a query, as Kubernetes prints it: sorted by key.</summary>
    public override string ToString() =>
        string.Join(',', _requirements.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.ToString()));

    internal static LabelSelector Of(ImmutableArray<Requirement> requirements) => new(requirements);

    private static void Add(ImmutableArray<Requirement>.Builder requirements, Doc? labels)
    {
        if (labels is DocObject map)
        {
            for (var i = 0; i < map.Count; i++)
            {
                requirements.Add(new Requirement(map.Keys[i], LabelOperator.In, [map.Values[i].AsText ?? ""]) { IsEquality = true });
            }
        }
    }

    private static LabelOperator OperatorNamed(string? name) => name switch
    {
        "In" => LabelOperator.In,
        "NotIn" => LabelOperator.NotIn,
        "Exists" => LabelOperator.Exists,
        _ => LabelOperator.DoesNotExist,
    };

    internal sealed record Requirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
    {
        public bool IsEquality { get; init; }

        public bool Matches(string? value) => Operator switch
        {
            LabelOperator.In => value is not null && Values.Contains(value),
            LabelOperator.NotIn => value is null || !Values.Contains(value),
            LabelOperator.Exists => value is not null,
            LabelOperator.DoesNotExist => value is null,
            LabelOperator.GreaterThan => long.TryParse(value, out var number) && number > long.Parse(Values[0]),
            _ => long.TryParse(value, out var number) && number < long.Parse(Values[0]),
        };

        public override string ToString() => Operator switch
        {
            LabelOperator.In when IsEquality => $"{Key}={Values[0]}",
            LabelOperator.In => $"{Key} in ({string.Join(',', Values.Order(StringComparer.Ordinal))})",
            LabelOperator.NotIn when IsEquality => $"{Key}!={Values[0]}",
            LabelOperator.NotIn => $"{Key} notin ({string.Join(',', Values.Order(StringComparer.Ordinal))})",
            LabelOperator.Exists => Key,
            LabelOperator.DoesNotExist => "!" + Key,
            LabelOperator.GreaterThan => $"{Key}>{Values[0]}",
            _ => $"{Key}<{Values[0]}",
        };
    }
}
