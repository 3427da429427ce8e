using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Names;

/// <summary>What /etc/resolv.conf says (resolv.conf(5)).</summary>
public sealed record ResolverSettings
{
    /// <summary>A resolver uses no more than three servers (MAXNS).</summary>
    public const int MaxServers = 3;

    public ImmutableArray<Ipv4Address> Servers { get; init; } = [];

    public ImmutableArray<string> Search { get; init; } = [];

    /// <summary>A name with at least so many dots is tried as it is before the search domains are.</summary>
    public int Ndots { get; init; } = 1;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int Attempts { get; init; } = 2;

    public static ResolverSettings Read(FileSystem files)
    {
        var settings = new ResolverSettings();
        foreach (var line in (files.Read("/etc/resolv.conf") ?? "").Split('\n'))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..] when Ipv4Address.TryParse(server, out var address) && settings.Servers.Length < MaxServers:
                    settings = settings with { Servers = settings.Servers.Add(address) };
                    break;
                case ["search" or "domain", ..]:
                    settings = settings with { Search = [.. words.AsSpan(1)] };
                    break;
                case ["options", ..]:
                    foreach (var option in words.AsSpan(1))
                    {
                        settings = settings.WithOption(option);
                    }

                    break;
            }
        }

        return settings.Servers.IsEmpty ? settings with { Servers = [Ipv4Address.Loopback] } : settings;
    }

    /// <summary>The full names that are asked for one after the other until one exists.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name[..^1]];
        }

        var searched = Search.Select(domain => name + "." + domain.TrimEnd('.'));
        return name.Count(letter => letter == '.') >= Ndots ? searched.Prepend(name) : searched.Append(name);
    }

    private ResolverSettings WithOption(string option)
    {
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? option[..colon] switch
            {
                "ndots" => this with { Ndots = Math.Min(number, 15) },
                "timeout" => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(number, 1, 30)) },
                "attempts" => this with { Attempts = Math.Clamp(number, 1, 5) },
                _ => this,
            }
            : this;
    }
}
