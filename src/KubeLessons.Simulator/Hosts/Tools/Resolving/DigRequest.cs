using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>One look-up of dig, as its command line says.</summary>
internal sealed record DigRequest
{
    public string Name { get; init; } = "";

    public DnsType Type { get; init; } = DnsType.A;

    /// <summary>Whom to ask; null: whom /etc/resolv.conf names.</summary>
    public string? Server { get; init; }

    public int Port { get; init; } = 53;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int Tries { get; init; } = 3;

    public bool IsShort { get; init; }

    public bool Searches { get; init; }

    public bool Recurses { get; init; } = true;

    public bool HasEdns { get; init; } = true;

    public bool ShowsCommand { get; init; } = true;

    public bool ShowsComments { get; init; } = true;

    public bool ShowsQuestion { get; init; } = true;

    public bool ShowsAnswer { get; init; } = true;

    public bool ShowsAuthority { get; init; } = true;

    public bool ShowsStatistics { get; init; } = true;

    /// <summary>The full names that are asked for until one exists. Only +search makes dig look at the search list.</summary>
    public IEnumerable<string> Candidates(Process self) =>
        Searches ? ResolverSettings.Read(self.Files).Candidates(Name) : [Name.TrimEnd('.')];

    /// <summary>
    /// The look-ups of a command line. What stands before the first name is for all of them. A fault is dig's first line about it; ""
    /// asks for the usage.
    /// </summary>
    public static List<DigRequest> Read(string[] words, out string? fault)
    {
        var requests = new List<DigRequest>();
        var (common, hasNamed) = (new DigRequest(), false);
        fault = null;
        for (var i = 0; i < words.Length && fault is null; i++)
        {
            var word = words[i];
            var current = requests.Count > 0 ? requests[^1] : common;
            DigRequest? changed = null;
            switch (word)
            {
                case ['@', ..]:
                    changed = current with { Server = word[1..] };
                    break;
                case ['+', ..]:
                    changed = current.WithFlag(word[1..]);
                    fault = changed is null ? $"Invalid option: {word}" : null;
                    break;
                case "-h":
                    fault = "";
                    break;
                case "-x" or "-t" or "-q" or "-p" or "-c" or "-b" when i + 1 >= words.Length:
                    fault = $"Invalid option: {word}";
                    break;
                case "-x":
                    requests.Add((requests.Count > 0 && hasNamed ? common : current) with { Name = DnsWords.Reverse(words[++i]) ?? words[i], Type = DnsType.Ptr });
                    hasNamed = true;
                    break;
                case "-q":
                    requests.Add(common with { Name = words[++i] });
                    break;
                case "-p":
                    changed = current with { Port = int.TryParse(words[++i], out var port) ? port : 53 };
                    break;
                case "-t":
                    changed = DnsWords.Type(words[++i]) is { } type ? current with { Type = type } : current;
                    break;
                case "-c" or "-b":
                    i++;
                    break;
                case ['-', ..]:
                    fault = word is "-4" or "-r" or "-u" ? null : $"Invalid option: {word}";
                    break;
                default:
                    if (DnsWords.Type(word) is { } named)
                    {
                        changed = current with { Type = named };
                    }
                    else if (!word.Equals("IN", StringComparison.OrdinalIgnoreCase))
                    {
                        requests.Add(common with { Name = word });
                        hasNamed = true;
                    }

                    break;
            }

            if (changed is not null && requests.Count > 0)
            {
                requests[^1] = changed;
            }
            else
            {
                common = changed ?? common;
            }
        }

        // Without any name dig asks for the root's name servers.
        return requests.Count > 0 ? requests : [common with { Name = ".", Type = DnsType.Ns }];
    }

    private DigRequest? WithFlag(string flag)
    {
        var equals = flag.IndexOf('=');
        var (name, value) = equals < 0 ? (flag, "") : (flag[..equals], flag[(equals + 1)..]);
        var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var on = !name.StartsWith("no", StringComparison.Ordinal);
        return (on ? name : name[2..]) switch
        {
            "short" => this with { IsShort = on },
            "search" or "defname" => this with { Searches = on },
            "recurse" or "rec" => this with { Recurses = on },
            "edns" => this with { HasEdns = on },
            "cmd" => this with { ShowsCommand = on },
            "comments" => this with { ShowsComments = on },
            "question" => this with { ShowsQuestion = on },
            "answer" or "ans" => this with { ShowsAnswer = on },
            "authority" or "auth" => this with { ShowsAuthority = on },
            "stats" => this with { ShowsStatistics = on },
            "all" => this with { ShowsCommand = on, ShowsComments = on, ShowsQuestion = on, ShowsAnswer = on, ShowsAuthority = on, ShowsStatistics = on },
            "time" or "timeout" => this with { Timeout = TimeSpan.FromSeconds(Math.Max(1, number)) },
            "tries" => this with { Tries = Math.Max(1, number) },
            "retry" => this with { Tries = number + 1 },
            "additional" or "tcp" or "cookie" or "dnssec" or "multiline" or "ttlid" or "cl" or "ndots" or "domain" or "bufsize" or "trace" => this,
            _ => null,
        };
    }
}
