using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>The captures of a line that has a form, read as what the form's value needs. What is wrong with one is reported.</summary>
internal sealed class FormMatch(YamlScalar scalar, FormMatcher matcher, LessonReading reading)
{
    /// <summary>The name of the word chosen among alternatives.</summary>
    public const string Choice = "|";

    /// <summary>The author's words.</summary>
    public ConditionSource Source => new(scalar.Value, scalar.Position);

    /// <summary>The word chosen among the form's alternatives.</summary>
    public string Chosen => Text(Choice);

    /// <summary>Whether an optional capture is there.</summary>
    public bool Has(string name) => matcher.Captures.ContainsKey(name);

    /// <summary>A capture's text, without quotes around the whole.</summary>
    public string Text(string name) => Words.Unquote(matcher.Captures[name].Text);

    /// <summary>A capture's text, or null where it is missing.</summary>
    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    /// <summary>A capture as a line of its own, with its place.</summary>
    public YamlScalar Line(string name)
    {
        var capture = matcher.Captures[name];
        var at = scalar.At(capture.Offset);
        return new YamlScalar(at, capture.Text, scalar.IsPlain, scalar.Shift < 0 ? -1 : 0);
    }

    /// <summary>Where a capture stands.</summary>
    public SourcePosition At(string name) => scalar.At(matcher.Captures[name].Offset);

    /// <summary>The capture PATH: a JSONPath, checked.</summary>
    public string Path()
    {
        var path = Text("PATH");
        if (!ExpressionSyntax.IsJsonPath(path)) reading.Diagnostics.Report(At("PATH"), "lint.jsonPath", path);
        return path;
    }

    /// <summary>The capture SELECTOR: a label selector, checked.</summary>
    public string Selector()
    {
        var selector = Text("SELECTOR");
        CheckSelector(selector, At("SELECTOR"));
        return selector;
    }

    /// <summary>A capture that names a node.</summary>
    public NodeReference Node(string name = "NODE") => reading.Node(Text(name), At(name));

    /// <summary>A capture that names a step, todo or check that stands above.</summary>
    public string Step(string name) => reading.Step(Text(name), At(name));

