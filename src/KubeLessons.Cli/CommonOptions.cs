using System.CommandLine;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>The options that every command knows.</summary>
internal static class CommonOptions
{
    public static Option<string?> Language { get; } = new("--lang") { HelpName = "en|ko", Recursive = true };

    public static Option<bool> NoColor { get; } = new("--no-color") { Recursive = true };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose", "-v") { Recursive = true };

    public static void AddTo(RootCommand root, Wording wording)
    {
        Language.Description = wording.Get("cli.option.lang");
        NoColor.Description = wording.Get("cli.option.noColor");
        Quiet.Description = wording.Get("cli.option.quiet");
        Verbose.Description = wording.Get("cli.option.verbose");
        foreach (Option option in new Option[] { Language, NoColor, Quiet, Verbose })
        {
            root.Options.Add(option);
        }
    }
}
