using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>A long option: its name and the letter that it stands for.</summary>
internal readonly record struct LongOption(string Name, char Letter);

/// <summary>
/// A command's arguments split into options and operands, as getopt(3) does it: letters may be joined (<c>-la</c>), a value may
/// follow its letter or be the next word, options may stand after operands unless <c>--</c> or the command forbids it, and a
/// long option may be shortened while it is unique.
/// </summary>
internal sealed class CommandOptions
{
    private readonly List<(char Letter, string? Value)> _found = [];

    private CommandOptions()
    {
    }

    public List<string> Operands { get; } = [];

    /// <summary>The options in their order.</summary>
    public IReadOnlyList<(char Letter, string? Value)> Found => _found;

    /// <summary>The letters that were given, in their order.</summary>
    public string Letters => string.Concat(_found.Select(option => option.Letter));

    /// <summary>An option that the command does not have, without its dashes; null: all were known.</summary>
    public string? Unknown { get; private set; }

    /// <summary>What getopt(3) says is wrong; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <param name="arguments">The words after the command's name.</param>
    /// <param name="letters">The letters; one that takes a value has a colon behind it, an optional value two.</param>
    /// <param name="stopsAtOperand">Whether what follows the first operand is operands too.</param>
    /// <param name="longOptions">The long names.</param>
    public static CommandOptions Parse(
        ImmutableArray<string> arguments, string letters, bool stopsAtOperand = false, params ReadOnlySpan<LongOption> longOptions)
    {
        var options = new CommandOptions();
        for (var i = 0; i < arguments.Length && options.Fault is null; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                options.Operands.AddRange(arguments.AsSpan()[(i + 1)..]);
                break;
            }

            if (word is not ['-', _, ..])
            {
                options.Operands.Add(word);
                if (stopsAtOperand)
                {
                    options.Operands.AddRange(arguments.AsSpan()[(i + 1)..]);
                    break;
                }
            }
            else if (word.StartsWith("--", StringComparison.Ordinal) && !longOptions.IsEmpty)
            {
                i = options.ReadLong(arguments, i, letters, longOptions);
            }
            else
            {
                i = options.ReadLetters(arguments, i, letters);
            }
        }

        return options;
    }

    public bool Has(char letter) => _found.Exists(option => option.Letter == letter);

    /// <summary>The last value of an option; null: not given, or without one.</summary>
    public string? Value(char letter) => _found.FindLast(option => option.Letter == letter).Value;

    public IEnumerable<string> Values(char letter) => _found.Where(option => option.Letter == letter).Select(option => option.Value ?? "");

    private static int Takes(string letters, char letter)
    {
        var at = letter == ':' ? -1 : letters.IndexOf(letter);
        return at < 0 ? -1
            : at + 1 >= letters.Length || letters[at + 1] != ':' ? 0
            : at + 2 < letters.Length && letters[at + 2] == ':' ? 2 : 1;
    }

    private int ReadLetters(ImmutableArray<string> arguments, int index, string letters)
    {
        var word = arguments[index];
        for (var at = 1; at < word.Length; at++)
        {
            var letter = word[at];
            switch (Takes(letters, letter))
            {
                case 0:
                    _found.Add((letter, null));
                    break;
                case 1 when at + 1 == word.Length:
                    if (index + 1 >= arguments.Length)
                    {
                        Fault = $"option requires an argument -- '{letter}'";
                        return index;
                    }

                    _found.Add((letter, arguments[index + 1]));
                    return index + 1;
                case 1 or 2:
                    _found.Add((letter, at + 1 < word.Length ? word[(at + 1)..] : null));
                    return index;
                default:
                    (Unknown, Fault) = (letter.ToString(), $"invalid option -- '{letter}'");
                    return index;
            }
        }

        return index;
    }

    private int ReadLong(ImmutableArray<string> arguments, int index, string letters, ReadOnlySpan<LongOption> longOptions)
    {
        var word = arguments[index];
        var equals = word.IndexOf('=');
        var name = equals < 0 ? word[2..] : word[2..equals];
        LongOption? found = null;
        var matches = 0;
        foreach (var option in longOptions)
        {
            if (option.Name == name)
            {
                (found, matches) = (option, 1);
                break;
            }

            if (option.Name.StartsWith(name, StringComparison.Ordinal))
            {
                found = option;
                matches++;
            }
        }

        if (found is not { } known || matches > 1)
        {
            (Unknown, Fault) = (name, matches > 1 ? $"option '{word}' is ambiguous" : $"unrecognized option '{word}'");
            return index;
        }

        var takes = Takes(letters, known.Letter);
        if (takes <= 0 && equals >= 0)
        {
            Fault = $"option '--{known.Name}' doesn't allow an argument";
        }
        else if (takes == 1 && equals < 0 && index + 1 >= arguments.Length)
        {
            Fault = $"option '--{known.Name}' requires an argument";
        }
        else if (takes == 1 && equals < 0)
        {
            _found.Add((known.Letter, arguments[index + 1]));
            return index + 1;
        }
        else
        {
            _found.Add((known.Letter, equals < 0 ? null : word[(equals + 1)..]));
        }

        return index;
    }
}
