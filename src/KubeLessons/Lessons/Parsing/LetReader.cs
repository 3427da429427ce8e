using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing.Forms;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the content of a <c>let</c>: names and where their values are found.</summary>
internal sealed class LetReader(LessonReading reading)
{
    /// <summary>Names by which every shell lives; a value of the cluster must not replace them.</summary>
    private static readonly string[] ShellsOwn = ["PATH", "HOME", "PWD", "OLDPWD", "IFS", "SHELL", "USER", "HOSTNAME", "_"];

    /// <summary>The block; null, and reported, when it holds no names.</summary>
    public LetBlock? Read()
    {
        var entry = reading.Current;
        if (!YamlReader.TryRead(entry.Fence.Lines, reading.Diagnostics, out var content)) return null;
        if (content is not YamlMapping { Entries.Length: > 0 } mapping)
        {
            reading.Diagnostics.Report(content?.Position ?? entry.Fence.Position, "lint.letExpected");
            return null;
        }

        var bindings = ImmutableArray.CreateBuilder<LetBinding>();
        foreach (var (key, node) in mapping.Entries)
        {
            if (!VariableReference.IsName(key.Value)) reading.Diagnostics.Report(key.Position, "lint.variableName", key.Value);
            else if (ShellsOwn.Contains(key.Value)) reading.Diagnostics.Report(key.Position, "lint.variableOfShell", key.Value);
            if (node is not YamlScalar { IsNull: false } scalar)
            {
                reading.Diagnostics.Report(node.Position, "lint.letExpected");
                reading.Declare(key.Value);
                continue;
            }

            reading.Use(scalar);
            if (ObservedValueForms.Table.Read(scalar, reading) is { } value) bindings.Add(new LetBinding(key.Value, value, key.Position));
            reading.Declare(key.Value);
        }

        return new LetBlock(entry.Fence.Position, entry.Attributes, bindings.DrainToImmutable());
    }
}
