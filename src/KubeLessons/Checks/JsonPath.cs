using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KubeLessons.Checks;

/// <summary>
/// kubectl's JSONPath over an observed object, as far as one value (or several, joined by blanks) goes: <c>{.a.b}</c>, <c>[0]</c>,
/// <c>[-1]</c>, <c>[*]</c>, <c>['a.b']</c>, <c>.a\.b</c> and filters <c>[?(@.type=="Ready")]</c>
/// (source: kubernetes.io/docs/reference/kubectl/jsonpath).
/// </summary>
public static class JsonPath
{
    /// <summary>What kubectl would print for the path: values joined by a blank; null when nothing is there.</summary>
    public static string? Evaluate(JsonElement root, string path)
    {
        var steps = Steps(path);
        if (steps is null)
        {
            return null;
        }

        IEnumerable<JsonElement> found = [root];
        foreach (var step in steps)
        {
            found = found.SelectMany(step).ToList();
        }

        var values = found.Select(Print).ToList();
        return values.Count == 0 ? null : string.Join(' ', values);
    }

    /// <summary>Whether the path can be read.</summary>
    public static bool IsValid(string path) => Steps(path) is not null;

    private static string Print(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static List<Func<JsonElement, IEnumerable<JsonElement>>>? Steps(string path)
    {
        var text = path.Trim();
        if (text.StartsWith('{') && text.EndsWith('}'))
        {
            text = text[1..^1].Trim();
        }

        text = text.TrimStart('$');
        var steps = new List<Func<JsonElement, IEnumerable<JsonElement>>>();
        for (var i = 0; i < text.Length;)
        {
            var step = text[i] == '[' ? Bracket(text, ref i) : Field(text, ref i);
            if (step is null)
            {
                return null;
            }

            steps.Add(step);
        }

        return steps;
    }

    private static Func<JsonElement, IEnumerable<JsonElement>>? Field(string text, ref int i)
    {
        if (text[i] == '.')
        {
            i++;
        }

        var name = new StringBuilder();
        while (i < text.Length && text[i] is not ('.' or '['))
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            name.Append(text[i++]);
        }

        var field = name.ToString();
        return field.Length == 0 ? null : field == "*" ? All : element => Child(element, field);
    }

    private static Func<JsonElement, IEnumerable<JsonElement>>? Bracket(string text, ref int i)
    {
        var end = ClosingBracket(text, i);
        if (end < 0)
        {
            return null;
        }

        var inner = text[(i + 1)..end].Trim();
        i = end + 1;
        if (inner == "*")
        {
            return All;
        }

        if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')'))
        {
            return Filter(inner[2..^1].Trim());
        }

        if (inner.Length >= 2 && inner[0] is '\'' or '"' && inner[^1] == inner[0])
        {
            var field = inner[1..^1];
            return element => Child(element, field);
        }

        return int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            ? element => At(element, index)
            : null;
    }

    private static int ClosingBracket(string text, int open)
    {
        var quote = '\0';
        for (var i = open + 1; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '\'' or '"')
            {
                quote = text[i];
            }
            else if (text[i] == ']')
            {
                return i;
            }
        }

        return -1;
    }

    private static Func<JsonElement, IEnumerable<JsonElement>>? Filter(string expression)
    {
        foreach (var sign in new[] { "==", "!=" })
        {
            var at = expression.IndexOf(sign, StringComparison.Ordinal);
            if (at <= 0)
            {
                continue;
            }

            var path = expression[..at].Trim().TrimStart('@');
            var value = expression[(at + 2)..].Trim().Trim('\'', '"');
            var wanted = sign == "==";
            return !IsValid(path) ? null : element => All(element).Where(item => (Evaluate(item, path) == value) == wanted);
        }

        var exists = expression.TrimStart('@');
        return !IsValid(exists) ? null : element => All(element).Where(item => Evaluate(item, exists) is not null);
    }

    private static IEnumerable<JsonElement> Child(JsonElement element, string field)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var value))
        {
            yield return value;
        }
    }

    private static IEnumerable<JsonElement> At(JsonElement element, int index)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var length = element.GetArrayLength();
            var place = index < 0 ? length + index : index;
            if (place >= 0 && place < length)
            {
                yield return element[place];
            }
        }
    }

    private static IEnumerable<JsonElement> All(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Object => element.EnumerateObject().Select(property => property.Value),
        _ => [],
    };
}
