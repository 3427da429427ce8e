using System.Text;

namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ScriptParser
{
    private static RedirectKind? KindOf(string text) => text switch
    {
        "<" => RedirectKind.Input,
        ">" => RedirectKind.Output,
        ">>" => RedirectKind.Append,
        ">|" => RedirectKind.Clobber,
        "<>" => RedirectKind.ReadWrite,
        "<&" => RedirectKind.DuplicateInput,
        ">&" => RedirectKind.DuplicateOutput,
        "&>" => RedirectKind.OutputAndError,
        "&>>" => RedirectKind.AppendOutputAndError,
        "<<" or "<<-" => RedirectKind.HereDocument,
        "<<<" => RedirectKind.HereString,
        _ => null,
    };

    private Redirect? ParseRedirect()
    {
        var token = lexer.Peek();
        if (token.Kind != TokenKind.Operator || KindOf(token.Text) is not { } kind)
        {
            return null;
        }

        lexer.Next();
        if (lexer.Peek().Word is not { } target)
        {
            lexer.FailAt(lexer.Peek());
            return null;
        }

        if (kind != RedirectKind.HereDocument)
        {
            lexer.Next();
            return new Redirect(kind, token.Descriptor, target, token.At);
        }

        // Announced before the next token is looked at: the line may end right here.
        var (delimiter, isQuoted) = Delimiter(target);
        var document = new HereDocumentBody(delimiter, isQuoted, token.Text == "<<-");
        lexer.Announce(document);
        lexer.Next();
        return new Redirect(kind, token.Descriptor, target, token.At) { HereDocument = document };
    }

    private static (string Text, bool IsQuoted) Delimiter(Word word)
    {
        var text = new StringBuilder();
        var isQuoted = false;
        foreach (var part in word.Parts)
        {
            switch (part)
            {
                case LiteralText literal:
                    text.Append(literal.Text);
                    break;
                case QuotedText quoted:
                    text.Append(quoted.Text);
                    isQuoted = true;
                    break;
                case DoubleQuoted inner:
                    text.Append(Delimiter(new Word(inner.Parts, word.At, "")).Text);
                    isQuoted = true;
                    break;
                case ParameterExpansion parameter:
                    text.Append(parameter.Source);
                    break;
            }
        }

        return (text.ToString(), isQuoted);
    }
}
