namespace KubeLessons.Simulator.Shell.Syntax;

internal enum TokenKind
{
    Word,
    Operator,
    Newline,
    End,
}

/// <summary>One token. <see cref="Descriptor"/> is the number that stands right before a redirection (<c>2&gt;</c>).</summary>
internal sealed record Token(TokenKind Kind, string Text, ScriptPosition At, int EndOffset)
{
    public Word? Word { get; init; }

    public int? Descriptor { get; init; }

    /// <summary>The word as it stands, when nothing in it is quoted or expanded: it may be a reserved word.</summary>
    public string? Literal => Word?.Literal;

    /// <summary>How bash names it in "syntax error near unexpected token".</summary>
    public string Shown => Kind == TokenKind.Newline ? "newline" : Text;

    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;
}
