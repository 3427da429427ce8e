using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// YAML text to <see cref="Doc"/> and back, in the dialect of Kubernetes' tools (sigs.k8s.io/yaml over YAML 1.1): <c>yes</c> and
/// <c>on</c> are booleans, keys are written in natural order, lists are not indented below their key.
/// </summary>
public static class DocYaml
{
    /// <summary>Maps and lists may be nested this deep.</summary>
    public const int MaxDepth = 200;

    /// <summary>So many values may come out of one document; aliases count as often as they are used.</summary>
    public const int MaxValues = 200_000;

    /// <summary>Reads the first document. A key that is there twice has its last value, as in sigs.k8s.io/yaml.</summary>
    /// <param name="text">YAML, or JSON, which is YAML too.</param>
    /// <param name="value">What it says; null when there is no document, or an empty one.</param>
    /// <param name="error">Why it cannot be read, as Go's yaml says it: <c>yaml: line 4: did not find expected key</c>.</param>
    public static bool TryParse(string text, out Doc? value, [NotNullWhen(false)] out string? error)
    {
        value = null;
        error = null;
        return Split(text) is not [var first, ..] || TryParseOne(first, out value, out error);
    }

    /// <summary>All documents of a text that are not empty; none when one of them cannot be read.</summary>
    public static bool TryParseAll(string text, out ImmutableArray<Doc> documents, [NotNullWhen(false)] out string? error)
    {
        var found = ImmutableArray.CreateBuilder<Doc>();
        documents = [];
        error = null;
        foreach (var part in Split(text))
        {
            if (!TryParseOne(part, out var value, out error))
            {
                return false;
            }

            if (value is not null)
            {
                found.Add(value);
            }
        }

        documents = found.DrainToImmutable();
        return true;
    }

    /// <summary>
    /// The documents of a stream, split at lines that begin with <c>---</c>, as kubectl splits a file before it parses the parts.
    /// Parts that hold nothing but white space and comments are left out.
    /// </summary>
    public static ImmutableArray<string> Split(string text)
    {
        var documents = ImmutableArray.CreateBuilder<string>();
        var current = new StringBuilder();
        foreach (var line in Lines(text))
        {
            if (line.StartsWith("---", StringComparison.Ordinal))
            {
                Add();
                continue;
            }

            current.Append(line).Append('\n');
        }

        Add();
        return documents.DrainToImmutable();

        void Add()
        {
            var part = current.ToString();
            current.Clear();
            if (part.Split('\n').Any(line => line.AsSpan().TrimStart() is { Length: > 0 } rest && rest[0] != '#'))
            {
                documents.Add(part);
            }
        }
    }

    /// <summary>YAML text with a line feed at its end, as <c>kubectl -o yaml</c> prints it.</summary>
    public static string Write(Doc value) => new YamlWriter().Write(value);

    private static bool TryParseOne(string text, out Doc? value, [NotNullWhen(false)] out string? error)
    {
        var read = YamlReader.TryRead(text, out value, out error);
        value = value is { IsNull: false } ? value : null;
        return read;
    }

    private static IEnumerable<string> Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines.Take(lines.Length - 1) : lines;
    }
}
