using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing.Forms;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads conditions: a line of one of the <see cref="ConditionForms"/>, or a mapping with <c>object</c>, <c>jmespath</c> or <c>sh</c>.</summary>
internal sealed class ConditionReader(LessonReading reading)
{
    private static readonly string[] MappingKeys = ["object", "jmespath", "over", "sh", "on"];

    /// <summary>A list of conditions, or a single one. What is wrong is reported and left out.</summary>
    public ImmutableArray<Condition> ReadAll(YamlNode? node)
    {
        if (node is null) return [];
        IEnumerable<YamlNode> nodes = node is YamlList list ? list.Items : [node];
        if (!nodes.Any()) reading.Diagnostics.Report(node.Position, "lint.noConditions");
        return [.. nodes.Select(Read).OfType<Condition>()];
    }

    /// <summary>One condition; null, and reported, when it is none.</summary>
    public Condition? Read(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                reading.Use(scalar);
                return ConditionForms.Table.Read(scalar, reading);
            case YamlMapping mapping:
                return ReadMapping(mapping);
            default:
                reading.Diagnostics.Report(node.Position, "lint.conditionExpected");
                return null;
        }
    }

    private Condition? ReadMapping(YamlMapping mapping)
    {
        // "output contains Reason: x" is a mapping to YAML. Its key tells that a line was meant.
        if (mapping.Entries.FirstOrDefault(entry => entry.Key.Value.Contains(' ', StringComparison.Ordinal)) is { } line)
        {
            reading.Diagnostics.Report(line.Key.Position, "lint.colonInLine", line.Key.Value);
            return null;
        }

        if (Fields.Open(mapping, mapping.Position, reading.Diagnostics, MappingKeys) is not { } fields) return null;
        if (fields.Has("object")) return ReadObject(fields);
        if (fields.Has("jmespath")) return ReadJmesPath(fields);
        if (fields.Has("sh")) return ReadShell(fields);
        if (mapping.Entries.IsEmpty || mapping.Entries.Any(entry => MappingKeys.Contains(entry.Key.Value)))
            reading.Diagnostics.Report(mapping.Position, "lint.conditionExpected");
        return null;
    }

    private ObjectCondition? ReadObject(Fields fields)
    {
        Refuse(fields, "object", "jmespath", "sh", "over", "on");
        if (fields.Node("object") is not YamlMapping manifest)
        {
            fields.WrongKind("object", fields.Node("object")!, "lint.kind.mapping");
            return null;
        }

        if (manifest.Find("kind") is not YamlScalar { IsNull: false }) reading.Diagnostics.Report(manifest.Position, "lint.missingKey", "kind");
        var json = YamlJson.ToJson(manifest, reading.Use);
        return new ObjectCondition(new ConditionSource("object: " + json.GetRawText(), fields.Position), json);
    }

    private JmesPathCondition? ReadJmesPath(Fields fields)
    {
        Refuse(fields, "jmespath", "sh", "on");
        var expression = fields.Scalar("jmespath");
        var over = fields.Scalar("over", required: true);
        if (expression is null || over is null) return null;
        reading.Use(expression);
        if (ExpressionSyntax.JmesPathFault(expression.Value) is { } fault) reading.Diagnostics.Report(expression.Position, "lint.jmesPath", fault);
        reading.Use(over);
        return SelectionForms.Table.Read(over, reading) is { } choice
            ? new JmesPathCondition(new ConditionSource($"jmespath: {expression.Value}", fields.Position), expression.Value, choice)
            : null;
    }

    private ShellCondition? ReadShell(Fields fields)
    {
        Refuse(fields, "sh", "over");
        if (fields.Scalar("sh") is not { } command) return null;
        reading.UseInShell(command.Value, command.At);
        var on = fields.Scalar("on");
        if (on is not null) reading.Use(on);
        return new ShellCondition(
            new ConditionSource($"sh: {command.Value.Trim()}", fields.Position), command.Value, on is null ? null : reading.Node(on.Value, on.Position));
    }

    private void Refuse(Fields fields, string key, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
            if (fields.Has(other)) reading.Diagnostics.Report(fields.At(other), "lint.keyBeside", other, key);
    }
}
