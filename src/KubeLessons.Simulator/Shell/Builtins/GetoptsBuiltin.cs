using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary><c>getopts</c>: the next option of the positional parameters. Its place within a word is kept in <c>_OPTPOS</c>.</summary>
internal static class GetoptsBuiltin
{
    private const string Position = "_OPTPOS";

    public static void Run(BuiltinCall call)
    {
        if (call.Arguments is not [var letters, var variable, .. var given])
        {
            call.FailUsage();
            return;
        }

        var words = given.IsEmpty ? call.State.Positional : given;
        var index = int.TryParse(call.Shell.Parameter("OPTIND"), out var number) && number > 0 ? number : 1;
        var at = index == 1 && call.Shell.Parameter(Position) is null ? 1 : int.TryParse(call.Shell.Parameter(Position), out var place) ? place : 1;
        if (index > words.Length || words[index - 1] is not ['-', _, ..] || words[index - 1] == "--")
        {
            End(call, variable, index <= words.Length && words[index - 1] == "--" ? index + 1 : index);
            return;
        }

        var word = words[index - 1];
        at = Math.Clamp(at, 1, word.Length - 1);
        var option = word[at];
        var known = option == ':' ? -1 : letters.IndexOf(option);
        var (next, nextAt) = at + 1 < word.Length ? (index, at + 1) : (index + 1, 1);
        string? value = null;
        var result = option.ToString();
        if (known < 0)
        {
            value = letters.StartsWith(':') ? result : null;
            Complain(call, letters, $"illegal option -- {option}");
            result = "?";
        }
        else if (known + 1 < letters.Length && letters[known + 1] == ':')
        {
            value = at + 1 < word.Length ? word[(at + 1)..] : index < words.Length ? words[index] : null;
            (next, nextAt) = (at + 1 < word.Length ? index + 1 : index + 2, 1);
            if (value is null)
            {
                Complain(call, letters, $"option requires an argument -- {option}");
                (value, result, next) = letters.StartsWith(':') ? (result, ":", index + 1) : (null, "?", index + 1);
            }
        }

        Save(call, variable, result, next, nextAt, value);
    }

    private static void Complain(BuiltinCall call, string letters, string message)
    {
        if (!letters.StartsWith(':'))
        {
            call.Shell.Io.Err.Write($"{call.State.Name}: {message}\n");
        }
    }

    private static void End(BuiltinCall call, string variable, int index)
    {
        Save(call, variable, "?", index, 1, null);
        call.Status = 1;
    }

    private static void Save(BuiltinCall call, string variable, string option, int index, int position, string? value)
    {
        var variables = call.State.Variables;
        call.Shell.Assign(variable, null, option, appends: false);
        variables.Set("OPTIND", index.ToString());
        variables.Set(Position, position.ToString());
        if (value is null)
        {
            variables.Remove("OPTARG");
        }
        else
        {
            variables.Set("OPTARG", value);
        }
    }
}
