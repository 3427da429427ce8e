using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>A YAML value with its place in the Markdown file.</summary>
internal abstract record YamlNode(SourcePosition Position)
{
    /// <summary>The key that names this kind of value in the texts.</summary>
    public abstract string KindKey { get; }
}

/// <summary>A text, number or word.</summary>
/// <param name="Position">Where it starts, with its quotes.</param>
/// <param name="Value">Its text without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that it may mean a number, a boolean or null.</param>
/// <param name="Shift">How far into its source the value starts (1 behind a quote), or -1 where the places inside are not known.</param>
internal sealed record YamlScalar(SourcePosition Position, string Value, bool IsPlain, int Shift) : YamlNode(Position)
{
    public override string KindKey => "lint.kind.text";

    /// <summary>Whether nothing stands there, or <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null";

    /// <summary>The place of a character of the value, as exactly as is known.</summary>
    public SourcePosition At(int offset) =>
        Shift < 0 ? Position : Position with { Column = Position.Column + Shift + Math.Clamp(offset, 0, Value.Length) };
}

/// <summary>A list.</summary>
internal sealed record YamlList(SourcePosition Position, ImmutableArray<YamlNode> Items) : YamlNode(Position)
{
    public override string KindKey => "lint.kind.list";
}

/// <summary>A mapping, its keys in order and each there once.</summary>
internal sealed record YamlMapping(SourcePosition Position, ImmutableArray<YamlEntry> Entries) : YamlNode(Position)
{
    public override string KindKey => "lint.kind.mapping";

    /// <summary>The value of a key, or null.</summary>
    public YamlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;
}

/// <summary>One key of a mapping.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
