using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Sed;

/// <summary>Which lines a command is for.</summary>
internal abstract record SedAddress;

internal sealed record LineAddress(long Number) : SedAddress;

internal sealed record LastLineAddress : SedAddress;

/// <summary><c>/regex/</c>; null: the last regular expression again.</summary>
internal sealed record RegexAddress(Regex? Pattern) : SedAddress;

/// <summary><c>first~step</c></summary>
internal sealed record StepAddress(long First, long Step) : SedAddress;

/// <summary><c>addr1,+n</c></summary>
internal sealed record OffsetAddress(long Count) : SedAddress;

/// <summary>One command of a sed script. Blocks are jumps: <see cref="Target"/> is where <c>{</c> goes when it is not for the line.</summary>
internal sealed record SedCommand(char Letter, SedAddress? From, SedAddress? To, bool IsNegated)
{
    /// <summary>The text of a, i, c; the label of b, t, T and :; the file of r, w; the characters of y.</summary>
    public string Text { get; init; } = "";

    public string Replacement { get; init; } = "";

    public Regex? Pattern { get; init; }

    /// <summary>s///g</summary>
    public bool IsGlobal { get; init; }

    /// <summary>s///p</summary>
    public bool Prints { get; init; }

    /// <summary>s///3: from which match on.</summary>
    public int Occurrence { get; init; } = 1;

    /// <summary>s///w file</summary>
    public string? WriteFile { get; init; }

    /// <summary>The index of the command to go on with.</summary>
    public int Target { get; init; } = -1;

    public int ExitCode { get; init; }
}
