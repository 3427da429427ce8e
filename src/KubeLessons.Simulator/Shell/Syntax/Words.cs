using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>A word as it stands in the script: its parts in order, and the text that it was read from.</summary>
internal sealed record Word(ImmutableArray<WordPart> Parts, ScriptPosition At, string Source)
{
    /// <summary>Set when it has the form of an assignment (<c>name=value</c>).</summary>
    public Assignment? Assignment { get; init; }

    /// <summary>Its text when nothing in it is quoted or expanded; null otherwise. Reserved words and names are literal.</summary>
    public string? Literal => Parts is [LiteralText literal] ? literal.Text : null;

    public static Word Of(string text, ScriptPosition at) => new([new QuotedText(text)], at, text);
}

internal abstract record WordPart;

/// <summary>Unquoted text: globs, braces and a leading tilde mean something in it.</summary>
internal sealed record LiteralText(string Text) : WordPart;

/// <summary>Text that stands for itself.</summary>
internal sealed record QuotedText(string Text) : WordPart;

/// <summary>What stands between double quotes: text and expansions that are not split.</summary>
internal sealed record DoubleQuoted(ImmutableArray<WordPart> Parts) : WordPart;

/// <summary><c>$(…)</c> or <c>`…`</c>.</summary>
internal sealed record CommandSubstitution(CommandList Commands) : WordPart;

/// <summary><c>&lt;(…)</c> or <c>&gt;(…)</c>.</summary>
internal sealed record ProcessSubstitution(CommandList Commands, bool IsInput) : WordPart;

/// <summary><c>$((…))</c>; the expression is expanded as if it stood in double quotes, then evaluated.</summary>
internal sealed record ArithmeticSubstitution(Word Expression) : WordPart;

/// <summary><c>$name</c> or <c>${…}</c>.</summary>
internal sealed record ParameterExpansion(string Name) : WordPart
{
    public ParameterForm Form { get; init; } = ParameterForm.Value;

    /// <summary>What stands in <c>[…]</c> after the name; null: nothing.</summary>
    public Word? Subscript { get; init; }

    /// <summary><c>${!name}</c>: the value names the parameter.</summary>
    public bool IsIndirect { get; init; }

    /// <summary>With the colon (<c>:-</c>), an empty value counts as unset.</summary>
    public bool EmptyCounts { get; init; }

    public Word? Operand { get; init; }

    /// <summary>The replacement of <c>${x/a/b}</c>, the length of <c>${x:1:2}</c>.</summary>
    public Word? SecondOperand { get; init; }

    /// <summary>The expansion as it was written; bash prints it for a bad substitution.</summary>
    public string Source { get; init; } = "";
}

internal enum ParameterForm
{
    Value,
    Length,
    Default,
    AssignDefault,
    Fault,
    Alternate,
    RemoveShortestPrefix,
    RemoveLongestPrefix,
    RemoveShortestSuffix,
    RemoveLongestSuffix,
    ReplaceFirst,
    ReplaceAll,
    ReplacePrefix,
    ReplaceSuffix,
    Substring,
    UpperFirst,
    UpperAll,
    LowerFirst,
    LowerAll,
    Quoted,

    /// <summary><c>${!name[@]}</c>: an array's keys.</summary>
    Keys,

    /// <summary><c>${!prefix*}</c>: the names of variables.</summary>
    Names,

    /// <summary>Not a form that bash knows.</summary>
    Bad,
}

/// <summary><c>name=value</c>, <c>name+=value</c>, <c>name[key]=value</c> or <c>name=(…)</c>.</summary>
internal sealed record Assignment(string Name, Word? Subscript, bool Appends, Word Value)
{
    /// <summary>The elements of an array literal; default: it is none.</summary>
    public ImmutableArray<ArrayElement> Elements { get; init; }
}

/// <summary>One element of an array literal, with <c>[key]=</c> or without.</summary>
internal sealed record ArrayElement(Word? Key, Word Value);
