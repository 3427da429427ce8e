namespace KubeLessons.Simulator.Network.Filtering;

internal enum ArgumentUse
{
    None,
    Required,
    Optional,
}

/// <summary>iptables' own options, and which commands they may stand beside.</summary>
internal static class GlobalOptions
{
    /// <summary>The letters of commands; all others are options to one.</summary>
    public const string Commands = "ADCIRLSFZNXEP";

    private static readonly (string Name, char Letter)[] Long =
    [
        ("append", 'A'), ("delete", 'D'), ("check", 'C'), ("insert", 'I'), ("replace", 'R'), ("list", 'L'), ("list-rules", 'S'), ("flush", 'F'),
        ("zero", 'Z'), ("new-chain", 'N'), ("delete-chain", 'X'), ("rename-chain", 'E'), ("policy", 'P'), ("source", 's'), ("src", 's'),
        ("destination", 'd'), ("dst", 'd'), ("protocol", 'p'), ("proto", 'p'), ("in-interface", 'i'), ("out-interface", 'o'), ("jump", 'j'),
        ("goto", 'g'), ("match", 'm'), ("table", 't'), ("numeric", 'n'), ("verbose", 'v'), ("exact", 'x'), ("fragments", 'f'), ("wait", 'w'),
        ("wait-interval", 'W'), ("version", 'V'), ("help", 'h'), ("line-numbers", '0'), ("modprobe", 'M'), ("set-counters", 'c'), ("ipv4", '4'), ("ipv6", '6'),
    ];

    /// <summary>The letter of a long option; a beginning that only one option has will do.</summary>
    public static char? Letter(string name)
    {
        char? found = null;
        foreach (var (known, letter) in Long)
        {
            if (known == name)
                return letter;
            if (!known.StartsWith(name, StringComparison.Ordinal))
                continue;
            if (found is not null && found != letter)
                return null;
            found = letter;
        }
        return found;
    }

    public static ArgumentUse? Use(char letter) => letter switch
    {
        'A' or 'C' or 'D' or 'I' or 'R' or 'N' or 'E' or 'P' or 's' or 'd' or 'p' or 'i' or 'o' or 'j' or 'g' or 'm' or 't' or 'M' or 'c' or 'W' => ArgumentUse.Required,
        'L' or 'S' or 'F' or 'Z' or 'X' or 'w' or 'h' => ArgumentUse.Optional,
        'n' or 'v' or 'x' or 'f' or 'V' or '0' or '4' or '6' => ArgumentUse.None,
        _ => null,
    };

    /// <summary>The first of the options given that the command has no use for.</summary>
    public static char? Illegal(char command, bool byNumber, IReadOnlySet<char> given)
    {
        var legal = command switch
        {
            'A' or 'I' or 'R' => "sdpjviocf",
            'D' when byNumber => "v",
            'D' or 'C' => "sdpjviof",
            'L' => "nvx0",
            'P' => "vc",
            _ => "v",
        };
        foreach (var letter in "nsdpjvxio0cf")
        {
            if (given.Contains(letter) && !legal.Contains(letter))
                return letter;
        }
        return null;
    }
}
