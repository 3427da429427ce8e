using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>A new shell's variables: the environment, and what a shell sets itself.</summary>
internal static class ShellStart
{
    public const string Version = "5.2.15(1)-release";

    public static Interpreter Interpreter(Process self, ShellDialect dialect, ShellSource source, string name, ImmutableArray<string> positional)
    {
        var state = new ShellState
        {
            ShellId = self.OwnId,
            Name = name,
            Source = source,
            Dialect = dialect,
            Positional = positional,
            StartedAt = self.World.Now,
        };
        foreach (var (key, value) in self.Environment)
        {
            if (Syntax.ShellLexer.IsName(key))
            {
                state.Variables.Export(key, value);
            }
        }

        SetDefaults(self, state);
        return new Interpreter(self, state, ShellIo.Of(self.Input, self.Output, self.Error, TextStream.Empty(self.World)));
    }

    /// <summary>What a login gives a user: <c>HOME</c>, <c>PATH</c> and the like.</summary>
    public static ImmutableDictionary<string, string> LoginEnvironment(string user, string shell) =>
        ImmutableDictionary<string, string>.Empty
            .Add("HOME", HomeOf(user))
            .Add("USER", user)
            .Add("LOGNAME", user)
            .Add("SHELL", shell)
            .Add("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .Add("LANG", "C.UTF-8")
            .Add("TERM", "xterm-256color");

    public static string HomeOf(string user) => user == "root" ? "/root" : "/home/" + user;

    private static void SetDefaults(Process self, ShellState state)
    {
        var variables = state.Variables;
        Default("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        variables.Set("IFS", " \t\n");
        variables.Set("OPTIND", "1");
        variables.Set("PS4", "+ ");
        variables.Set("UID", self.Start.User == "root" ? "0" : "1000");
        variables.Set("EUID", self.Start.User == "root" ? "0" : "1000");
        variables.Export("PWD", self.WorkingDirectory);
        var level = int.TryParse(variables.Value("SHLVL"), out var outer) && outer is >= 0 and < 1000 ? outer + 1 : 1;
        variables.Export("SHLVL", level.ToString());
        if (state.Dialect == ShellDialect.Bash)
        {
            variables.Set("BASH", "/bin/bash");
            variables.Set("BASH_VERSION", Version);
            variables.Set("HOSTNAME", HostNames.Of(self));
            variables.Set("HOSTTYPE", "x86_64");
            variables.Set("OSTYPE", "linux-gnu");
            variables.Set("MACHTYPE", "x86_64-pc-linux-gnu");
        }

        if (state.Source == ShellSource.Interactive)
        {
            Default("PS1", state.Dialect == ShellDialect.Bash ? @"[\u@\h \W]\$ " : @"\w \$ ");
            Default("PS2", "> ");
        }

        void Default(string name, string value)
        {
            if (variables.Find(name) is null)
            {
                variables.Set(name, value);
            }
        }
    }
}
