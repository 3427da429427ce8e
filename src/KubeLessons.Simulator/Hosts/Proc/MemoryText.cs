using System.Globalization;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Hosts.Proc;

/// <summary>/proc/meminfo: what free(1) reads.</summary>
internal static class MemoryText
{
    private const long BuffersKiB = 41_216;
    private const long SharedKiB = 3_412;

    public static string Of(Host host)
    {
        var total = host.Machine.MemoryKiB;
        var used = ProcessUsage.UsedMemory(host) / 1024;
        var free = Math.Max(total - used - MachineTools.CacheKiB, 65_536);
        var cached = Math.Max(0, total - used - free - BuffersKiB);
        return string.Concat(
            Row("MemTotal", total), Row("MemFree", free), Row("MemAvailable", total - used), Row("Buffers", BuffersKiB), Row("Cached", cached),
            Row("SwapCached", 0), Row("Active", used / 2), Row("Inactive", cached), Row("Shmem", SharedKiB), Row("SwapTotal", 0), Row("SwapFree", 0));
    }

    private static string Row(string name, long kib) => string.Create(CultureInfo.InvariantCulture, $"{name + ":",-15}{kib,9} kB\n");
}
