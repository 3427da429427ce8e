using System.Text;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>Text as it must be written for the shell to read it back.</summary>
internal static class Quoting
{
    private const string Special = " \t\n\"'\\$`&|;()<>*?[]!{}^";

    /// <summary>In single quotes where that is needed: what <c>set -x</c> and <c>${x@Q}</c> print.</summary>
    public static string Single(string text, bool always = false)
    {
        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            return DollarQuoted(text);
        }

        return always || text.Length == 0 || text[0] is '#' or '~' || text.AsSpan().IndexOfAny(Special) >= 0 ? "'" + text.Replace("'", "'\\''") + "'" : text;
    }

    /// <summary>With backslashes: what printf's <c>%q</c> prints.</summary>
    public static string Backslashed(string text)
    {
        if (text.Length == 0)
        {
            return "''";
        }

        if (text.Any(char.IsControl))
        {
            return DollarQuoted(text);
        }

        var quoted = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (Special.Contains(c) || c == ',' || (c is '#' or '~' && i == 0))
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.ToString();
    }

    /// <summary>In double quotes: how <c>declare -p</c> and <c>export -p</c> print values.</summary>
    public static string Double(string text)
    {
        if (text.Any(char.IsControl))
        {
            return DollarQuoted(text);
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\' or '$' or '`')
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static string DollarQuoted(string text)
    {
        var quoted = new StringBuilder("$'");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '\u001b' => "\\E",
                '\'' => "\\'",
                '\\' => "\\\\",
                _ when char.IsControl(c) => "\\" + Convert.ToString(c, 8).PadLeft(3, '0'),
                _ => c.ToString(),
            });
        }

        return quoted.Append('\'').ToString();
    }
}
