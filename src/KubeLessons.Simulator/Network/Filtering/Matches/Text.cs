namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Small pieces of iptables' way of writing.</summary>
internal static class Text
{
    private const string Plain = "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string Not(bool not) => not ? "! " : "";

    /// <summary>A string as `iptables -S` writes it: in quotes unless it is one plain word.</summary>
    public static string Quote(string text)
    {
        if (text.Length > 0 && text.All(letter => Plain.Contains(letter)))
            return text;
        var quoted = new System.Text.StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\' or '\'')
                quoted.Append('\\');
            quoted.Append(letter);
        }
        return quoted.Append('"').ToString();
    }
}
