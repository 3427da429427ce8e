using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal abstract record AwkExpression;

internal sealed record AwkConstant(AwkValue Value) : AwkExpression;

/// <summary><c>/regex/</c>: alone, whether the record matches it.</summary>
internal sealed record AwkRegex(string Pattern) : AwkExpression;

internal sealed record AwkVariable(string Name) : AwkExpression;

internal sealed record AwkField(AwkExpression Number) : AwkExpression;

internal sealed record AwkElement(string Array, ImmutableArray<AwkExpression> Key) : AwkExpression;

internal sealed record AwkGroup(AwkExpression Inner) : AwkExpression;

/// <summary><see cref="Operator"/> "" for <c>=</c>, else the operator of <c>+=</c> and its kin.</summary>
internal sealed record AwkAssignment(AwkExpression Target, string Operator, AwkExpression Value) : AwkExpression;

/// <summary><c>++x</c>, <c>x--</c></summary>
internal sealed record AwkStep(AwkExpression Target, double By, bool IsPrefix) : AwkExpression;

internal sealed record AwkConditional(AwkExpression Condition, AwkExpression Then, AwkExpression Else) : AwkExpression;

/// <summary><c>&amp;&amp;</c> or <c>||</c></summary>
internal sealed record AwkLogical(bool IsAnd, AwkExpression Left, AwkExpression Right) : AwkExpression;

/// <summary><c>! - +</c></summary>
internal sealed record AwkUnary(char Operator, AwkExpression Operand) : AwkExpression;

/// <summary>Arithmetic, comparison, concatenation (<c>" "</c>) and matching (<c>~</c>, <c>!~</c>).</summary>
internal sealed record AwkBinary(string Operator, AwkExpression Left, AwkExpression Right) : AwkExpression;

internal sealed record AwkIn(ImmutableArray<AwkExpression> Key, string Array) : AwkExpression;

internal sealed record AwkCall(string Function, ImmutableArray<AwkExpression> Arguments) : AwkExpression;

/// <summary><c>getline</c>: from the input, from a file, or from a command.</summary>
internal sealed record AwkGetline(AwkExpression? Target, AwkExpression? File, AwkExpression? Command) : AwkExpression;

internal abstract record AwkStatement;

internal sealed record AwkBlock(ImmutableArray<AwkStatement> Statements) : AwkStatement;

internal sealed record AwkEvaluation(AwkExpression Expression) : AwkStatement;

/// <summary><c>print</c> or <c>printf</c>; <see cref="Redirect"/> is ">", ">>", "|" or "".</summary>
internal sealed record AwkPrint(ImmutableArray<AwkExpression> Arguments, bool IsFormatted, string Redirect, AwkExpression? Target) : AwkStatement;

internal sealed record AwkIf(AwkExpression Condition, AwkStatement Then, AwkStatement? Else) : AwkStatement;

/// <summary>while, do-while and for: <see cref="TestsLast"/> for do.</summary>
internal sealed record AwkLoop(AwkStatement? Start, AwkExpression? Condition, AwkStatement? Step, AwkStatement Body, bool TestsLast) : AwkStatement;

internal sealed record AwkForIn(string Variable, string Array, AwkStatement Body) : AwkStatement;

internal sealed record AwkDelete(string Array, ImmutableArray<AwkExpression> Key) : AwkStatement;

/// <summary>next, exit, return, break, continue; with a value for exit and return.</summary>
internal sealed record AwkJump(AwkFlow Flow, AwkExpression? Value) : AwkStatement;

internal enum AwkFlow
{
    None,
    Next,
    NextFile,
    Exit,
    Return,
    Break,
    Continue,

    /// <summary>A fault that ends the program; it has been said.</summary>
    Fault,
}

internal enum AwkPatternKind
{
    Begin,
    End,
    Always,
    Expression,
    Range,
}

/// <summary>One rule; without an action it prints the record.</summary>
internal sealed record AwkRule(AwkPatternKind Kind, AwkExpression? Pattern, AwkExpression? RangeEnd, AwkBlock? Action);

internal sealed record AwkFunction(string Name, ImmutableArray<string> Parameters, AwkBlock Body);

internal sealed record AwkScript(ImmutableArray<AwkRule> Rules, ImmutableDictionary<string, AwkFunction> Functions);
