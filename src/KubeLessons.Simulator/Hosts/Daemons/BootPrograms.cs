namespace KubeLessons.Simulator.Hosts.Daemons;

/// <summary>The programs of the units that bring a machine up: modules, sysctls, interfaces; and daemons that are merely there.</summary>
public static class BootPrograms
{
    /// <summary>Puts them among the host's programs.</summary>
    public static void AddTo(Host host)
    {
        host.Programs.Add("systemd-modules-load", LoadModules);
        host.Programs.Add("systemd-sysctl", ApplySysctls);
        host.Programs.Add("sshd", SshServer.Main);
        host.Programs.Add("ifup", self => Run(self, NetworkService.Start));
        host.Programs.Add("ifdown", self => Run(self, NetworkService.Stop));
        foreach (var name in (ReadOnlySpan<string>)["systemd-journald", "chronyd", "crond", "firewalld"])
        {
            host.Programs.Add(name, _ => [Wait.Forever]);
        }
    }

    /// <summary>systemd-modules-load.service(8): the names in /etc/modules-load.d and its kin, one a line.</summary>
    private static IEnumerable<Wait> LoadModules(Process self)
    {
        var failed = false;
        foreach (var name in Lines(self.Host.Files, "/usr/lib/modules-load.d", "/etc/modules-load.d"))
        {
            if (KernelModules.Load(self.Host, name) == ModuleOutcome.Unknown)
            {
                self.Error.WriteLine($"Failed to find module '{name}'");
                failed = true;
            }
        }

        self.Exit(failed ? 1 : 0);
        yield break;
    }

    /// <summary>systemd-sysctl.service(8): KEY = VALUE lines of /etc/sysctl.d and its kin; a key that does not exist is skipped.</summary>
    private static IEnumerable<Wait> ApplySysctls(Process self)
    {
        foreach (var line in Lines(self.Host.Files, "/usr/lib/sysctl.d", "/etc/sysctl.d"))
        {
            if (line.IndexOf('=') is > 0 and var at)
            {
                var key = line[..at].Trim().TrimStart('-').Replace('/', '.');
                if (!self.Host.Kernel.SetSysctl(key, line[(at + 1)..].Trim()))
                {
                    self.Error.WriteLine($"Couldn't write '{line[(at + 1)..].Trim()}' to '{key.Replace('.', '/')}', ignoring: No such file or directory");
                }
            }
        }

        yield break;
    }

    private static IEnumerable<Wait> Run(Process self, Action<Host> action)
    {
        action(self.Host);
        yield break;
    }

    private static IEnumerable<string> Lines(FileSystem files, params string[] directories) =>
        directories
            .Where(files.IsDirectory)
            .SelectMany(directory => files.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
                .Select(name => (Name: name, Path: directory + "/" + name)))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .SelectMany(file => (files.Read(file.Path) ?? "").Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] is not ('#' or ';'));
}
