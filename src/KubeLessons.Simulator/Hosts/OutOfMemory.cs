using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Hosts;

/// <summary>A process that the kernel has killed because memory had run out.</summary>
public sealed record OutOfMemoryKill(Process Victim);

/// <summary>
/// The kernel's way out when a machine has no memory left (mm/oom_kill.c): it kills the process with the most points, which are its
/// share of the memory in thousandths and its adjustment (/proc/PID/oom_score_adj), until there is some again.
/// </summary>
internal static class OutOfMemory
{
    /// <summary>Never killed (OOM_SCORE_ADJ_MIN).</summary>
    private const int Untouchable = -1000;

    public static void Relieve(Host host, Action<OutOfMemoryKill> killed)
    {
        var total = host.Machine.MemoryKiB * 1024;
        while (ProcessUsage.UsedMemory(host) > total && Victim(host, total) is { } victim)
        {
            KernelLog.OutOfMemory(host, victim, container: null);
            killed(new OutOfMemoryKill(victim));
            victim.Send(ProcessSignal.Kill);
        }
    }

    private static Process? Victim(Host host, long total)
    {
        var (worst, most) = ((Process?)null, long.MinValue);
        foreach (var process in host.Processes.Running)
        {
            var points = (ProcessUsage.ResidentBytes(process) * 1000 / total) + process.OomScoreAdjustment;
            if (process.OomScoreAdjustment > Untouchable && points > most)
            {
                (worst, most) = (process, points);
            }
        }

        return worst;
    }
}
