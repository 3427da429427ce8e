using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Reads a command line of iptables 1.8.9. The first thing wrong ends the reading.</summary>
internal sealed class RequestParser
{
    private readonly IReadOnlyList<string> words;
    private readonly bool restoring;
    private readonly HashSet<char> given = [];
    private IptablesRequest request = new() { Rule = new() };
    private int next;
    private bool isNot;
    private bool waits;
    private bool waitInterval;
    private (string Text, bool Not)? source;
    private (string Text, bool Not)? destination;

    private RequestParser(IReadOnlyList<string> words, bool restoring) => (this.words, this.restoring) = (words, restoring);

    /// <summary>Reads the words after the program's name; <paramref name="restoring"/> inside a table of iptables-restore.</summary>
    public static IptablesFailure? Read(IReadOnlyList<string> words, bool restoring, out IptablesRequest request)
    {
        var parser = new RequestParser(words, restoring);
        var failure = parser.ReadAll();
        request = parser.request;
        return failure;
    }

    private IptablesFailure? ReadAll()
    {
        while (next < words.Count)
        {
            var word = words[next++];
            if (word == "!")
            {
                if (isNot)
                    return IptablesFailure.Usage("multiple consecutive ! not allowed");
                if (next >= words.Count)
                    return IptablesFailure.Usage("nothing appropriate following !");
                isNot = true;
                continue;
            }
            var failure = word.StartsWith("--", StringComparison.Ordinal) ? ReadLong(word)
                : word.Length > 1 && word[0] == '-' ? ReadShort(word)
                : new(FailureKind.BadArgument, $"Bad argument `{word}'");
            if (failure is not null)
                return failure;
            isNot = false;
        }
        return Check();
    }

    private IptablesFailure? ReadLong(string word)
    {
        var equals = word.IndexOf('=');
        var name = equals < 0 ? word[2..] : word[2..equals];
        var inline = equals < 0 ? null : word[(equals + 1)..];
        if (request.Rule.Find(name) is { } taken)
            return ReadExtension(taken.Extension, taken.Option, word, inline);
        if (GlobalOptions.Letter(name) is not { } letter)
            return IptablesFailure.Usage($"unknown option \"{word}\"");
        return Apply(letter, word, inline);
    }

    private IptablesFailure? ReadShort(string word)
    {
        for (var place = 1; place < word.Length; place++)
        {
            var letter = word[place];
            if (GlobalOptions.Use(letter) is not { } use || letter == '0')
                return IptablesFailure.Usage($"unknown option \"{word}\"");
            var rest = place + 1 < word.Length ? word[(place + 1)..] : null;
            if (use == ArgumentUse.None)
            {
                if (Apply(letter, word, null) is { } failure)
                    return failure;
                continue;
            }
            return Apply(letter, word, rest);
        }
        return null;
    }

    private IptablesFailure? ReadExtension(Extension extension, ExtensionOption option, string word, string? inline)
    {
        var values = new List<string>();
        if (inline is not null && option.Arguments > 0)
            values.Add(inline);
        while (values.Count < option.Arguments)
        {
            if (next >= words.Count || (values.Count > 0 && words[next] is "" or ['-', ..] or "!"))
                return IptablesFailure.Usage(values.Count == 0 ? $"option \"{word}\" requires an argument" : $"--{option.Name} requires two args.");
            values.Add(words[next++]);
        }
        return extension.Take(option, isNot, values) is { } refusal ? IptablesFailure.Usage(refusal) : null;
    }

    private IptablesFailure? Apply(char letter, string word, string? inline)
    {
        string? value = null;
        switch (GlobalOptions.Use(letter))
        {
            case ArgumentUse.Required when inline is null && next >= words.Count:
                return IptablesFailure.Usage($"option \"{word}\" requires an argument");
            case ArgumentUse.Required:
                value = inline ?? words[next++];
                // This version looks at the whole word for these three, so that -s1.2.3.4 is no address.
                if (inline is not null && letter is 's' or 'd' or 'p')
                    value = inline is null ? value : word;
                break;
            case ArgumentUse.Optional:
                value = inline ?? Optional();
                break;
        }
        if (isNot && letter is not ('s' or 'd' or 'p' or 'i' or 'o' or 'f'))
            return IptablesFailure.Usage($"cannot have ! before -{letter}");
        if (GlobalOptions.Commands.Contains(letter))
            return ReadCommand(letter, value);
        if (letter is 's' or 'd' or 'p' or 'i' or 'o' or 'j' or 'g' or 'f' or 'c' && !given.Add(letter == 'g' ? 'j' : letter))
            return IptablesFailure.Usage($"multiple -{(letter == 'g' ? 'j' : letter)} flags not allowed");
        if (letter is 'n' or 'v' or 'x' or '0')
            given.Add(letter);
        return ReadOption(letter, value ?? "");
    }

