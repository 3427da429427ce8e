using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>Linux' signals by number and name (signal(7)).</summary>
internal static class SignalNames
{
    public static readonly ImmutableArray<string> All =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
        "PWR", "SYS",
    ];

    public static string? Of(int number) => number >= 1 && number <= All.Length ? All[number - 1] : null;

    /// <summary>The number of a signal that is given as <c>15</c>, <c>TERM</c> or <c>SIGTERM</c>; null: there is none such. 0 is allowed.</summary>
    public static int? Number(string text)
    {
        if (int.TryParse(text, out var number))
        {
            return number >= 0 && number <= 64 ? number : null;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var index = All.IndexOf(name);
        return index < 0 ? null : index + 1;
    }
}
