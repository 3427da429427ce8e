namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>awk's functions of their arguments alone.</summary>
internal static class AwkBuiltins
{
    /// <summary>A function's value; null when there is no such function of so many arguments.</summary>
    public static AwkValue? Call(string name, List<AwkValue> values, Func<AwkValue, string> text, World world)
    {
        switch (name, values.Count)
        {
            case ("length", 1):
                return AwkValue.Of(text(values[0]).Length);
            case ("substr", 2 or 3):
                return AwkValue.Of(Substring(text(values[0]), values));
            case ("index", 2):
                return AwkValue.Of(text(values[0]).IndexOf(text(values[1]), StringComparison.Ordinal) + 1);
            case ("toupper", 1):
                return AwkValue.Of(text(values[0]).ToUpperInvariant());
            case ("tolower", 1):
                return AwkValue.Of(text(values[0]).ToLowerInvariant());
            case ("sprintf", > 0):
                return AwkValue.Of(AwkFormat.Format(text(values[0]), values[1..]));
            case ("int", 1):
                return AwkValue.Of(Math.Truncate(values[0].Number));
            case ("sqrt", 1):
                return AwkValue.Of(Math.Sqrt(values[0].Number));
            case ("exp", 1):
                return AwkValue.Of(Math.Exp(values[0].Number));
            case ("log", 1):
                return AwkValue.Of(Math.Log(values[0].Number));
            case ("sin", 1):
                return AwkValue.Of(Math.Sin(values[0].Number));
            case ("cos", 1):
                return AwkValue.Of(Math.Cos(values[0].Number));
            case ("atan2", 2):
                return AwkValue.Of(Math.Atan2(values[0].Number, values[1].Number));
            case ("systime", 0):
                return AwkValue.Of(world.UtcNow.ToUnixTimeSeconds());
            case ("strftime", _):
                var time = values.Count > 1 && Math.Abs(values[1].Number) < 2e11 ? DateTimeOffset.FromUnixTimeSeconds((long)values[1].Number) : world.UtcNow;
                return AwkValue.Of(TimeFormat.Format(values.Count > 0 ? text(values[0]) : "%a %b %e %H:%M:%S %Z %Y", time));
            default:
                return null;
        }
    }

    // The characters from m on, n of them; both are rounded, and what lies outside the text does not count.
    private static string Substring(string text, List<AwkValue> values)
    {
        var start = Math.Round(values[1].Number, MidpointRounding.ToEven);
        var end = values.Count > 2 ? start + Math.Round(values[2].Number, MidpointRounding.ToEven) : double.PositiveInfinity;
        if (double.IsNaN(start) || double.IsNaN(end))
        {
            return "";
        }

        var from = (int)Math.Clamp(start, 1, text.Length + 1.0);
        var to = (int)Math.Clamp(end, from, text.Length + 1.0);
        return text[(from - 1)..(to - 1)];
    }
}
