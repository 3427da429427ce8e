using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>What a shell was called with.</summary>
internal sealed record ShellArguments
{
    /// <summary>-c</summary>
    public string? Command { get; private init; }

    /// <summary>The file to run.</summary>
    public string? Script { get; private init; }

    /// <summary>What follows: the positional parameters (after -c, the first is <c>$0</c>).</summary>
    public ImmutableArray<string> Operands { get; private init; } = [];

    public ShellOptions Options { get; private init; } = new();

    public bool IsInteractive { get; private init; }

    public bool ShowsVersion { get; private init; }

    public string? Fault { get; private init; }

    public static ShellArguments Parse(ImmutableArray<string> words)
    {
        var result = new ShellArguments();
        var (takesCommand, readsInput) = (false, false);
        var i = 0;
        for (; i < words.Length && words[i] is ['-' or '+', _, ..] word; i++)
        {
            if (word == "--")
            {
                i++;
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (word is not ("--login" or "--norc" or "--noprofile" or "--posix" or "--version" or "--noediting"))
                {
                    return result with { Fault = $"{word}: invalid option" };
                }

                result = result with { ShowsVersion = result.ShowsVersion || word == "--version" };
                continue;
            }

            foreach (var letter in word[1..])
            {
                takesCommand |= letter == 'c';
                readsInput |= letter == 's';
                if (letter == 'o' && i + 1 >= words.Length)
                {
                    return result with { Fault = "-o: option requires an argument" };
                }

                var options = Switch(result.Options, letter == 'o' ? words[++i] : letter.ToString(), word[0] == '-');
                if (options is null)
                {
                    return result with { Fault = letter == 'o' ? $"{words[i]}: invalid option name" : $"{word[0]}{letter}: invalid option" };
                }

                result = result with { Options = options, IsInteractive = result.IsInteractive || letter == 'i' };
            }
        }

        var rest = words[i..];
        if (takesCommand)
        {
            return rest.IsEmpty
                ? result with { Fault = "-c: option requires an argument" }
                : result with { Command = rest[0], Operands = rest[1..] };
        }

        return readsInput || rest.IsEmpty ? result with { Operands = rest } : result with { Script = rest[0], Operands = rest[1..] };
    }

    private static ShellOptions? Switch(ShellOptions options, string name, bool on) => name switch
    {
        "e" or "errexit" => options with { ExitsOnError = on },
        "x" or "xtrace" => options with { Traces = on },
        "u" or "nounset" => options with { FaultsOnUnset = on },
        "f" or "noglob" => options with { NoGlob = on },
        "n" or "noexec" => options with { NoExecution = on },
        "a" or "allexport" => options with { ExportsAll = on },
        "C" or "noclobber" => options with { NoClobber = on },
        "pipefail" => options with { PipeFail = on },
        "c" or "s" or "i" or "l" or "v" or "h" or "m" or "b" or "B" or "p" or "r" or "posix" or "verbose" or "monitor" => options,
        _ => null,
    };
}
