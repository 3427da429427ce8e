using System.Text;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>The page that <c>--help</c> shows: summary, commands below it, options, usage line.</summary>
internal static class HelpPage
{
    public static string Of(Command command)
    {
        var page = new StringBuilder(command.Summary).Append(".\n");
        if (command.Aliases is { IsEmpty: false } aliases)
        {
            page.Append($"\nAliases:\n{command.Name}, {string.Join(", ", aliases)}\n");
        }

        if (!command.Children.IsEmpty)
        {
            page.Append("\nAvailable Commands:\n");
            var width = Math.Max(13, command.Children.Max(child => child.Name.Length) + 3);
            foreach (var child in command.Children.OrderBy(child => child.Name, StringComparer.Ordinal))
            {
                page.Append("  ").Append(child.Name.PadRight(width)).Append(' ').Append(child.Summary).Append('\n');
            }
        }

        if (!command.Flags.IsEmpty)
        {
            page.Append("\nOptions:\n");
            foreach (var flag in command.Flags.OrderBy(flag => flag.Name, StringComparer.Ordinal))
            {
                page.Append("    ").Append(flag.Title).Append('=').Append(DefaultOf(flag)).Append('\n');
            }
        }

        page.Append($"\nUsage:\n  {command.Path} {command.Usage}\n");
        if (!command.Children.IsEmpty)
        {
            page.Append($"\nUse \"{command.Path} <command> --help\" for more information about a given command.");
        }

        return page.Append("\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n").ToString();
    }

    /// <summary><c>kubectl options</c>.</summary>
    public static string OfGlobalFlags()
    {
        var page = new StringBuilder("The following options can be passed to any command:\n\n");
        foreach (var flag in CommonFlags.Global.Where(flag => flag.Name != "help"))
        {
            page.Append("    ").Append(flag.Title).Append('=').Append(DefaultOf(flag)).Append('\n');
        }

        return page.ToString();
    }

    private static string DefaultOf(FlagSpec flag) => flag.Kind switch
    {
        FlagKind.Text => $"'{flag.Default}'",
        FlagKind.List or FlagKind.Array => "[]",
        _ => flag.Default,
    };
}
