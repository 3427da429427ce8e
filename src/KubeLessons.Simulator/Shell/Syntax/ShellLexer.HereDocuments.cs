using System.Text;

namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ShellLexer
{
    /// <summary>Whether a here-document ran to the end of the text without its delimiter (bash warns and takes what there is).</summary>
    public (string Delimiter, int Line)? UnendedHereDocument { get; private set; }

    private void ReadHereDocument(HereDocumentBody document)
    {
        var at = PositionAt(_at);
        var text = new StringBuilder();
        var ended = false;
        while (!IsAtEnd && !ended)
        {
            var line = ReadHereDocumentLine(document);
            ended = line == document.Delimiter;
            if (!ended)
            {
                text.Append(line).Append('\n');
            }
        }

        if (!ended)
        {
            UnendedHereDocument ??= (document.Delimiter, at.Line - 1);
        }

        document.Text = document.IsQuoted
            ? Word.Of(text.ToString(), at)
            : Inner(text.ToString(), at.Line, lexer => lexer.ReadWholeText(PartsEnd.HereDocument));
    }

    private string ReadHereDocumentLine(HereDocumentBody document)
    {
        var line = new StringBuilder();
        while (true)
        {
            var end = _text.IndexOf('\n', _at);
            var piece = _text.AsSpan(_at, (end < 0 ? _text.Length : end) - _at);
            _at = end < 0 ? _text.Length : end + 1;
            if (document.StripsTabs && line.Length == 0)
            {
                piece = piece.TrimStart('\t');
            }

            line.Append(piece);

            // In an unquoted document a backslash at the end joins two lines before the delimiter is looked for.
            if (document.IsQuoted || IsAtEnd || !EndsInOddBackslashes(piece))
            {
                return line.ToString();
            }

            line.Length--;
        }
    }

    private static bool EndsInOddBackslashes(ReadOnlySpan<char> text) => (text.Length - text.TrimEnd('\\').Length) % 2 == 1;
}
