namespace KubeLessons.Simulator.Documents;

/// <summary>In which styles a text may be written inside a block (libyaml's analysis of a scalar).</summary>
internal readonly record struct YamlTextShape(bool AllowsPlain, bool AllowsSingleQuotes, bool AllowsBlock)
{
    public static YamlTextShape Of(string text)
    {
        if (text.Length == 0)
        {
            return new YamlTextShape(true, true, false);
        }

        var indicator = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal);
        var special = false;
        var lineBreaks = false;
        var breakSpace = false;
        var spaceBreak = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : ' ';
            var previous = i > 0 ? text[i - 1] : ' ';
            indicator |= IsIndicator(c, i == 0, IsBlank(previous), IsBlank(next));
            special |= !IsPrintable(c);
            lineBreaks |= c == '\n';
            breakSpace |= c == ' ' && previous == '\n';
            spaceBreak |= c == '\n' && i > 0 && previous == ' ';
        }

        var edges = text[0] is ' ' or '\n' || text[^1] is ' ' or '\n';
        return new YamlTextShape(
            AllowsPlain: !edges && !breakSpace && !spaceBreak && !special && !lineBreaks && !indicator,
            AllowsSingleQuotes: !breakSpace && !spaceBreak && !special,
            AllowsBlock: text[^1] != ' ' && !spaceBreak && !special);
    }

    /// <summary>Characters that need no escape. yaml.v2 escapes tabs and whatever lies beyond the basic plane.</summary>
    public static bool IsPrintable(char c) =>
        c == '\n' || c is (>= ' ' and <= '~') or (>= '\u00a0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd' and not '\ufeff');

    private static bool IsIndicator(char c, bool first, bool afterBlank, bool beforeBlank) => first
        ? c switch
        {
            '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => true,
            '?' or ':' or '-' => beforeBlank,
            _ => false,
        }
        : c switch
        {
            ':' => beforeBlank,
            '#' => afterBlank,
            _ => false,
        };

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r';
}
