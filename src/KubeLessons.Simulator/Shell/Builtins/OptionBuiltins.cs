using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Expansion;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary><c>set</c>, <c>shopt</c>, <c>umask</c> and <c>ulimit</c>.</summary>
internal static class OptionBuiltins
{
    private static readonly (string Name, char Letter)[] Names =
    [
        ("allexport", 'a'), ("errexit", 'e'), ("noclobber", 'C'), ("noexec", 'n'), ("noglob", 'f'), ("nounset", 'u'),
        ("pipefail", '\0'), ("xtrace", 'x'),
    ];

    public static void Set(BuiltinCall call)
    {
        var arguments = call.Arguments;
        if (arguments.IsEmpty)
        {
            foreach (var (name, variable) in call.State.Variables.All.Where(entry => entry.Value.Scalar is not null))
            {
                call.WriteLine($"{name}={Quoting.Single(variable.Scalar!)}");
            }

            return;
        }

        var i = 0;
        for (; i < arguments.Length && arguments[i] is ['-' or '+', _, ..] word; i++)
        {
            if (word == "--")
            {
                call.State.Positional = arguments[(i + 1)..];
                return;
            }

            var on = word[0] == '-';
            foreach (var letter in word[1..])
            {
                if (letter == 'o' && i + 1 >= arguments.Length)
                {
                    Show(call);
                }
                else if (letter == 'o' && !SetNamed(call, arguments[++i], on))
                {
                    return;
                }
                else if (letter != 'o' && !SetLetter(call, letter, on, word))
                {
                    return;
                }
            }
        }

        if (i < arguments.Length)
        {
            call.State.Positional = arguments[i..];
        }
    }

    public static void Shopt(BuiltinCall call)
    {
        bool? on = null;
        var quiet = false;
        foreach (var argument in call.Arguments)
        {
            switch (argument)
            {
                case "-s":
                    on = true;
                    break;
                case "-u":
                    on = false;
                    break;
                case "-q":
                    quiet = true;
                    break;
                case ['-', ..]:
                    break;
                default:
                    ShoptOne(call, argument, on, quiet);
                    break;
            }
        }
    }

    public static void Umask(BuiltinCall call)
    {
        if (call.Arguments is not [var text, ..])
        {
            call.WriteLine(Convert.ToString(call.State.Umask, 8).PadLeft(4, '0'));
        }
        else if (text.Length is > 0 and < 5 && text.All(c => c is >= '0' and <= '7'))
        {
            call.State.Umask = Convert.ToInt32(text, 8) & 0b111_111_111;
        }
        else
        {
            call.Fail($"{text}: octal number out of range");
        }
    }

    public static void Ulimit(BuiltinCall call) =>
        call.WriteLine(call.Arguments is [['-', .. var letters], ..] && letters.Contains('n') ? "1024"
            : call.Arguments is [['-', .. var other], ..] && other.Contains('u') ? Interpreter.MaxProcesses.ToString() : "unlimited");

    private static bool SetNamed(BuiltinCall call, string name, bool on)
    {
        if (name == "pipefail")
        {
            call.State.Options = call.State.Options with { PipeFail = on };
            return true;
        }

        var letter = Names.FirstOrDefault(entry => entry.Name == name).Letter;
        if (letter != '\0')
        {
            return SetLetter(call, letter, on, name);
        }

        if (name is "posix" or "emacs" or "vi" or "monitor" or "histexpand" or "history" or "braceexpand" or "hashall" or "physical" or "notify" or "errtrace" or "functrace" or "ignoreeof" or "verbose")
        {
            return true;
        }

        call.Fail($"{name}: invalid option name", 2);
        return false;
    }

    private static bool SetLetter(BuiltinCall call, char letter, bool on, string word)
    {
        var options = call.State.Options;
        var changed = letter switch
        {
            'a' => options with { ExportsAll = on },
            'e' => options with { ExitsOnError = on },
            'f' => options with { NoGlob = on },
            'n' => options with { NoExecution = on && !call.Shell.IsInteractive },
            'u' => options with { FaultsOnUnset = on },
            'x' => options with { Traces = on },
            'C' => options with { NoClobber = on },
            'm' or 'h' or 'b' or 'v' or 'B' or 'E' or 'H' or 'P' or 'T' or 'k' or 't' => options,
            _ => null,
        };
        if (changed is null)
        {
            call.FailOption($"{word[0]}{letter}");
            return false;
        }

        call.State.Options = changed;
        return true;
    }

    private static void Show(BuiltinCall call)
    {
        var options = call.State.Options;
        foreach (var (name, letter) in Names)
        {
            var on = letter == '\0' ? options.PipeFail : options.Letters(false, false).Contains(letter);
            call.WriteLine($"{name,-15}\t{(on ? "on" : "off")}");
        }
    }

    private static void ShoptOne(BuiltinCall call, string name, bool? on, bool quiet)
    {
        var options = call.State.Options;
        var (isOn, changed) = name switch
        {
            "nullglob" => (options.NullGlob, options with { NullGlob = on ?? false }),
            "dotglob" => (options.DotGlob, options with { DotGlob = on ?? false }),
            "nocasematch" => (options.NoCaseMatch, options with { NoCaseMatch = on ?? false }),
            "expand_aliases" => (options.ExpandsAliases || call.Shell.IsInteractive, options with { ExpandsAliases = on ?? false }),
            "extglob" or "globstar" or "lastpipe" or "checkwinsize" or "histappend" or "cmdhist" or "inherit_errexit" or "login_shell" or "promptvars" or "sourcepath" => (false, options),
            _ => (false, null),
        };
        if (changed is null)
        {
            call.Fail($"{name}: invalid shell option name");
        }
        else if (on is not null)
        {
            call.State.Options = changed;
        }
        else
        {
            call.Status = isOn ? 0 : 1;
            call.Write(quiet ? "" : $"{name,-15}\t{(isOn ? "on" : "off")}\n");
        }
    }
}
