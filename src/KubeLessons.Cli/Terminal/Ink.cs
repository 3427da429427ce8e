namespace KubeLessons.Cli.Terminal;

/// <summary>Colours for a terminal; none where there is no terminal or NO_COLOR is set.</summary>
internal sealed class Ink(bool hasColor)
{
    public bool HasColor => hasColor;

    public string Good(string text) => Paint(text, "32");

    public string Bad(string text) => Paint(text, "31");

    public string Warn(string text) => Paint(text, "33");

    public string Faint(string text) => Paint(text, "2");

    public string Strong(string text) => Paint(text, "1");

    public string Accent(string text) => Paint(text, "36");

    private string Paint(string text, string code) => hasColor && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
