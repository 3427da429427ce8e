using System.CommandLine;
using System.CommandLine.Parsing;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>Says what is wrong with a command line, and what would be right.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult result, Surroundings surroundings, Wording wording)
    {
        var command = result.CommandResult.Command;
        var path = PathOf(result.CommandResult);
        foreach (var word in result.UnmatchedTokens)
        {
            surroundings.Error.WriteLine(wording.Get("cli.error", Unknown(word, command)));
        }

        foreach (var error in result.Errors.Where(error => !result.UnmatchedTokens.Any(word => error.Message.Contains(word, StringComparison.Ordinal))))
        {
            surroundings.Error.WriteLine(wording.Get("cli.error", error.Message));
        }

        surroundings.Error.WriteLine(wording.Get("cli.seeHelp", path));
        return ExitCodes.Usage;
    }

    private static Message Unknown(string word, Command command)
    {
        var known = word.StartsWith('-')
            ? command.Options.Concat(CommonOptionsOf(command)).Select(option => option.Name)
            : command.Subcommands.Select(subcommand => subcommand.Name);
        var nearest = KubeLessons.Lessons.Parsing.NearestWord.Among(word, known);
        return nearest is null ? Message.Of("cli.unknownWord", word) : Message.Of("cli.unknownWordNear", word, nearest);
    }

    private static IEnumerable<Option> CommonOptionsOf(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive));

    private static string PathOf(CommandResult? result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: not RootCommand } command)
            {
                names.Insert(0, command.Command.Name);
            }
        }

        return string.Join(' ', names.Prepend("kubelessons"));
    }
}