    /// <summary>A capture that is a whole number within bounds; the lower bound when it is not.</summary>
    public int Number(string name, int least, int most)
    {
        if (int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        reading.Diagnostics.Report(At(name), "lint.number", Text(name), least, most);
        return least;
    }

    /// <summary>A capture that is a regular expression, checked; it must do without look-around and back-references, so that matching takes linear time.</summary>
    public string Pattern(string name)
    {
        var pattern = Text(name);
        CheckPattern(pattern, At(name));
        return pattern;
    }

    /// <summary>A capture that is a sign of comparison, one of <c>= == != &lt; &lt;= &gt; &gt;=</c>.</summary>
    public Comparison Sign(string name)
    {
        switch (Text(name))
        {
            case "=" or "==": return Comparison.Equal;
            case "!=": return Comparison.NotEqual;
            case "<": return Comparison.Less;
            case "<=": return Comparison.LessOrEqual;
            case ">": return Comparison.Greater;
            case ">=": return Comparison.GreaterOrEqual;
            default:
                reading.Diagnostics.Report(At(name), "lint.sign", Text(name));
                return Comparison.Equal;
        }
    }

    /// <summary>The capture EFFECT: a taint's effect.</summary>
    public string Effect()
    {
        var effect = Text("EFFECT");
        if (!ResourceTypes.TaintEffects.Contains(effect))
            reading.Diagnostics.Report(At("EFFECT"), "lint.effect", effect, NearestWord.Suggest(effect, ResourceTypes.TaintEffects));
        return effect;
    }

    /// <summary>A capture that tests one cell of a printed table: <c>COLUMN=VALUE</c>, <c>COLUMN!=VALUE</c> or <c>COLUMN=~PATTERN</c>; null, and reported, when it is not.</summary>
    public CellTest? Cell(string name)
    {
        var text = matcher.Captures[name].Text;
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        var comparison = sign > 0 && text[sign - 1] == '!' ? Comparison.NotEqual
            : sign >= 0 && text.AsSpan(sign).StartsWith("=~") ? Comparison.Matches : Comparison.Equal;
        var column = sign < 0 ? string.Empty : Words.Unquote(text[..(comparison == Comparison.NotEqual ? sign - 1 : sign)]);
        if (column.Length == 0)
        {
            reading.Diagnostics.Report(At(name), "lint.cell", text);
            return null;
        }

        var value = Words.Unquote(text[(comparison == Comparison.Matches ? sign + 2 : sign + 1)..]);
        if (comparison == Comparison.Matches) CheckPattern(value, At(name));
        return new CellTest(column, comparison, value);
    }

    /// <summary>A capture that is a condition itself; null, and reported, when it is none or starts with <c>not</c> again.</summary>
    public Condition? Inner(string name)
    {
        var line = Line(name);
        if (Form<Condition>.HeadOf(line.Value) != "not") return ConditionForms.Table.Read(line, reading);
        reading.Diagnostics.Report(line.Position, "lint.notNot");
        return null;
    }

    /// <summary>The objects that the line chooses.</summary>
    public ResourceSelection Selection() => Judge(matcher.Selection!);

    /// <summary>The objects that the line chooses, where it names any.</summary>
    public ResourceSelection? OptionalSelection() => matcher.Selection is { } words ? Judge(words) : null;

    /// <summary>Where a request is made from: <c>from pod/NAME [-n NAMESPACE]</c> or <c>from NODE</c>.</summary>
    public Vantage From()
    {
        var where = Text("WHERE");
        if (!where.StartsWith("pod/", StringComparison.Ordinal) && !where.StartsWith("po/", StringComparison.Ordinal))
        {
            if (Has("NAMESPACE")) reading.Diagnostics.Report(At("NAMESPACE"), "lint.namespaceOfNode", where);
            return new Vantage(Node("WHERE"), null);
        }

        var name = where[(where.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (name.Length == 0) reading.Diagnostics.Report(At("WHERE"), "lint.resourceName", where);
        return new Vantage(null, new ResourceSelection("pod", name, null, OptionalText("NAMESPACE"), null));
    }

    /// <summary>The type of <c>TYPE/NAME</c> or <c>TYPE</c>.</summary>
    public static string TypeOf(string resource)
    {
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? resource : resource[..slash];
    }

    private ResourceSelection Judge(SelectionWords words)
    {
        var resource = words.Resource.Text;
        var type = TypeOf(resource);
        var name = type.Length == resource.Length ? null : resource[(type.Length + 1)..];
        var at = scalar.At(words.Resource.Offset);
        if (!ResourceTypes.IsKnown(type)) reading.Diagnostics.Report(at, "lint.unknownType", type, NearestWord.Suggest(type, ResourceTypes.Usual));
        if (name is "" || name?.Contains('/', StringComparison.Ordinal) == true) reading.Diagnostics.Report(at, "lint.resourceName", resource);
        if (name is not null && words.Selector is { } selector) reading.Diagnostics.Report(scalar.At(selector.Offset), "lint.nameAndSelector", resource);
        if (words.Selector is { } labels) CheckSelector(labels.Text, scalar.At(labels.Offset));
        var on = words.On is { } node ? reading.Node(node.Text, scalar.At(node.Offset)) : null;
        return new ResourceSelection(type, name, words.Selector?.Text, words.Namespace?.Text, on);
    }

    private void CheckSelector(string selector, SourcePosition at)
    {
        if (!ExpressionSyntax.IsSelector(selector)) reading.Diagnostics.Report(at, "lint.selector", selector);
    }

    private void CheckPattern(string pattern, SourcePosition at)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException fault)
        {
            reading.Diagnostics.Report(at, "lint.regex", pattern, fault.Message);
        }
        catch (NotSupportedException)
        {
            reading.Diagnostics.Report(at, "lint.regexTooMuch", pattern);
        }
    }
}
