using System.Collections.Immutable;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>Finds the command that a command line means, as cobra does: flags may stand before it.</summary>
internal static class CommandLine
{
    /// <summary>The deepest command that the words name, and the words without its name.</summary>
    public static (Command Command, List<string> Words) Find(Command root, IEnumerable<string> words)
    {
        var rest = words.ToList();
        var command = root;
        while (FirstArgument(command, rest) is { } at && command.Children.FirstOrDefault(child => child.Answers(rest[at])) is { } next)
        {
            rest.RemoveAt(at);
            command = next with { Path = $"{command.Path} {next.Name}" };
        }

        return (command, rest);
    }

    /// <summary>Why a word is no command of kubectl, with what was perhaps meant.</summary>
    public static string UnknownCommand(Command root, string word)
    {
        var near = root.Children.Where(child => IsNear(word, child.Name)).Select(child => $"\t{child.Name}\n").ToList();
        var message = $"error: unknown command \"{word}\" for \"kubectl\"\n";
        return near.Count == 0 ? message : $"{message}\nDid you mean this?\n{string.Concat(near)}";
    }

    private static int? FirstArgument(Command command, List<string> words)
    {
        var flags = command.Flags.AddRange(CommonFlags.Global);
        for (var i = 0; i < words.Count && words[i] != "--"; i++)
        {
            if (words[i].Length < 2 || words[i][0] != '-')
            {
                return i;
            }

            if (FlagParser.TakesNextWord(flags, words[i]))
            {
                i++;
            }
        }

        return null;
    }

    // cobra suggests what begins with the word or is at most two edits away.
    private static bool IsNear(string word, string name) =>
        name.StartsWith(word, StringComparison.OrdinalIgnoreCase) || EditDistance(word.ToLowerInvariant(), name) <= 2;

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
