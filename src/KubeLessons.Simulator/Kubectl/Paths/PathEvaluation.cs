using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Paths;

/// <summary>One application of a template to a document.</summary>
internal sealed class PathEvaluation(bool allowMissing)
{
    /// <summary>So many values may be met; a template cannot run away on nested descents.</summary>
    private const int MaxSteps = 2_000_000;

    private int _steps;

    public string? Error { get; private set; }

    public List<ImmutableArray<Doc>> Find(ImmutableArray<PathNode> nodes, Doc document)
    {
        var results = new List<ImmutableArray<Doc>>();
        Run(nodes, 0, document, results, inRange: false);
        return results;
    }

    // Runs nodes from a position to the end of the block that it is in; returns the position after it.
    private int Run(ImmutableArray<PathNode> nodes, int from, Doc? document, List<ImmutableArray<Doc>> results, bool inRange)
    {
        for (var i = from; i < nodes.Length && Error is null; i++)
        {
            if (nodes[i] is PathNode.Sequence { Parts: [PathNode.Keyword { Name: "end" }, ..] })
            {
                if (!inRange)
                {
                    Error = "not in range, nothing to end";
                }

                return i;
            }

            ImmutableArray<Doc> cur = document is null ? [] : [document];
            if (nodes[i] is PathNode.Sequence { Parts: [PathNode.Keyword { Name: "range" }, .. var path] })
            {
                i = RunRange(nodes, i + 1, Walk(cur, new PathNode.Sequence([.. path])), results);
                continue;
            }

            results.Add(document is null && nodes[i] is PathNode.Text ? [] : Walk(cur, nodes[i]));
        }

        return nodes.Length;
    }

    private int RunRange(ImmutableArray<PathNode> nodes, int from, ImmutableArray<Doc> items, List<ImmutableArray<Doc>> results)
    {
        var end = nodes.Length;
        foreach (var item in items)
        {
            end = Run(nodes, from, item, results, inRange: true);
        }

        // Without items the block is still walked, to find where it ends.
        return items.IsEmpty ? Run(nodes, from, null, [], inRange: true) : end;
    }

    private ImmutableArray<Doc> Walk(ImmutableArray<Doc> values, PathNode node)
    {
        if (Error is not null || (_steps += values.Length + 1) > MaxSteps)
        {
            Error ??= "too many results";
            return [];
        }

        switch (node)
        {
            case PathNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    values = Walk(values, part);
                }

                return values;
            case PathNode.Text text:
                return [text.Value];
            case PathNode.Literal literal:
                return [.. values.Select(_ => literal.Value)];
            case PathNode.Field field:
                return Fields(values, field.Name);
            case PathNode.Wildcard:
                return [.. values.SelectMany(Children)];
            case PathNode.Descent:
                return [.. values.SelectMany(Descend)];
            case PathNode.Slice slice:
                return Slices(values, slice);
            case PathNode.Union union:
                return [.. union.Members.SelectMany(member => Walk(values, member))];
            case PathNode.Filter filter:
                return [.. values.SelectMany(value => Children(value).Where(item => Passes(item, filter)))];
            default:
                Error = "unexpected keyword";
                return [];
        }
    }

    private ImmutableArray<Doc> Fields(ImmutableArray<Doc> values, string name)
    {
        if (name.Length == 0)
        {
            return values;
        }

        var found = ImmutableArray.CreateBuilder<Doc>();
        foreach (var value in values)
        {
            if (value[name] is { } field)
            {
                found.Add(field);
            }
        }

        if (found.Count == 0 && values.Length > 0 && !allowMissing)
        {
            Error = name + " is not found";
        }

        return found.DrainToImmutable();
    }

    private ImmutableArray<Doc> Slices(ImmutableArray<Doc> values, PathNode.Slice slice)
    {
        var found = ImmutableArray.CreateBuilder<Doc>();
        foreach (var value in values)
        {
            if (value is not DocArray)
            {
                if (value is not DocNull)
                {
                    Error = $"{(value is DocObject ? "map[string]interface {}" : "string")} is not array or slice";
                }

                continue;
            }

            AddSlice(value.Items, slice, found);
        }

        return found.DrainToImmutable();
    }

    private void AddSlice(ImmutableArray<Doc> items, PathNode.Slice slice, ImmutableArray<Doc>.Builder found)
    {
        var start = slice.Start ?? 0;
        start = start < 0 ? start + items.Length : start;
        if (slice.IsIndex)
        {
            if (start < 0 || start >= items.Length)
            {
                if (!allowMissing)
                {
                    Error = $"array index out of bounds: index {slice.Start}, length {items.Length}";
                }

                return;
            }

            found.Add(items[start]);
            return;
        }

        var end = slice.End ?? items.Length;
        end = Math.Min(end < 0 ? end + items.Length : end, items.Length);
        var step = slice.Step is > 0 ? slice.Step.Value : 1;
        for (var i = Math.Max(0, start); i < end; i += step)
        {
            found.Add(items[i]);
        }
    }

    private static IEnumerable<Doc> Children(Doc value) => value switch
    {
        DocArray => value.Items,
        DocObject => value.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Value),
        _ => [],
    };

    private static IEnumerable<Doc> Descend(Doc value)
    {
        yield return value;
        foreach (var below in Children(value).SelectMany(Descend))
        {
            yield return below;
        }
    }

    private bool Passes(Doc item, PathNode.Filter filter)
    {
        // A missing key inside a filter never ends the whole: the item just does not pass.
        var quiet = new PathEvaluation(true);
        var left = quiet.Walk([item], filter.Left);
        if (filter.Operator == "exists")
        {
            return left.Length > 0;
        }

        var right = quiet.Walk([item], filter.Right!);
        if (left.Length == 0 || right.Length == 0)
        {
            return false;
        }

        if (left.Length > 1 || right.Length > 1)
        {
            Error = "can only compare one element at a time";
            return false;
        }

        return Compare(left[0], filter.Operator, right[0]);
    }

    private bool Compare(Doc left, string op, Doc right)
    {
        int order;
        if (left.AsDouble is { } a && right.AsDouble is { } b)
        {
            order = a.CompareTo(b);
        }
        else if (left.AsText is { } s && right.AsText is { } t)
        {
            order = string.CompareOrdinal(s, t);
        }
        else if (left.AsBool is { } p && right.AsBool is { } q && op is "==" or "!=")
        {
            return p == right.AsBool == (op == "==");
        }
        else
        {
            Error = "incompatible types for comparison";
            return false;
        }

        return op switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }
}