    private IptablesFailure? ReadCommand(char letter, string? value)
    {
        if (request.Command != 0)
        {
            if ((letter == 'Z' && request.Command is 'L' or 'S') || (request.Command == 'Z' && letter is 'L' or 'S'))
                request = request with { ZeroToo = true, Command = letter == 'Z' ? request.Command : letter, Chain = value ?? request.Chain };
            else
                return IptablesFailure.Usage($"Cannot use -{letter} with -{request.Command}");
            return null;
        }
        request = request with { Command = letter, Chain = value };
        switch (letter)
        {
            case 'N' when value!.StartsWith('-'):
                return IptablesFailure.Usage("chain name not allowed to start with `-'");
            case 'N' when ExtensionCatalog.Target(value) is not null:
                return IptablesFailure.Usage("chain name may not clash with target name");
            case 'N' when value.Any(char.IsWhiteSpace):
                return IptablesFailure.Usage($"Invalid chain name `{value}'");
            case 'R':
                return Optional() is { } number ? ReadNumber(number) : IptablesFailure.Usage("-R requires a rule number");
            case 'D' or 'I' or 'L' or 'S' or 'Z' when value is not null:
                return Optional() is { } place ? ReadNumber(place) : null;
            case 'P' or 'E':
                if (Optional() is not { } argument)
                    return IptablesFailure.Usage(letter == 'P' ? "-P requires a chain and a policy" : "-E requires old-chain-name and new-chain-name");
                request = request with { Argument = argument };
                return null;
        }
        return null;
    }

    private IptablesFailure? ReadNumber(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return IptablesFailure.Usage($"Invalid rule number `{text}'");
        request = request with { RuleNumber = number };
        return null;
    }

    private IptablesFailure? ReadOption(char letter, string value)
    {
        var rule = request.Rule;
        string? refusal = null;
        switch (letter)
        {
            case 's':
                source = (value, isNot);
                break;
            case 'd':
                destination = (value, isNot);
                break;
            case 'p' when ProtocolNames.Number(value) is { } protocol:
                if (isNot && protocol == 0)
                    return IptablesFailure.Usage("rule would never match protocol");
                rule.Header = rule.Header with { Protocol = protocol, NotProtocol = isNot };
                break;
            case 'p':
                return IptablesFailure.Usage($"unknown protocol \"{value}\" specified");
            case 'i' or 'o':
                if (value.Length == 0)
                    return IptablesFailure.Usage("Empty interface is likely to be undesired");
                if (value.Length > 15)
                    return IptablesFailure.Usage($"interface name `{value}' must be shorter than IFNAMSIZ (15)");
                // "+" alone is every interface, which is no condition unless it is negated.
                var device = new InterfaceMatch(value == "+" && !isNot ? null : value, isNot);
                rule.Header = letter == 'i' ? rule.Header with { In = device } : rule.Header with { Out = device };
                break;
            case 'f':
                rule.Header = rule.Header with { Fragment = true, NotFragment = isNot };
                break;
            case 'j' or 'g':
                refusal = rule.SetJump(value, letter == 'g');
                break;
            case 'm':
                refusal = rule.AddMatch(value);
                break;
            case 't' when restoring:
                refusal = "The -t option cannot be used in iptables-restore.\n";
                break;
            case 't':
                request = request with { Table = value };
                break;
            case 'c':
                return ReadCounters(value);
            case 'w':
                waits = true;
                break;
            case 'W':
                waitInterval = true;
                break;
            case '6':
                return new(FailureKind.BadArgument, "");
            default:
                SetFlag(letter);
                break;
        }
        return refusal is null ? null : IptablesFailure.Usage(refusal);
    }

    private void SetFlag(char letter) => request = letter switch
    {
        'n' => request with { Numeric = true },
        'v' => request with { Verbose = true },
        'x' => request with { Exact = true },
        '0' => request with { LineNumbers = true },
        'V' or 'h' when request.Command == 0 => request with { Command = letter },
        _ => request,
    };

    private IptablesFailure? ReadCounters(string packets)
    {
        if (Optional() is not { } bytes)
            return IptablesFailure.Usage("-c requires packet and byte counter");
        if (!long.TryParse(packets, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            return IptablesFailure.Usage("-c packet counter not numeric");
        if (!long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var second))
            return IptablesFailure.Usage("-c byte counter not numeric");
        request = request with { Counters = (first, second) };
        return null;
    }

    /// <summary>The next word, if it belongs to the option before it: an option or a "!" does not.</summary>
    private string? Optional() => next < words.Count && !words[next].StartsWith('-') && words[next] != "!" ? words[next++] : null;

    private IptablesFailure? Check()
    {
        if (waitInterval && !waits)
            return IptablesFailure.Usage("--wait-interval only makes sense with --wait\n") with { Warning = "Ignoring deprecated --wait-interval option.\n" };
        if (request.Command == 0)
            return IptablesFailure.Usage("no command specified");
        if (request.Chain is { Length: > 28 } name)
            return IptablesFailure.Usage($"chain name `{name}' too long (must be under 29 chars)");
        if (GlobalOptions.Illegal(request.Command, request.RuleNumber > 0, given) is { } illegal)
            return IptablesFailure.Usage($"Illegal option `-{illegal}' with this command");
        return "ADCIR".Contains(request.Command) ? CheckRule() : null;
    }

    // Addresses are looked at last, when the rest of the line has proved right.
    private IptablesFailure? CheckRule()
    {
        if (source is { } from)
        {
            if (AddressReading.Read(from.Text, from.Not, out var addresses) is { } refusal)
                return IptablesFailure.Usage(refusal);
            request.Rule.Sources = addresses;
        }
        if (destination is { } to)
        {
            if (AddressReading.Read(to.Text, to.Not, out var addresses) is { } refusal)
                return IptablesFailure.Usage(refusal);
            request.Rule.Destinations = addresses;
        }
        if (request.Chain is "PREROUTING" or "INPUT" && request.Rule.Header.Out.Name is not null)
            return IptablesFailure.Usage($"Can't use -o with {request.Chain}\n");
        if (request.Chain is "POSTROUTING" or "OUTPUT" && request.Rule.Header.In.Name is not null)
            return IptablesFailure.Usage($"Can't use -i with {request.Chain}\n");
        return null;
    }
}
