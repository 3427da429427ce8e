using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>The shell and the everyday commands of a host: one table, from a name to its program.</summary>
public static class CoreCommands
{
    /// <summary>Installs them.</summary>
    public static void AddTo(ProgramTable programs)
    {
        programs.Add("bash", ShellProgram.Bash);
        programs.Add("sh", ShellProgram.Bash);
    }
}
