using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>Commands one after the other, each in the foreground or in the background.</summary>
internal sealed record CommandList(ImmutableArray<ListItem> Items, ScriptPosition At);

/// <summary>Pipelines joined by <c>&amp;&amp;</c> and <c>||</c>.</summary>
internal sealed record ListItem(Pipeline First, ImmutableArray<AndOrNext> Rest, bool IsBackground, string Source);

internal sealed record AndOrNext(bool IsAnd, Pipeline Pipeline);

internal sealed record Pipeline(ImmutableArray<CommandNode> Commands, bool IsNegated, bool IsTimed)
{
    public bool TimesPosix { get; init; }
}

internal abstract record CommandNode(ScriptPosition At)
{
    public ImmutableArray<Redirect> Redirects { get; init; } = [];
}

/// <summary>Assignments, then words: the name of a command and its arguments. One of the two may be missing.</summary>
internal sealed record SimpleCommand(ImmutableArray<Assignment> Assignments, ImmutableArray<Word> Words, ScriptPosition At)
    : CommandNode(At);

/// <summary><c>( … )</c></summary>
internal sealed record Subshell(CommandList Body, ScriptPosition At) : CommandNode(At);

/// <summary><c>{ …; }</c></summary>
internal sealed record Group(CommandList Body, ScriptPosition At) : CommandNode(At);

internal sealed record IfCommand(ImmutableArray<IfBranch> Branches, CommandList? Else, ScriptPosition At) : CommandNode(At);

internal sealed record IfBranch(CommandList Condition, CommandList Body);

/// <summary><c>while</c>, or <c>until</c> with <see cref="IsUntil"/>.</summary>
internal sealed record LoopCommand(bool IsUntil, CommandList Condition, CommandList Body, ScriptPosition At) : CommandNode(At);

/// <summary><c>for name in words</c>; default words: the positional parameters.</summary>
internal sealed record ForCommand(string Variable, ImmutableArray<Word> Words, CommandList Body, ScriptPosition At) : CommandNode(At);

/// <summary><c>for ((a; b; c))</c>; a missing part is null.</summary>
internal sealed record ArithmeticForCommand(Word? Start, Word? Condition, Word? Step, CommandList Body, ScriptPosition At)
    : CommandNode(At);

internal sealed record CaseCommand(Word Subject, ImmutableArray<CaseItem> Items, ScriptPosition At) : CommandNode(At);

internal sealed record CaseItem(ImmutableArray<Word> Patterns, CommandList? Body, CaseEnd End);

/// <summary>How a case item ends: <c>;;</c>, <c>;&amp;</c> (run the next body too), <c>;;&amp;</c> (look at the next patterns too).</summary>
internal enum CaseEnd
{
    Break,
    FallThrough,
    Continue,
}

internal sealed record FunctionDefinition(string Name, CommandNode Body, string Source, ScriptPosition At) : CommandNode(At);

/// <summary><c>(( … ))</c></summary>
internal sealed record ArithmeticCommand(Word Expression, ScriptPosition At) : CommandNode(At);

/// <summary><c>[[ … ]]</c></summary>
internal sealed record ConditionalCommand(Condition Condition, ScriptPosition At) : CommandNode(At);

internal abstract record Condition;

internal sealed record NotCondition(Condition Inner) : Condition;

internal sealed record AndCondition(Condition Left, Condition Right) : Condition;

internal sealed record OrCondition(Condition Left, Condition Right) : Condition;

/// <summary><c>-f file</c>, or a word alone (<see cref="Operator"/> is <c>-n</c>).</summary>
internal sealed record UnaryCondition(string Operator, Word Operand) : Condition;

internal sealed record BinaryCondition(Word Left, string Operator, Word Right) : Condition;

internal enum RedirectKind
{
    Input,
    Output,
    Append,
    Clobber,
    ReadWrite,
    DuplicateInput,
    DuplicateOutput,
    OutputAndError,
    AppendOutputAndError,
    HereDocument,
    HereString,
}

/// <summary>One redirection. <see cref="Descriptor"/> null: the operator's own (0 for input, 1 for output).</summary>
internal sealed record Redirect(RedirectKind Kind, int? Descriptor, Word Target, ScriptPosition At)
{
    /// <summary>The here-document's text, once the line that announces it has ended.</summary>
    public HereDocumentBody? HereDocument { get; init; }
}

/// <summary>The text of a here-document stands after the line of its redirection, so it is filled in when that line has been read.</summary>
internal sealed class HereDocumentBody(string delimiter, bool isQuoted, bool stripsTabs)
{
    public string Delimiter { get; } = delimiter;

    /// <summary>A quoted delimiter: nothing in the text is expanded.</summary>
    public bool IsQuoted { get; } = isQuoted;

    /// <summary><c>&lt;&lt;-</c>: leading tabs do not belong to the text.</summary>
    public bool StripsTabs { get; } = stripsTabs;

    public Word? Text { get; set; }
}
