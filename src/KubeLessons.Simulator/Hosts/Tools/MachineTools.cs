using System.Globalization;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>free, uptime, lscpu, hostnamectl, timedatectl: what the machine is made of and how it fares.</summary>
internal static class MachineTools
{
    /// <summary>Page cache and buffers of a machine that has been up for a while.</summary>
    internal const long CacheKiB = 1_512_448;

    public static IEnumerable<Wait> Free(Process self)
    {
        var words = self.Arguments.ToArray();
        if (CommandOptions.Parse([.. words], "bkmghtlvwWs:c:", longOptions: [new("human", 'h'), new("mebi", 'm'), new("gibi", 'g'), new("kibi", 'k'), new("bytes", 'b'), new("total", 't'), new("wide", 'w')]).Fault is { } fault)
        {
            self.Error.Write($"free: {fault}\n\nUsage:\n free [options]\n\nOptions:\n -b, --bytes         show output in bytes\n -k, --kibi          show output in kibibytes\n -m, --mebi          show output in mebibytes\n -g, --gibi          show output in gibibytes\n -h, --human         show human-readable output\n");
            self.Exit(1);
            yield break;
        }

        var isHuman = words.Any(word => word.StartsWith('-') && word.Contains('h'));
        var divisor = words.Contains("-m") ? 1024 : words.Contains("-g") ? 1024 * 1024 : 1;
        var total = self.Host.Machine.MemoryKiB;
        var used = ProcessUsage.UsedMemory(self.Host) / 1024;
        var free = Math.Max(total - used - CacheKiB, 65_536);
        string Cell(long kib) => isHuman ? Human(kib) : (kib / divisor).ToString(CultureInfo.InvariantCulture);
        self.Output.Write(
            "               total        used        free      shared  buff/cache   available\n"
            + $"Mem:    {Cell(total),12}{Cell(used),12}{Cell(free),12}{Cell(3_412),12}{Cell(total - used - free),12}{Cell(total - used),12}\n"
            + $"Swap:   {Cell(0),12}{Cell(0),12}{Cell(0),12}\n");
        yield break;
    }

    public static IEnumerable<Wait> Uptime(Process self)
    {
        var up = self.World.Now - self.Host.Machine.BootedAt;
        switch (self.Arguments.ToArray())
        {
            case ["-s" or "--since", ..]:
                self.Output.WriteLine($"{self.World.Epoch + self.Host.Machine.BootedAt:yyyy-MM-dd HH:mm:ss}");
                yield break;
            case ["-p" or "--pretty", ..]:
                var parts = new[] { Count(up.Days, "day"), Count(up.Hours, "hour"), Count(up.Minutes, "minute") }.Where(part => part.Length > 0).ToList();
                self.Output.WriteLine("up " + (parts.Count == 0 ? "0 minutes" : string.Join(", ", parts)));
                yield break;
        }

        self.Output.WriteLine($" {self.World.UtcNow:HH:mm:ss} {ProcessTools.Uptime(self.Host)},  1 user,  load average: {ProcessTools.LoadAverages(self.Host)}");
        yield break;
    }

    private static string Count(int number, string unit) => number == 0 ? "" : $"{number} {unit}{(number == 1 ? "" : "s")}";

    public static IEnumerable<Wait> Lscpu(Process self)
    {
        self.Output.Write($"Architecture:            x86_64\n  CPU op-mode(s):        32-bit, 64-bit\nCPU(s):                  {self.Host.Machine.Cpus}\n  On-line CPU(s) list:   0-{self.Host.Machine.Cpus - 1}\nVendor ID:               GenuineIntel\n");
        yield break;
    }

    public static IEnumerable<Wait> Nproc(Process self)
    {
        self.Output.WriteLine(self.Host.Machine.Cpus.ToString(CultureInfo.InvariantCulture));
        yield break;
    }

    public static IEnumerable<Wait> Hostnamectl(Process self)
    {
        var machine = self.Host.Machine;
        self.Output.Write($" Static hostname: {self.Host.Name}\n       Icon name: computer-vm\n         Chassis: vm\n      Machine ID: {machine.MachineId}\n         Boot ID: {machine.BootId.Replace("-", "", StringComparison.Ordinal)}\n"
            + $"  Virtualization: kvm\nOperating System: {Machine.OsImage}\n          Kernel: Linux {Machine.KernelRelease}\n    Architecture: x86-64\n");
        yield break;
    }

    public static IEnumerable<Wait> Timedatectl(Process self)
    {
        var now = TimeWords.Stamp(self.World.UtcNow);
        var isSynchronized = self.Host.Units.Find("chronyd")?.State == UnitState.Active;
        self.Output.Write($"               Local time: {now}\n           Universal time: {now}\n                 RTC time: {now[..^4]}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: {(isSynchronized ? "yes" : "no")}\n              NTP service: {(isSynchronized ? "active" : "inactive")}\n          RTC in local TZ: no\n");
        yield break;
    }

    // procps cuts what is ten or more, and rounds the one decimal below.
    private static string Human(long kib)
    {
        var (value, unit) = ((double)kib, 0);
        while (value >= 1024 && unit < 3)
        {
            value /= 1024;
            unit++;
        }

        var tenths = value.ToString("0.0", CultureInfo.InvariantCulture);
        return kib == 0 ? "0B" : (tenths.Length <= 3 ? tenths : ((long)value).ToString(CultureInfo.InvariantCulture)) + "KMGT"[unit] + "i";
    }
}
