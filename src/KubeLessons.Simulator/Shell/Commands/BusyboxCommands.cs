using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What the busybox image brings: ash, and the everyday commands as far as busybox has them.</summary>
public static class BusyboxCommands
{
    // The applets among the core commands (busybox 1.36, its default configuration). What busybox lacks is not here:
    // bash, column, stat's and gawk's own names among others.
    private const string Applets =
        "[ arch awk base64 basename cat chgrp chmod chown clear cmp comm cp cut date dd diff dirname du echo egrep env expr fallocate false "
        + "fgrep find fold grep groups head hostname id kill less ln ls md5sum mkdir mktemp more mv nice nl nohup nproc paste "
        + "printenv printf pwd readlink realpath rev rm rmdir sed seq sha1sum sha256sum shuf sleep sort stat sync tac tail tee "
        + "test timeout touch tr true truncate tty uname uniq uptime watch wc which whoami xargs yes";

    /// <summary>Installs them.</summary>
    public static void AddTo(ProgramTable programs)
    {
        programs.Add("sh", ShellProgram.Ash);
        programs.Add("ash", ShellProgram.Ash);
        foreach (var name in Applets.Split(' '))
        {
            programs.Add(name, CoreCommands.Program(name)!);
        }
    }
}
