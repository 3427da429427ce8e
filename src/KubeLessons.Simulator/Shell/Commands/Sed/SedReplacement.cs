using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Sed;

/// <summary>The right side of <c>s</c>: <c>&amp;</c>, <c>\1</c>, <c>\n</c>, and GNU's <c>\U \L \u \l \E</c>.</summary>
internal static class SedReplacement
{
    public static void Append(StringBuilder into, string replacement, Match match)
    {
        var (mode, once) = ('E', '\0');
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c == '&')
            {
                Add(match.Value);
            }
            else if (c != '\\' || i + 1 >= replacement.Length)
            {
                Add(c.ToString());
            }
            else
            {
                var next = replacement[++i];
                switch (next)
                {
                    case >= '0' and <= '9':
                        Add(match.Groups[next - '0'].Value);
                        break;
                    case 'U' or 'L' or 'E':
                        mode = next;
                        break;
                    case 'u' or 'l':
                        once = next;
                        break;
                    case 'n':
                        Add("\n");
                        break;
                    case 't':
                        Add("\t");
                        break;
                    default:
                        Add(next.ToString());
                        break;
                }
            }
        }

        void Add(string text)
        {
            text = mode switch { 'U' => text.ToUpperInvariant(), 'L' => text.ToLowerInvariant(), _ => text };
            if (once != '\0' && text.Length > 0)
            {
                text = (once == 'u' ? char.ToUpperInvariant(text[0]) : char.ToLowerInvariant(text[0])) + text[1..];
                once = '\0';
            }

            into.Append(text);
        }
    }
}
