using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>The ends of pipes: they close when the last process that holds them has ended.</summary>
internal static class Pipes
{
    /// <summary>The stream gets its end once this process, and every other that writes to it, has ended.</summary>
    public static void CloseAfter(Process writer, TextStream stream) =>
        Coroutine.Start(writer.World, After(writer, process => process.Output == stream || process.Error == stream, stream.Close), _ => { });

    /// <summary>The stream breaks once this process, and every other that reads from it, has ended.</summary>
    public static void BreakAfter(Process reader, TextStream stream) =>
        Coroutine.Start(reader.World, After(reader, process => process.Input == stream, stream.Break), _ => { });

    private static IEnumerable<Wait> After(Process first, Func<Process, bool> holds, Action action)
    {
        for (var holder = first; holder is not null; holder = Holder(first.Host.Processes, holds))
        {
            while (!holder.HasExited)
            {
                yield return Wait.On(holder.Exited);
            }
        }

        action();
    }

    private static Process? Holder(ProcessTable processes, Func<Process, bool> holds)
    {
        foreach (var process in processes.Running)
        {
            if (holds(process))
            {
                return process;
            }
        }

        return null;
    }
}
