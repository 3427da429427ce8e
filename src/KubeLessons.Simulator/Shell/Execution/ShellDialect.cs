namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>Whose words a shell uses.</summary>
internal enum ShellDialect
{
    /// <summary>GNU bash: the shell of the hosts.</summary>
    Bash,

    /// <summary>busybox' ash: the shell of small containers.</summary>
    Ash,
}

/// <summary>How a shell got its commands; it decides how a message begins.</summary>
internal enum ShellSource
{
    /// <summary>From a terminal: <c>bash: message</c>.</summary>
    Interactive,

    /// <summary>From <c>-c</c>: <c>bash: line 1: message</c>.</summary>
    Argument,

    /// <summary>From a file or a pipe: <c>script.sh: line 1: message</c>.</summary>
    Script,
}
