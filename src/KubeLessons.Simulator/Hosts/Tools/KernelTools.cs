using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>modprobe, rmmod, lsmod, modinfo and sysctl.</summary>
internal static class KernelTools
{
    public static IEnumerable<Wait> Modprobe(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "rvqnaf", longOptions: [new("remove", 'r'), new("verbose", 'v'), new("quiet", 'q'), new("dry-run", 'n'), new("all", 'a'), new("first-time", 'f')]);
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"modprobe: {fault}");
            self.Exit(1);
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            self.Error.WriteLine("modprobe: ERROR: missing parameters. See -h.");
            self.Exit(1);
            yield break;
        }

        var names = options.Has('r') || options.Has('a') ? options.Operands : options.Operands[..1];
        var code = 0;
        foreach (var name in names)
        {
            var outcome = options.Has('r')
                ? KernelModules.Unload(self.Host, name, withUnused: true)
                : KernelModules.Load(self.Host, name);
            if (Refused(outcome, name, options.Has('r')) is { } words && !options.Has('q'))
            {
                self.Error.WriteLine("modprobe: " + words);
            }

            code = outcome is ModuleOutcome.Unknown or ModuleOutcome.InUse ? 1 : code;
        }

        self.Exit(code);
    }

    public static IEnumerable<Wait> Rmmod(Process self)
    {
        var code = self.Arguments.IsEmpty ? 1 : 0;
        if (self.Arguments.IsEmpty)
        {
            self.Error.WriteLine("rmmod: ERROR: missing module name.");
        }

        foreach (var name in self.Arguments.ToArray())
        {
            var outcome = KernelModules.Unload(self.Host, name, withUnused: false);
            var plain = name.Replace('-', '_');
            if (outcome == ModuleOutcome.InUse)
            {
                var users = KernelModules.UsedBy(self.Host, plain);
                self.Error.WriteLine(users.Count > 0
                    ? $"rmmod: ERROR: Module {plain} is in use by: {string.Join(' ', users)}"
                    : $"rmmod: ERROR: Module {plain} is in use");
            }
            else if (outcome != ModuleOutcome.Done)
            {
                self.Error.WriteLine($"rmmod: ERROR: Module {plain} is not currently loaded");
            }

            code = outcome == ModuleOutcome.Done ? code : 1;
        }

        self.Exit(code);
        yield break;
    }

    public static IEnumerable<Wait> Lsmod(Process self)
    {
        self.Output.Write(ModuleList(self.Host, "{0,-19} {1,8}  {2} {3}", "Module                  Size  Used by\n"));
        yield break;
    }

    /// <summary>The text of /proc/modules.</summary>
    public static string ProcModules(Host host)
    {
        var text = new StringBuilder();
        foreach (var module in Loaded(host))
        {
            var users = KernelModules.UsedBy(host, module.Name);
            text.Append($"{module.Name} {module.Size} {users.Count + KernelModules.Users(host, module.Name)} {(users.Count > 0 ? string.Join(',', users) + "," : "-")} Live 0x0000000000000000\n");
        }

        return text.ToString();
    }

    public static IEnumerable<Wait> Modinfo(Process self)
    {
        if (self.Arguments.IsEmpty || KernelModules.Find(self.Arguments[^1]) is not { } module)
        {
            self.Error.WriteLine(self.Arguments.IsEmpty ? "modinfo: ERROR: missing module or filename." : $"modinfo: ERROR: Module {self.Arguments[^1]} not found.");
            self.Exit(1);
            yield break;
        }

        self.Output.Write(
            $"filename:       /lib/modules/{Machine.KernelRelease}/kernel/{module.Name}.ko\nlicense:        GPL\ndepends:        {string.Join(',', module.Needs)}\n"
            + $"retpoline:      Y\nintree:         Y\nname:           {module.Name}\nvermagic:       {Machine.KernelRelease} SMP preempt mod_unload modversions \n");
    }

    /// <summary>sysctl(8): KEY, KEY=VALUE, -w, -n, -a, -p [FILE], --system, -q, -e.</summary>
    public static IEnumerable<Wait> Sysctl(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "wnaAp::qeNs", longOptions: [new("write", 'w'), new("values", 'n'), new("all", 'a'), new("load", 'p'), new("quiet", 'q'), new("ignore", 'e'), new("names", 'N'), new("system", 's')]);
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"sysctl: {fault}");
            self.Exit(1);
            yield break;
        }

        var code = 0;
        if (options.Has('a') || options.Has('A'))
        {
            foreach (var (key, value) in self.Host.Kernel.Sysctls)
            {
                self.Output.WriteLine(options.Has('n') ? value : options.Has('N') ? key : $"{key} = {value}");
            }
        }
        else if (options.Has('s'))
        {
            foreach (var path in SystemFiles(self))
            {
                self.Output.WriteLine($"* Applying {path} ...");
                code |= ApplyFile(self, options, path);
            }
        }
        else if (options.Has('p'))
        {
            code = ApplyFile(self, options, options.Value('p') ?? options.Operands.FirstOrDefault() ?? "/etc/sysctl.conf");
        }
        else
        {
            if (options.Operands.Count == 0)
            {
                self.Error.WriteLine("sysctl: no variables specified\nTry `sysctl --help' for more information.");
                code = 1;
            }

            foreach (var operand in options.Operands)
            {
                if (options.Has('w') && !operand.Contains('='))
                {
                    self.Error.WriteLine("sysctl: command line(0): invalid syntax, continuing...");
                    code = 1;
                    continue;
                }

                code |= Apply(self, options, operand);
            }
        }

        self.Exit(code);
    }

    private static string? Refused(ModuleOutcome outcome, string name, bool removes) => outcome switch
    {
        ModuleOutcome.Unknown => $"FATAL: Module {name} not found{(removes ? "." : $" in directory /lib/modules/{Machine.KernelRelease}")}",
        ModuleOutcome.InUse => $"FATAL: Module {name} is in use.",
        _ => null,
    };

    private static string ModuleList(Host host, string format, string header)
    {
        var text = new StringBuilder(header);
        foreach (var module in Loaded(host))
        {
            var users = KernelModules.UsedBy(host, module.Name);
            text.Append(string.Format(CultureInfo.InvariantCulture, format,
                module.Name, module.Size, users.Count + KernelModules.Users(host, module.Name), string.Join(',', users)).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    // The newest module comes first in /proc/modules; here, where all are as old as the boot, the order of names is as good.
    private static IEnumerable<KernelModule> Loaded(Host host) => host.Kernel.Modules.Select(KernelModules.Find).OfType<KernelModule>();

    private static IEnumerable<string> SystemFiles(Process self)
    {
        foreach (var directory in (string[])["/usr/lib/sysctl.d", "/etc/sysctl.d"])
        {
            if (self.Host.Files.IsDirectory(directory))
            {
                foreach (var name in self.Host.Files.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
                {
                    yield return directory + "/" + name;
                }
            }
        }

        if (self.Host.Files.Exists("/etc/sysctl.conf"))
        {
            yield return "/etc/sysctl.conf";
        }
    }

    private static int ApplyFile(Process self, CommandOptions options, string path)
    {
        if (self.Files.Read(path) is not { } text)
        {
            self.Error.WriteLine($"sysctl: cannot open \"{path}\": No such file or directory");
            return 1;
        }

        var code = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            code |= Apply(self, options, line);
        }

        return code;
    }

    private static int Apply(Process self, CommandOptions options, string operand)
    {
        var equals = operand.IndexOf('=');
        var key = (equals < 0 ? operand : operand[..equals]).Trim().Replace('/', '.');
        var kernel = self.Host.Kernel;
        if (kernel.Sysctl(key) is not { } current)
        {
            if (!options.Has('e'))
            {
                self.Error.WriteLine($"sysctl: cannot stat /proc/sys/{key.Replace('.', '/')}: No such file or directory");
            }

            return options.Has('e') ? 0 : 1;
        }

        var value = equals < 0 ? current : operand[(equals + 1)..].Trim();
        if (equals >= 0 && !kernel.SetSysctl(key, value))
        {
            self.Error.WriteLine($"sysctl: setting key \"{key}\": Invalid argument");
            return 1;
        }

        if (!(options.Has('q') && equals >= 0))
        {
            self.Output.WriteLine(options.Has('n') ? value : $"{key} = {value}");
        }

        return 0;
    }
}
