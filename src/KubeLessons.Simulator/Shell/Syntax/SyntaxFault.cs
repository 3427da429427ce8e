namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>A place in a script: <see cref="Offset"/> counts characters from 0, <see cref="Line"/> and <see cref="Column"/> from 1.</summary>
public readonly record struct ScriptPosition(int Offset, int Line, int Column);

/// <summary>
/// Why a script cannot be parsed, in bash's words, such as <c>syntax error near unexpected token `fi'</c>.
/// <see cref="IsIncomplete"/>: more lines could mend it, so an interactive shell asks for them.
/// <see cref="SourceLine"/> is the faulty line where bash shows it; else null.
/// </summary>
public sealed record SyntaxFault(string Message, ScriptPosition At, bool IsIncomplete, string? SourceLine);
