using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>The shell and the everyday commands of a host: one table, from a name to its program.</summary>
public static class CoreCommands
{
    private static readonly (string Name, ProgramMain Main)[] Table =
    [
        ("[", TextCommands.Test),
        ("arch", SystemCommands.Architecture),
        ("awk", Awk.AwkProgram.Main),
        ("base64", TextCommands.Base64),
        ("basename", TextCommands.BaseName),
        ("bash", ShellProgram.Bash),
        ("cat", Cat.Main),
        ("chgrp", OwnershipCommands.ChangeOwner),
        ("chmod", OwnershipCommands.ChangeMode),
        ("chown", OwnershipCommands.ChangeOwner),
        ("clear", SystemCommands.Clear),
        ("cmp", MoreFileCommands.Compare),
        ("column", LineFilters.Column),
        ("comm", MoreFileCommands.Common),
        ("cp", CopyCommands.Copy),
        ("cut", Cut.Main),
        ("date", TimeCommands.Date),
        ("dd", BlockCommands.Convert),
        ("diff", Diff.Main),
        ("dirname", TextCommands.DirectoryName),
        ("du", MoreFileCommands.DiskUsage),
        ("echo", TextCommands.Echo),
        ("egrep", Grep.Main),
        ("env", ProcessCommands.Environment),
        ("expr", Expr.Main),
        ("fallocate", BlockCommands.Allocate),
        ("false", self => ProcessCommands.Exit(self, 1)),
        ("fgrep", Grep.Main),
        ("find", Find.Main),
        ("fold", MoreFileCommands.Fold),
        ("gawk", Awk.AwkProgram.Main),
        ("grep", Grep.Main),
        ("groups", SystemCommands.Groups),
        ("head", Head.Main),
        ("hostname", SystemCommands.Hostname),
        ("id", SystemCommands.Id),
        ("kill", ProcessCommands.Kill),
        ("less", Cat.Page),
        ("ln", FileCommands.Link),
        ("ls", List.Main),
        ("md5sum", TextCommands.Md5),
        ("mkdir", FileCommands.MakeDirectory),
        ("mktemp", ProcessCommands.MakeTemporary),
        ("more", Cat.Page),
        ("mv", CopyCommands.Move),
        ("nice", ProcessCommands.Nice),
        ("nl", LineFilters.Number),
        ("nohup", ProcessCommands.NoHangup),
        ("nproc", SystemCommands.Processors),
        ("paste", LineFilters.Paste),
        ("printenv", ProcessCommands.PrintEnvironment),
        ("printf", TextCommands.Printf),
        ("pwd", ProcessCommands.WorkingDirectory),
        ("readlink", TextCommands.ReadLink),
        ("realpath", TextCommands.RealPath),
        ("rev", LineFilters.Reverse),
        ("rm", FileCommands.Remove),
        ("rmdir", FileCommands.RemoveDirectory),
        ("sed", Sed.SedProgram.Main),
        ("seq", Seq.Main),
        ("sh", ShellProgram.Bash),
        ("sha1sum", TextCommands.Sha1),
        ("sha256sum", TextCommands.Sha256),
        ("shuf", MoreFileCommands.Shuffle),
        ("sleep", TimeCommands.Sleep),
        ("sort", Sort.Main),
        ("stat", OwnershipCommands.Stat),
        ("sync", self => ProcessCommands.Exit(self, 0)),
        ("tac", LineFilters.Backwards),
        ("tail", Tail.Main),
        ("tee", LineFilters.Tee),
        ("test", TextCommands.Test),
        ("timeout", TimeCommands.Timeout),
        ("touch", FileCommands.Touch),
        ("tr", Tr.Main),
        ("true", self => ProcessCommands.Exit(self, 0)),
        ("truncate", MoreFileCommands.Truncate),
        ("tty", SystemCommands.Terminal),
        ("uname", SystemCommands.Uname),
        ("uniq", Uniq.Main),
        ("uptime", SystemCommands.Uptime),
        ("watch", TimeCommands.Watch),
        ("wc", WordCount.Main),
        ("which", ProcessCommands.Which),
        ("whoami", SystemCommands.WhoAmI),
        ("xargs", Xargs.Main),
        ("yes", TextCommands.Yes),
    ];

    /// <summary>Installs them.</summary>
    public static void AddTo(ProgramTable programs)
    {
        foreach (var (name, main) in Table)
        {
            programs.Add(name, main);
        }
    }

    /// <summary>The program of a name; null: it is not among them.</summary>
    internal static ProgramMain? Program(string name) => Array.Find(Table, entry => entry.Name == name).Main;
}
