using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>How a started command ended.</summary>
internal sealed class ChildResult
{
    public int ExitCode { get; set; }

    /// <summary>Why it could not be started; null: it was.</summary>
    public string? Reason { get; set; }
}

/// <summary>Starts commands for commands that run others: xargs, find -exec, timeout, watch.</summary>
internal static class Children
{
    /// <summary>Starts a command; null, with the reason and exit code in <paramref name="result"/>, when it cannot be.</summary>
    public static Process? Start(Process self, ImmutableArray<string> words, TextStream input, TextStream output, ChildResult result)
    {
        var found = CommandLookup.Find(self, words);
        var isFull = self.Host.Processes.Running.Count() >= Interpreter.MaxProcesses;
        if (found.Program is not { } program || isFull)
        {
            result.ExitCode = isFull ? 126 : found.Status;
            result.Reason = isFull ? "Resource temporarily unavailable"
                : found.Status == 126 ? PathAccess.Denied : PathAccess.NoSuchFile;
            return null;
        }

        return self.Host.Processes.Start(new ProcessStart(found.Arguments, program)
        {
            Parent = self,
            User = self.Start.User,
            WorkingDirectory = self.WorkingDirectory,
            Environment = self.Environment,
            Input = input,
            Output = output,
            Error = self.Error,
        });
    }

    /// <summary>Starts a command and waits for its end.</summary>
    public static IEnumerable<Wait> Run(Process self, ImmutableArray<string> words, TextStream input, TextStream output, ChildResult result)
    {
        if (Start(self, words, input, output, result) is not { } process)
        {
            yield break;
        }

        while (!process.HasExited)
        {
            yield return Wait.On(process.Exited);
        }

        result.ExitCode = process.ExitCode;
    }
}
