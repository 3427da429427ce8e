using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Verbs;

internal enum WaitKind
{
    Condition,
    Path,
    Delete,
    Create,
}

/// <summary>What <c>--for</c> says: <c>condition=Ready</c>, <c>condition=Ready=False</c>, <c>jsonpath={.a}=b</c>, <c>delete</c>, <c>create</c>.</summary>
internal sealed record WaitCondition(WaitKind Kind)
{
    private string Name { get; init; } = "";

    private string Value { get; init; } = "";

    private JsonPath? Path { get; init; }

    private bool AnyValue { get; init; }

    public static (WaitCondition? Condition, string? Error) Parse(string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "delete":
                return (new WaitCondition(WaitKind.Delete), null);
            case "create":
                return (new WaitCondition(WaitKind.Create), null);
        }

        if (text.StartsWith("condition=", StringComparison.Ordinal))
        {
            var condition = text["condition=".Length..];
            var equals = condition.IndexOf('=', StringComparison.Ordinal);
            return (new WaitCondition(WaitKind.Condition)
            {
                Name = equals < 0 ? condition : condition[..equals],
                Value = equals < 0 ? "true" : condition[(equals + 1)..],
            }, null);
        }

        return text.StartsWith("jsonpath=", StringComparison.Ordinal) ? ParsePath(text["jsonpath=".Length..]) : (null, $"unrecognized condition: \"{text}\"");
    }

    /// <summary>Whether an object is as asked; or why that cannot be said.</summary>
    public (bool Holds, string? Error) Holds(Doc value) => Kind == WaitKind.Condition ? (HasCondition(value), null) : HasValue(value);

    private static (WaitCondition? Condition, string? Error) ParsePath(string text)
    {
        var input = text.Trim('\'', '"');
        if (input.Length == 0)
        {
            return (null, "jsonpath expression cannot be empty");
        }

        // The value stands after the equals sign behind the braces; filters have equals signs of their own.
        var closed = input.LastIndexOf('}');
        var equals = input.IndexOf('=', closed < 0 ? 0 : closed);
        var (expression, wanted) = equals < 0 ? (input, null) : (input[..equals], input[(equals + 1)..].Trim('\'', '"'));
        if (wanted is { Length: 0 })
        {
            return (null, "jsonpath wait has to have a value after equal sign");
        }

        if (JsonPath.Relaxed(expression.Trim('\'', '"')) is not { } template)
        {
            return (null, "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
        }

        return JsonPath.TryParse(template, allowMissing: true, out var path, out var error)
            ? (new WaitCondition(WaitKind.Path) { Path = path, Value = wanted ?? "", AnyValue = wanted is null }, null)
            : (null, error);
    }

    private bool HasCondition(Doc value)
    {
        foreach (var condition in value.List("status", "conditions"))
        {
            if (!string.Equals(condition.Text("type"), Name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // A condition that was observed on an older spec does not count.
            var observed = condition.Int("observedGeneration") ?? value.Int("status", "observedGeneration");
            return !(observed < value.Int("metadata", "generation"))
                && string.Equals(condition.Text("status"), Value, StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private (bool Holds, string? Error) HasValue(Doc value)
    {
        if (!Path!.TryFind(value, out var results, out var error))
        {
            return (false, error);
        }

        if (results.Count == 0 || results[0].IsEmpty)
        {
            return (false, null);
        }

        if (results.Count > 1)
        {
            return (false, "given jsonpath expression matches more than one list");
        }

        if (results[0].Length > 1)
        {
            return (false, "given jsonpath expression matches more than one value");
        }

        return results[0][0] switch
        {
            DocObject or DocArray when !AnyValue => (false, "jsonpath leads to a nested object or list which is not supported"),
            var found => (AnyValue || JsonPath.TextOf(found) == Value, null),
        };
    }
}
