using System.CommandLine;
using KubeLessons.Cli.Commands;
using KubeLessons.Clusters;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>The command line: reads it, runs the command, and turns what went wrong into a sentence and an exit code.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancellation)
    {
        var wording = Wording.For(LanguageIn(args) ?? Session.LanguageOf(surroundings));
        var root = new RootCommand(wording.Get("cli.description"));
        CommonOptions.AddTo(root, wording);
        foreach (var command in All(wording, surroundings))
        {
            root.Subcommands.Add(command);
        }

        root.SetAction((parsed, _) => Guard(Session.Of(parsed, surroundings), session => FirstSteps.ShowAsync(session)));
        var result = root.Parse(KubectlCommand.Shield(args));
        if (result.Errors.Count > 0)
        {
            return UsageErrors.Report(result, surroundings, wording);
        }

        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
        };
        return await result.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a command's work; a fault becomes a sentence on standard error and an exit code, never a stack trace (but with --verbose).</summary>
    internal static async Task<int> Guard(Session session, Func<Session, Task<int>> work)
    {
        try
        {
            return await work(session).ConfigureAwait(false);
        }
        catch (UserError error)
        {
            session.Error.WriteLine(session.Say("cli.error", error.Told));
            return error.ExitCode;
        }
        catch (ClusterUnavailableException error)
        {
            session.Error.WriteLine(session.Say("cli.error", error.Message));
            return ExitCodes.ClusterUnavailable;
        }
        catch (OperationCanceledException)
        {
            session.Error.WriteLine(session.Say("run.interrupted"));
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            session.Error.WriteLine(session.Say("cli.bug", error.Message));
            session.Error.WriteLine(session.IsVerbose ? error.ToString() : session.Say("cli.bugMore"));
            return ExitCodes.Errored;
        }
    }

    private static IEnumerable<Command> All(Wording wording, Surroundings surroundings) =>
    [
        ListCommand.Create(wording, surroundings),
        ShowCommand.Create(wording, surroundings),
        RunCommand.Create(wording, surroundings),
        LintCommand.Create(wording, surroundings),
        VerifyCommand.Create(wording, surroundings),
        ShellCommand.Create(wording, surroundings),
        KubectlCommand.Create(wording, surroundings),
        DoctorCommand.Create(wording, surroundings),
        CompletionCommand.Create(wording, surroundings),
        VersionCommand.Create(wording, surroundings),
    ];

    // The help texts are made before the line is parsed, so their language is looked up first.
    private static string? LanguageIn(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--lang" && i + 1 < args.Length)
            {
                return args[i + 1];
            }

            if (args[i].StartsWith("--lang=", StringComparison.Ordinal))
            {
                return args[i]["--lang=".Length..];
            }
        }

        return null;
    }
}
