using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What <c>echo</c> writes.</summary>
internal static class EchoText
{
    public static string Of(ReadOnlySpan<string> arguments)
    {
        var (endsLine, decodes) = (true, false);
        var first = 0;
        for (; first < arguments.Length && IsOption(arguments[first]); first++)
        {
            foreach (var letter in arguments[first].AsSpan(1))
            {
                endsLine &= letter != 'n';
                decodes = letter == 'e' || (letter != 'E' && decodes);
            }
        }

        var text = string.Join(' ', arguments[first..]!);
        var stops = false;
        text = decodes ? Escapes.Decode(text, EscapeStyle.Echo, out stops) : text;
        return endsLine && !stops ? text + "\n" : text;
    }

    // Only words of these letters are options; anything else is text.
    private static bool IsOption(string word) => word is ['-', _, ..] && word.AsSpan(1).IndexOfAnyExcept("neE") < 0;
}
