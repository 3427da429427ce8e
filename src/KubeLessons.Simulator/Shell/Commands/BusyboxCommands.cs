using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What the busybox image brings: ash, and the everyday commands as far as busybox has them.</summary>
public static class BusyboxCommands
{
    /// <summary>Installs them.</summary>
    public static void AddTo(ProgramTable programs)
    {
        programs.Add("sh", ShellProgram.Ash);
        programs.Add("ash", ShellProgram.Ash);
    }
}
