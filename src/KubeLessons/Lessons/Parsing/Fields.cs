using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Texts;

namespace KubeLessons.Lessons.Parsing;

/// <summary>The typed fields of a YAML mapping. Unknown keys are reported when it is opened, missing ones and wrong types when they are read.</summary>
internal sealed class Fields
{
    private readonly YamlMapping _mapping;
    private readonly DiagnosticBag _diagnostics;
    private readonly HashSet<string> _misspelt = new(StringComparer.Ordinal);

    private Fields(YamlMapping mapping, DiagnosticBag diagnostics) => (_mapping, _diagnostics) = (mapping, diagnostics);

    /// <summary>Where the mapping starts.</summary>
    public SourcePosition Position => _mapping.Position;

    /// <summary>Opens a mapping that may have these keys; null, and reported, when the node is none.</summary>
    public static Fields? Open(YamlNode? node, SourcePosition position, DiagnosticBag diagnostics, params ReadOnlySpan<string> keys)
    {
        if (node is not YamlMapping mapping)
        {
            diagnostics.Report(node?.Position ?? position, "lint.mappingExpected", string.Join(", ", keys.ToArray()));
            return null;
        }

        var fields = new Fields(mapping, diagnostics);
        foreach (var entry in mapping.Entries)
        {
            if (keys.Contains(entry.Key.Value)) continue;
            diagnostics.Report(entry.Key.Position, "lint.unknownKey", entry.Key.Value, NearestWord.Suggest(entry.Key.Value, keys.ToArray()));
            if (NearestWord.Among(entry.Key.Value, keys.ToArray()) is { } meant) fields._misspelt.Add(meant);
        }

        return fields;
    }

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => _mapping.Find(key) is not null;

    /// <summary>The value of a key, or null.</summary>
    public YamlNode? Node(string key) => _mapping.Find(key);

    /// <summary>Where a key stands; the mapping's start where it is missing.</summary>
    public SourcePosition At(string key) => _mapping.Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Key.Position ?? Position;

    /// <summary>The value of a key that must be there. Where it is misspelt, that has been reported.</summary>
    public YamlNode? Required(string key)
    {
        var node = Node(key);
        if (node is null && !_misspelt.Contains(key)) _diagnostics.Report(Position, "lint.missingKey", key);
        return node;
    }

    /// <summary>A text that is not empty; null where it is missing or, reported, something else.</summary>
    public YamlScalar? Scalar(string key, bool required = false)
    {
        var node = required ? Required(key) : Node(key);
        if (node is null) return null;
        if (node is YamlScalar { IsNull: false } scalar && scalar.Value.AsSpan().Trim().Length > 0) return scalar;
        WrongKind(key, node, "lint.kind.text");
        return null;
    }

    /// <summary>The value of a text.</summary>
    public string? Text(string key, bool required = false) => Scalar(key, required)?.Value.Trim();

    /// <summary>A whole number within bounds.</summary>
    public long? Number(string key, long least, long most, bool required = false)
    {
        if (Scalar(key, required) is not { } scalar) return null;
        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _diagnostics.Report(scalar.Position, "lint.number", scalar.Value, least, most);
        return null;
    }

    /// <summary>One of a few words.</summary>
    public T? Word<T>(string key, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (Scalar(key) is not { } scalar) return null;
        return Choose(scalar, words);
    }

    /// <summary>A list of texts; a single text is a list of one.</summary>
    public ImmutableArray<YamlScalar> Scalars(string key)
    {
        switch (Node(key))
        {
            case null: return [];
            case YamlScalar { IsNull: false } single: return [single];
            case YamlList list:
                foreach (var odd in list.Items.Where(item => item is not YamlScalar)) WrongKind(key, odd, "lint.kind.text");
                return [.. list.Items.OfType<YamlScalar>()];
            case { } other:
                WrongKind(key, other, "lint.kind.list");
                return [];
        }
    }

    /// <summary>A list of words out of a few.</summary>
    public ImmutableArray<T> Words<T>(string key, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        var found = ImmutableArray.CreateBuilder<T>();
        foreach (var scalar in Scalars(key))
            if (Choose(scalar, words) is { } value) found.Add(value);
        return found.DrainToImmutable();
    }

    /// <summary>A duration.</summary>
    public Duration? Duration(string key, bool required = false) =>
        Scalar(key, required) is { } scalar ? DurationReader.Read(scalar, _diagnostics) : null;

    /// <summary>Reports that a key's value is of the wrong kind.</summary>
    public void WrongKind(string key, YamlNode node, string expectedKey) =>
        _diagnostics.Report(node.Position, "lint.wrongKind", key, Message.Of(expectedKey), Message.Of(node is YamlScalar { IsNull: true } ? "lint.kind.nothing" : node.KindKey));

    private T? Choose<T>(YamlScalar scalar, ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        var known = new List<string>(words.Length);
        foreach (var (word, value) in words)
        {
            if (word == scalar.Value) return value;
            known.Add(word);
        }

        _diagnostics.Report(scalar.Position, "lint.unknownWord", scalar.Value, NearestWord.Suggest(scalar.Value, known));
        return null;
    }
}
