namespace KubeLessons.Simulator.Network.Filtering;

internal enum FailureKind
{
    /// <summary>The command line is wrong: exit code 2, and a hint at the help.</summary>
    Usage,

    /// <summary>A word where none belongs: the same without the program's version.</summary>
    BadArgument,

    /// <summary>The kernel refused: exit code 1.</summary>
    Kernel,

    /// <summary>There is no such table: exit code 3.</summary>
    NoTable,
}

/// <summary>Why iptables 1.8.9 (legacy) did nothing, and how it says so.</summary>
internal sealed record IptablesFailure(FailureKind Kind, string Message)
{
    /// <summary>What was printed before the failure.</summary>
    public string Warning { get; init; } = "";

    public const string Version = "v1.8.9 (legacy)";

    public static IptablesFailure Usage(string message) => new(FailureKind.Usage, message);

    public static IptablesFailure Kernel(string message) => new(FailureKind.Kernel, message);

    public static IptablesFailure Invalid() => Kernel("Invalid argument. Run `dmesg' for more information.");

    public static IptablesFailure NoChain() => Kernel("No chain/target/match by that name.");

    /// <summary>The failure as `iptables` prints it, or, with a line number, `iptables-restore`.</summary>
    public CommandOutput Print(string program, int? line = null)
    {
        var where = line is null ? "" : $"Error occurred at line: {line}\n";
        var hint = $"{where}Try `{program} -h' or '{program} --help' for more information.\n";
        return Kind switch
        {
            FailureKind.Usage => new(2, "", $"{Warning}{program} {Version}: {Message}\n{hint}"),
            FailureKind.BadArgument => new(2, "", $"{Message}\n{hint}"),
            FailureKind.Kernel => new(1, "", line is null ? $"{program}: {Message}\n" : $"{program}: line {line} failed\n"),
            _ => new(3, "", $"{program} {Version}: {Message}\nPerhaps iptables or your kernel needs to be upgraded.\n"),
        };
    }
}
