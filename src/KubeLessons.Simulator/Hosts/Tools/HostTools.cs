using KubeLessons.Simulator.Hosts.Tools.Capture;
using KubeLessons.Simulator.Hosts.Tools.Resolving;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.Tools;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The tools of a host besides its shell and the everyday commands: one table, from a name to its program.</summary>
public static class HostTools
{
    /// <summary>Installs them. A name that is taken already, by the everyday commands, stays as it is.</summary>
    public static void AddTo(Host host)
    {
        var programs = host.Programs;
        Add(programs, "systemctl", Systemctl.Main);
        Add(programs, "journalctl", Journalctl.Main);
        Add(programs, "ps", ProcessStatus.Main);
        Add(programs, "top", ProcessTools.Top);
        Add(programs, "pgrep", ProcessTools.Pgrep);
        Add(programs, "pkill", ProcessTools.Pkill);
        Add(programs, "killall", ProcessTools.Killall);
        Add(programs, "pidof", ProcessTools.Pidof);
        Add(programs, "kill", ProcessTools.Kill);
        Add(programs, "modprobe", KernelTools.Modprobe);
        Add(programs, "rmmod", KernelTools.Rmmod);
        Add(programs, "lsmod", KernelTools.Lsmod);
        Add(programs, "modinfo", KernelTools.Modinfo);
        Add(programs, "sysctl", KernelTools.Sysctl);
        Add(programs, "dmesg", Dmesg.Main);
        Add(programs, "free", MachineTools.Free);
        Add(programs, "df", DiskFree.Main);
        Add(programs, "uptime", MachineTools.Uptime);
        Add(programs, "lscpu", MachineTools.Lscpu);
        Add(programs, "nproc", MachineTools.Nproc);
        Add(programs, "hostnamectl", MachineTools.Hostnamectl);
        Add(programs, "timedatectl", MachineTools.Timedatectl);
        Add(programs, "reboot", PowerTools.Reboot);
        Add(programs, "poweroff", PowerTools.PowerOff);
        Add(programs, "halt", PowerTools.PowerOff);
        Add(programs, "shutdown", PowerTools.Shutdown);
        AddNetworkTo(programs);
        Add(programs, "ssh", Ssh.Main);
        Add(programs, "scp", Ssh.Copy);
        Add(programs, "iptables", self => Run(self, IptablesCommand.Run));
        Add(programs, "ip", self => Run(self, (stack, arguments) => IpCommand.Run(stack, arguments, self.World.Now)));
        Add(programs, "ss", self => Run(self, SsCommand.Run));
        Add(programs, "iptables-save", self => Run(self, (stack, arguments) => IptablesSaveCommand.Run(stack, arguments, self.World.UtcNow)));
        Add(programs, "iptables-restore", IptablesRestore);
        Add(programs, "crictl", Crictl.Main);
        Add(programs, "openssl", Openssl.Main);
        Add(programs, "tcpdump", self => new Tcpdump(self).Main());
        Add(programs, "ctr", self => new Ctr(self).Main());
        foreach (var name in (string[])["vi", "vim", "ex", "ed"])
        {
            Add(programs, name, self => new LineEditor(self).Main());
        }

        Add(programs, "mount", MountTools.Mount);
        Add(programs, "umount", MountTools.Unmount);
        Add(programs, "findmnt", MountTools.FindMount);
        Add(programs, "nsenter", NamespaceEntry.Main);
        BindRelease.Debian.AddTo(programs);
    }

    /// <summary>What busybox has besides the everyday commands.</summary>
    public static void AddBusyboxTo(ProgramTable programs)
    {
        AddNetworkTo(programs);
        Add(programs, "nslookup", BusyboxNslookup.Main);
        BusyboxProcessTools.AddTo(programs);
        Add(programs, "mount", MountTools.Mount);
        Add(programs, "umount", MountTools.Unmount);
        Add(programs, "free", MachineTools.Free);
        Add(programs, "df", DiskFree.Main);
        Add(programs, "vi", self => new LineEditor(self).Main());
        Add(programs, "ed", self => new LineEditor(self).Main());
        Add(programs, "ip", self => Run(self, (stack, arguments) => IpCommand.Run(stack, arguments, self.World.Now)));
    }

    /// <summary>Those that images with a shell have, too.</summary>
    public static void AddNetworkTo(ProgramTable programs)
    {
        Add(programs, "curl", Curl.Main);
        Add(programs, "wget", Wget.Main);
        Add(programs, "ping", Ping.Main);
        Add(programs, "nc", Netcat.Main);
    }

    private static void Add(ProgramTable programs, string name, ProgramMain main)
    {
        if (programs.Find(name) is null)
        {
            programs.Add(name, main);
        }
    }

    private static IEnumerable<Wait> Run(Process self, Func<NetworkNamespace, IReadOnlyList<string>, CommandOutput> command)
    {
        Finish(self, command(self.Network.Stack, self.Arguments.ToArray()));
        yield break;
    }

    private static IEnumerable<Wait> IptablesRestore(Process self)
    {
        var input = new System.Text.StringBuilder();
        while (!self.Input.IsAtEnd)
        {
            input.Append(self.Input.Read());
            if (!self.Input.IsAtEnd)
            {
                yield return Wait.On(self.Input.Changed);
            }
        }

        Finish(self, IptablesRestoreCommand.Run(self.Network.Stack, self.Arguments.ToArray(), input.ToString()));
    }

    private static void Finish(Process self, CommandOutput result)
    {
        self.Output.Write(result.Output);
        self.Error.Write(result.Error);
        self.Exit(result.ExitCode);
    }
}
