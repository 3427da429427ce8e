using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>free, df, uptime, lscpu, hostnamectl, timedatectl: what the machine is made of and how it fares.</summary>
internal static class MachineTools
{
    /// <summary>Page cache and buffers of a machine that has been up for a while.</summary>
    internal const long CacheKiB = 1_512_448;

    public static IEnumerable<Wait> Free(Process self)
    {
        var words = self.Arguments.ToArray();
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

    public static IEnumerable<Wait> Df(Process self)
    {
        var isHuman = self.Arguments.ToArray().Any(word => word.StartsWith('-') && word.Contains('h'));
        var machine = self.Host.Machine;
        var used = DiskUse.UsedKiB(self.Host);
        string Cell(long kib) => isHuman ? Human(kib).Replace("Ki", "K").Replace("Mi", "M").Replace("Gi", "G") : kib.ToString(CultureInfo.InvariantCulture);
        var width = isHuman ? (5, 5, 5) : (9, 8, 9);
        self.Output.WriteLine(isHuman ? "Filesystem      Size  Used Avail Use% Mounted on" : "Filesystem     1K-blocks    Used Available Use% Mounted on");
        Row("udev", machine.MemoryKiB / 2 - 30_000, 0, "/dev");
        Row("tmpfs", machine.MemoryKiB / 5, 1_532, "/run");
        Row(self.ContainerId is null ? "/dev/vda1" : "overlay", machine.DiskKiB, used, "/");
        yield break;

        void Row(string name, long size, long usedKiB, string mountedOn)
        {
            var percent = size == 0 ? 0 : (int)Math.Ceiling(usedKiB * 100.0 / size);
            self.Output.WriteLine(
                $"{name,-14} {Cell(size).PadLeft(width.Item1)} {Cell(usedKiB).PadLeft(width.Item2 - (isHuman ? 0 : 1))} {Cell(size - usedKiB).PadLeft(width.Item3)} {percent,3}% {mountedOn}");
        }
    }

    public static IEnumerable<Wait> Uptime(Process self)
    {
        self.Output.WriteLine($" {self.World.UtcNow:HH:mm:ss} {ProcessTools.Uptime(self.Host)},  1 user,  load average: {ProcessTools.LoadAverages(self.Host)}");
        yield break;
    }

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

    private static string Human(long kib)
    {
        var (value, unit) = ((double)kib, 0);
        while (value >= 1024 && unit < 3)
        {
            value /= 1024;
            unit++;
        }

        return kib == 0 ? "0B" : value < 10 ? $"{value.ToString("0.0", CultureInfo.InvariantCulture)}{"KMGT"[unit]}i" : $"{Math.Round(value)}{"KMGT"[unit]}i";
    }
}
