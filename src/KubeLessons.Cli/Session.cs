using System.CommandLine;
using KubeLessons.Cli.Terminal;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>What every command has at hand: the surroundings, the language, and where to print.</summary>
internal sealed record Session(Surroundings Surroundings, Wording Wording, Ink Ink, bool IsQuiet, bool IsVerbose)
{
    public TextWriter Out => Surroundings.Out;

    public TextWriter Error => Surroundings.Error;

    public static Session Of(ParseResult parsed, Surroundings surroundings)
    {
        var language = parsed.GetValue(CommonOptions.Language) ?? LanguageOf(surroundings);
        var hasColor = surroundings.IsTerminal
            && !parsed.GetValue(CommonOptions.NoColor)
            && surroundings.Variable("NO_COLOR") is null
            && surroundings.Variable("TERM") != "dumb";
        return new Session(
            surroundings, Wording.For(language), new Ink(hasColor), parsed.GetValue(CommonOptions.Quiet), parsed.GetValue(CommonOptions.Verbose));
    }

    public string Say(string key, params ReadOnlySpan<object> arguments) => Wording.Get(key, arguments);

    /// <summary>The locale's language, as POSIX orders the variables.</summary>
    internal static string? LanguageOf(Surroundings surroundings) =>
        surroundings.Variable("KUBELESSONS_LANG") ?? surroundings.Variable("LC_ALL") ?? surroundings.Variable("LC_MESSAGES") ?? surroundings.Variable("LANG");
}
