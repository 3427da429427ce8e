using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// What TERM and INT do to a cluster's components. All are written in Go, whose runtime catches these signals even where the
/// kernel would not deliver them (process 1 of a container): a container of theirs ends at once and not after its grace period.
/// </summary>
internal static class TerminationSignals
{
    /// <summary>The program, ending on TERM and INT with this code.</summary>
    public static ProgramMain Obeyed(this ProgramMain main, int exitCode = 0) => self =>
    {
        self.SignalHandler = signal =>
        {
            if (signal is not (ProcessSignal.Terminate or ProcessSignal.Interrupt))
            {
                return false;
            }

            self.Exit(exitCode);
            return true;
        };
        return main(self);
    };
}
