using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Commands that say who, where and on what machine.</summary>
internal static class SystemCommands
{
    /// <summary>The kernel's release: the default when /proc/sys/kernel/osrelease says none.</summary>
    public const string DefaultRelease = "6.1.0-18-amd64";

    public static IEnumerable<Wait> Hostname(Process self)
    {
        var command = new CommandContext(self, "hostname");
        if (command.Parse("sfidIAa", 1, false, new("short", 's'), new("fqdn", 'f'), new("ip-address", 'i'), new("all-ip-addresses", 'I')) is not { } options)
        {
            yield break;
        }

        if (options.Operands is [var name, ..])
        {
            if (self.Start.User != "root")
            {
                command.Die("you must be root to change the host name");
                yield break;
            }

            self.Files.Write("/etc/hostname", name + "\n");
            yield break;
        }

        var isAddress = options.Has('i') || options.Has('I');
        command.WriteLine(isAddress ? Address(self) + (options.Has('I') ? " " : "") : options.Has('s') ? HostNames.ShortOf(self) : HostNames.Of(self));
    }

    public static IEnumerable<Wait> WhoAmI(Process self)
    {
        self.Output.WriteLine(self.Start.User);
        yield break;
    }

    public static IEnumerable<Wait> Id(Process self)
    {
        var command = new CommandContext(self, "id");
        if (command.Parse("ugnGr", 1, false, new("user", 'u'), new("group", 'g'), new("name", 'n'), new("groups", 'G')) is not { } options)
        {
            yield break;
        }

        var user = options.Operands is [var given, ..] ? given : self.Start.User;
        if (UserIds.Of(self.Files, user) is not { } id)
        {
            command.Die($"‘{user}’: no such user");
            yield break;
        }

        command.WriteLine(options.Has('u') || options.Has('g') || options.Has('G')
            ? options.Has('n') ? user : id.ToString()
            : $"uid={id}({user}) gid={id}({user}) groups={id}({user})");
    }

    public static IEnumerable<Wait> Groups(Process self)
    {
        self.Output.WriteLine(self.Start.User);
        yield break;
    }

    public static IEnumerable<Wait> Uname(Process self)
    {
        var command = new CommandContext(self, "uname");
        if (command.Parse("asnrvmpio", 1, false,
            new("all", 'a'), new("kernel-name", 's'), new("nodename", 'n'), new("kernel-release", 'r'), new("kernel-version", 'v'),
            new("machine", 'm'), new("processor", 'p'), new("operating-system", 'o')) is not { } options)
        {
            yield break;
        }

        var release = self.Files.Read("/proc/sys/kernel/osrelease")?.Trim() ?? DefaultRelease;
        (char Letter, string Text)[] parts =
        [
            ('s', "Linux"), ('n', HostNames.Of(self)), ('r', release), ('v', $"#1 SMP PREEMPT_DYNAMIC Debian {release.Replace("-amd64", "")} (2024-02-01)"),
            ('m', "x86_64"), ('p', "unknown"), ('i', "unknown"), ('o', "GNU/Linux"),
        ];
        var letters = options.Letters.Length == 0 ? "s" : options.Has('a') ? "snrvmo" : options.Letters;
        command.WriteLine(string.Join(' ', parts.Where(part => letters.Contains(part.Letter)).Select(part => part.Text)));
    }

    public static IEnumerable<Wait> Architecture(Process self)
    {
        self.Output.WriteLine("x86_64");
        yield break;
    }

    public static IEnumerable<Wait> Uptime(Process self)
    {
        var command = new CommandContext(self, "uptime");
        if (command.Parse("ps", 1, false, new("pretty", 'p'), new("since", 's')) is not { } options)
        {
            yield break;
        }

        var up = self.World.Now;
        if (options.Has('s'))
        {
            command.WriteLine(TimeFormat.Format("%Y-%m-%d %H:%M:%S", self.World.Epoch));
        }
        else if (options.Has('p'))
        {
            var parts = new List<string>();
            Add(up.Days, "day");
            Add(up.Hours, "hour");
            Add(up.Minutes, "minute");
            command.WriteLine("up " + (parts.Count == 0 ? "0 minutes" : string.Join(", ", parts)));

            void Add(int count, string noun)
            {
                if (count > 0)
                {
                    parts.Add($"{count} {noun}{(count == 1 ? "" : "s")}");
                }
            }
        }
        else
        {
            var days = up.Days > 0 ? $"{up.Days} day{(up.Days == 1 ? "" : "s")}, " : "";
            var time = up.Hours > 0 ? $"{up.Hours,2}:{up.Minutes:00}" : $"{up.Minutes} min";
            command.WriteLine($" {TimeFormat.Format("%H:%M:%S", self.World.UtcNow)} up {days}{time},  1 user,  load average: 0.00, 0.00, 0.00");
        }
    }

    public static IEnumerable<Wait> Processors(Process self)
    {
        self.Output.WriteLine("2");
        yield break;
    }

    public static IEnumerable<Wait> Terminal(Process self)
    {
        self.Output.WriteLine(self.Input.IsTerminal ? "/dev/pts/0" : "not a tty");
        self.Exit(self.Input.IsTerminal ? 0 : 1);
        yield break;
    }

    public static IEnumerable<Wait> Clear(Process self)
    {
        self.Output.Write(self.Output.IsTerminal ? "\u001b[H\u001b[2J\u001b[3J" : "");
        yield break;
    }

    private static string Address(Process self)
    {
        // A container's own address stands in its /etc/hosts beside its name.
        var name = HostNames.Of(self);
        var line = (self.Files.Read("/etc/hosts") ?? "").Split('\n')
            .Select(text => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length > 1 && words[1..].Contains(name) && !words[0].StartsWith("127.", StringComparison.Ordinal));
        return line?[0] ?? self.Host.Address;
    }
}

/// <summary>The numbers of users, from /etc/passwd.</summary>
internal static class UserIds
{
    public static int? Of(FileSystem files, string user)
    {
        foreach (var line in (files.Read("/etc/passwd") ?? "").Split('\n'))
        {
            if (line.Split(':') is [var name, _, var id, ..] && name == user && int.TryParse(id, out var number))
            {
                return number;
            }
        }

        return user == "root" ? 0 : null;
    }
}
