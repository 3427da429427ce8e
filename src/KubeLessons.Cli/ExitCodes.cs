namespace KubeLessons.Cli;

/// <summary>The exit codes that scripts rely on.</summary>
internal static class ExitCodes
{
    public const int Passed = 0;
    public const int CheckFailed = 1;

    /// <summary>A wrong command line, or a lesson that does not lint.</summary>
    public const int Usage = 2;

    public const int ClusterUnavailable = 3;
    public const int RefusedAsUnsafe = 4;

    /// <summary>A check or the tool itself failed.</summary>
    public const int Errored = 5;

    public const int TimedOut = 124;
    public const int Interrupted = 130;
}
