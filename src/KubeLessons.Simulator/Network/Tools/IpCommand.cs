using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>The program `ip` of iproute2 6.1, as far as IPv4 addresses, links, routes and neighbours go.</summary>
public static class IpCommand
{
    private static readonly (string Name, Func<IpArguments, CommandOutput> Run)[] Objects =
    [
        ("address", IpAddressCommand.Run), ("link", IpLinkCommand.Run), ("route", IpRouteCommand.Run), ("neighbour", IpNeighbourCommand.Run),
        ("neighbor", IpNeighbourCommand.Run), ("rule", _ => CommandOutput.Print("0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n")),
    ];

    /// <summary>Runs it in a namespace with the words after the program's name; `ip neigh` wants to know the moment.</summary>
    public static CommandOutput Run(NetworkNamespace host, IReadOnlyList<string> words, TimeSpan now)
    {
        var arguments = new IpArguments(host, words, now);
        while (arguments.Peek() is ['-', ..] option)
        {
            arguments.Next();
            switch (option.TrimStart('-'))
            {
                case "4" or "c" or "color" or "d" or "details" or "N":
                    break;
                case "6":
                    arguments.IsIpv6 = true;
                    break;
                case "br" or "brief":
                    arguments.IsBrief = true;
                    break;
                case "o" or "oneline":
                    arguments.IsOneLine = true;
                    break;
                case "s" or "stats" or "statistics":
                    arguments.HasStatistics = true;
                    break;
                case "V" or "Version":
                    return CommandOutput.Print("ip utility, iproute2-6.1.0, libbpf 1.1.2\n");
                default:
                    return new(255, "", $"Option \"{option}\" is unknown, try \"ip -help\".\n");
            }
            arguments.HasFamily |= option == "-4";
        }
        if (arguments.Next() is not { } name)
            return new(255, "", "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n");
        foreach (var (known, run) in Objects)
        {
            if (known.StartsWith(name, StringComparison.Ordinal))
                return run(arguments);
        }
        return new(1, "", $"Object \"{name}\" is unknown, try \"ip help\".\n");
    }
}

/// <summary>The words of a command line that have not been read yet, and what the options before them said.</summary>
internal sealed class IpArguments(NetworkNamespace host, IReadOnlyList<string> words, TimeSpan now)
{
    private int next;

    public NetworkNamespace Host => host;

    public TimeSpan Now => now;

    /// <summary>-4: addresses only, not the link's own line.</summary>
    public bool HasFamily { get; set; }

    public bool IsIpv6 { get; set; }

    public bool IsBrief { get; set; }

    public bool IsOneLine { get; set; }

    public bool HasStatistics { get; set; }

    public string? Peek() => next < words.Count ? words[next] : null;

    public string? Next() => next < words.Count ? words[next++] : null;

    /// <summary>Which of the commands the next word begins; the first one when there is no next word, null when it is none of them.</summary>
    public string? Command(string title, out CommandOutput? failure, params ReadOnlySpan<string> commands)
    {
        failure = null;
        if (Next() is not { } word)
            return commands[0];
        foreach (var command in commands)
        {
            if (command.StartsWith(word, StringComparison.Ordinal) || (command == "del" && "delete".StartsWith(word, StringComparison.Ordinal)) ||
                (command == "show" && (word == "lst" || "list".StartsWith(word, StringComparison.Ordinal))))
                return command;
        }
        failure = new(255, "", $"Command \"{word}\" is unknown, try \"ip {title} help\".\n");
        return null;
    }

    public static CommandOutput NoDevice(string name) => new(1, "", $"Cannot find device \"{name}\"\n");

    public static CommandOutput Missing(string what, int exitCode = 1, string end = ".") => new(exitCode, "", $"Not enough information: \"{what}\" argument is required{end}\n");

    public static CommandOutput BadPrefix(string text) => new(1, "", $"Error: any valid prefix is expected rather than \"{text}\".\n");

    public static CommandOutput Kernel(string text) => new(2, "", $"RTNETLINK answers: {text}\n");

    public static CommandOutput Refused(string text) => new(2, "", $"Error: {text}\n");
}
