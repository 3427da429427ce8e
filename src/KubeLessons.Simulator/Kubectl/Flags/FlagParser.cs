using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace KubeLessons.Simulator.Kubectl.Flags;

/// <summary>
/// Reads a command line as pflag does: flags and arguments may be mixed, <c>--</c> ends the flags, <c>-oyaml</c>, <c>-o=yaml</c>,
/// <c>-o yaml</c> and <c>--output yaml</c> mean the same, one-letter switches may be joined (<c>-it</c>).
/// </summary>
internal sealed class FlagParser
{
    private readonly ImmutableDictionary<string, FlagSpec> _byName;
    private readonly Dictionary<char, FlagSpec> _byShorthand = [];
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];
    private int? _beforeDash;
    private string? _error;

    private FlagParser(IEnumerable<FlagSpec> specs)
    {
        var builder = ImmutableDictionary.CreateBuilder<string, FlagSpec>(StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            builder[spec.Name] = spec;
            if (spec.Shorthand != '\0')
            {
                _byShorthand[spec.Shorthand] = spec;
            }
        }

        _byName = builder.ToImmutable();
    }

    /// <param name="specs">The flags that the command knows; a later one replaces an earlier one of the same name.</param>
    /// <param name="words">The command line without the command.</param>
    /// <param name="values">What it says.</param>
    /// <param name="error">Why it cannot be read, as pflag words it.</param>
    public static bool TryParse(
        IEnumerable<FlagSpec> specs, IReadOnlyList<string> words, [NotNullWhen(true)] out FlagValues? values, [NotNullWhen(false)] out string? error)
    {
        var parser = new FlagParser(specs);
        parser.Read(words);
        error = parser._error;
        values = error is null ? parser.Values() : null;
        return error is null;
    }

    /// <summary>True when this word is a flag whose value is the next word.</summary>
    public static bool TakesNextWord(IEnumerable<FlagSpec> specs, string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            return !word.Contains('=', StringComparison.Ordinal) && specs.FirstOrDefault(spec => spec.Name == word[2..]) is { Bare: null };
        }

        return word is ['-', var letter] && specs.FirstOrDefault(spec => spec.Shorthand == letter) is { Bare: null };
    }

    private FlagValues Values() => new(
        _byName,
        _given.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.ToImmutableArray(), StringComparer.Ordinal),
        [.. _arguments],
        _beforeDash);

    private void Read(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count && _error is null; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                _beforeDash = _arguments.Count;
                _arguments.AddRange(words.Skip(i + 1));
                return;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                ReadLong(words, ref i);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                ReadShort(words, ref i);
            }
            else
            {
                _arguments.Add(word);
            }
        }
    }

    private void ReadLong(IReadOnlyList<string> words, ref int i)
    {
        var word = words[i];
        if (word[2] is '-' or '=')
        {
            _error = "bad flag syntax: " + word;
            return;
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word[2..] : word[2..equals];
        if (!_byName.TryGetValue(name, out var spec))
        {
            _error = "unknown flag: --" + name;
        }
        else if (equals >= 0)
        {
            Set(spec, word[(equals + 1)..]);
        }
        else if (spec.Bare is { } bare)
        {
            Set(spec, bare);
        }
        else if (i + 1 < words.Count)
        {
            Set(spec, words[++i]);
        }
        else
        {
            _error = "flag needs an argument: --" + name;
        }
    }

    private void ReadShort(IReadOnlyList<string> words, ref int i)
    {
        var letters = words[i][1..];
        for (var at = 0; at < letters.Length && _error is null; at++)
        {
            var rest = letters[(at + 1)..];
            if (!_byShorthand.TryGetValue(letters[at], out var spec))
            {
                _error = $"unknown shorthand flag: '{letters[at]}' in -{letters[at..]}";
            }
            else if (rest.StartsWith('='))
            {
                Set(spec, rest[1..]);
                return;
            }
            else if (spec.Bare is { } bare)
            {
                Set(spec, bare);
            }
            else if (rest.Length > 0)
            {
                Set(spec, rest);
                return;
            }
            else if (i + 1 < words.Count)
            {
                Set(spec, words[++i]);
                return;
            }
            else
            {
                _error = $"flag needs an argument: '{letters[at]}' in -{letters[at..]}";
            }
        }
    }

    private void Set(FlagSpec spec, string value)
    {
        if (spec.Fault(value) is { } fault)
        {
            _error = $"invalid argument \"{value}\" for \"{spec.Title}\" flag: {fault}";
            return;
        }

        if (!_given.TryGetValue(spec.Name, out var values))
        {
            _given.Add(spec.Name, values = []);
        }

        values.Add(value);
    }
}
