using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// What became of a name: its address, or the reason in Go's words. <paramref name="Server"/> is " on SERVER:53" when a name server
/// was asked.
/// </summary>
public sealed record ResolvedName(Ipv4Address? Address, string Server, string? Error, TimeSpan Takes);

/// <summary>A process' view of names: literal addresses, then /etc/hosts (hosts(5)).</summary>
public static class NameLookup
{
    public static ResolvedName Resolve(Process self, string name)
    {
        if (Ipv4Address.TryParse(name, out var literal))
        {
            return new ResolvedName(literal, "", null, TimeSpan.Zero);
        }

        return FromHostsFile(self.Files, name) is { } address
            ? new ResolvedName(address, "", null, TimeSpan.Zero)
            : new ResolvedName(null, "", "no such host", TimeSpan.Zero);
    }

    /// <summary>The first line of /etc/hosts that has the name.</summary>
    public static Ipv4Address? FromHostsFile(FileSystem files, string name)
    {
        foreach (var line in (files.Read("/etc/hosts") ?? "").Split('\n'))
        {
            var words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.AsSpan(1).Contains(name) && Ipv4Address.TryParse(words[0], out var address))
            {
                return address;
            }
        }

        return null;
    }
}
