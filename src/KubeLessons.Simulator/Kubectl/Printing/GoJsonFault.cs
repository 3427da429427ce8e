namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>Why a text is no JSON object, in the words of Go's encoding/json, as far as they tell the usual slips apart.</summary>
internal static class GoJsonFault
{
    public static string Of(string text)
    {
        var expectsKey = false;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            }
            else if (c == '"')
            {
                (quoted, expectsKey) = (true, false);
            }
            else if (expectsKey && !char.IsWhiteSpace(c) && c != '}')
            {
                return $"invalid character '{c}' looking for beginning of object key string";
            }
            else if (c == '{')
            {
                expectsKey = true;
            }
            else if (c == '}')
            {
                expectsKey = false;
            }
        }

        return "unexpected end of JSON input";
    }
}
