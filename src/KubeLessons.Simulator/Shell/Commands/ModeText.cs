namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>chmod's modes: octal, or <c>u+x,go-w,a=rX</c>.</summary>
internal static class ModeText
{
    /// <summary>The mode after a change; null when the text is no mode.</summary>
    public static int? Apply(string text, int mode, bool isDirectory)
    {
        if (text.Length is > 0 and < 5 && text.All(c => c is >= '0' and <= '7'))
        {
            return Convert.ToInt32(text, 8);
        }

        foreach (var clause in text.Split(','))
        {
            if (ApplyClause(clause, mode, isDirectory) is not { } changed)
            {
                return null;
            }

            mode = changed;
        }

        return mode;
    }

    private static int? ApplyClause(string clause, int mode, bool isDirectory)
    {
        var at = 0;
        var who = 0;
        for (; at < clause.Length && "ugoa".Contains(clause[at]); at++)
        {
            who |= clause[at] switch { 'u' => 0b111_000_000, 'g' => 0b000_111_000, 'o' => 0b000_000_111, _ => 0b111_111_111 };
        }

        who = who == 0 ? 0b111_111_111 : who;
        if (at >= clause.Length || !"+-=".Contains(clause[at]))
        {
            return null;
        }

        while (at < clause.Length)
        {
            var sign = clause[at++];
            if (!"+-=".Contains(sign))
            {
                return null;
            }

            var bits = 0;
            for (; at < clause.Length && "rwxXst".Contains(clause[at]); at++)
            {
                bits |= clause[at] switch
                {
                    'r' => 0b100_100_100,
                    'w' => 0b010_010_010,
                    'x' => 0b001_001_001,
                    'X' => isDirectory || (mode & 0b001_001_001) != 0 ? 0b001_001_001 : 0,
                    't' => 0b001_000_000_000,
                    _ => 0,
                };
            }

            bits &= who | 0b001_000_000_000;
            mode = sign switch { '+' => mode | bits, '-' => mode & ~bits, _ => (mode & ~who) | bits };
        }

        return mode;
    }
}
