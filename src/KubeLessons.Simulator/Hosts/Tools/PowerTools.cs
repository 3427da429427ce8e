namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>reboot, poweroff, halt and shutdown: units are stopped, then the power goes off, and for a reboot on again.</summary>
internal static class PowerTools
{
    /// <summary>How long systemd needs to stop everything before the machine goes down.</summary>
    public static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(2);

    /// <summary>Firmware, between the reset and the kernel.</summary>
    public static readonly TimeSpan FirmwareTime = TimeSpan.FromSeconds(3);

    public static IEnumerable<Wait> Reboot(Process self) => GoDown(self, comesBack: true);

    public static IEnumerable<Wait> PowerOff(Process self) => GoDown(self, comesBack: false);

    /// <summary>shutdown(8): <c>-h now</c>, <c>-r +1</c>, <c>-c</c>.</summary>
    public static IEnumerable<Wait> Shutdown(Process self)
    {
        var arguments = self.Arguments.ToArray();
        var comesBack = arguments.Contains("-r") || arguments.Contains("--reboot");
        var when = arguments.FirstOrDefault(word => !word.StartsWith('-')) ?? "+1";
        if (when == "now")
        {
            return GoDown(self, comesBack);
        }

        if (!when.StartsWith('+') || !int.TryParse(when.AsSpan(1), out var minutes))
        {
            self.Error.WriteLine($"Failed to parse time specification: {when}");
            self.Exit(1);
            return [];
        }

        var at = self.World.UtcNow.AddMinutes(minutes);
        self.Error.WriteLine($"{(comesBack ? "Reboot" : "Shutdown")} scheduled for {TimeWords.Stamp(at)}, use 'shutdown -c' to cancel.");
        Plan(self.Host, TimeSpan.FromMinutes(minutes), comesBack);
        return [];
    }

    private static IEnumerable<Wait> GoDown(Process self, bool comesBack)
    {
        if (self.ContainerId is not null)
        {
            self.Error.WriteLine("System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down");
            self.Exit(1);
            yield break;
        }

        Plan(self.Host, TimeSpan.Zero, comesBack);
        yield break;
    }

    private static void Plan(Host host, TimeSpan delay, bool comesBack)
    {
        var boot = host.Machine.BootId;
        host.World.After(delay, () =>
        {
            if (!IsStill())
            {
                return;
            }

            host.Journal.Add("", "systemd-logind", 0, comesBack ? "System is rebooting." : "System is powering down.");
            foreach (var unit in host.Units.All.Where(unit => unit.State == UnitState.Active).ToList())
            {
                host.Units.Stop(unit);
            }

            host.World.After(ShutdownTime, () =>
            {
                if (!IsStill())
                {
                    return;
                }

                host.PowerOff();
                if (comesBack)
                {
                    host.World.After(FirmwareTime, host.PowerOn);
                }
            });
        });

        bool IsStill() => host.IsPoweredOn && host.Machine.BootId == boot;
    }
}
