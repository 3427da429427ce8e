using System.Text;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>A prompt's backslash sequences (bash(1), PROMPTING).</summary>
internal static class PromptText
{
    public static string Of(Interpreter shell, string prompt)
    {
        var text = new StringBuilder();
        for (var i = 0; i < prompt.Length; i++)
        {
            if (prompt[i] != '\\' || i + 1 >= prompt.Length)
            {
                text.Append(prompt[i]);
                continue;
            }

            text.Append(Sequence(shell, prompt[++i]));
        }

        return text.ToString();
    }

    private static string Sequence(Interpreter shell, char letter) => letter switch
    {
        'u' => shell.Self.Start.User,
        'h' => HostNames.ShortOf(shell.Self),
        'H' => HostNames.Of(shell.Self),
        'w' => ShortDirectory(shell),
        'W' => ShortDirectory(shell) is "/" or "~" ? ShortDirectory(shell) : ShortDirectory(shell)[(ShortDirectory(shell).LastIndexOf('/') + 1)..],
        '$' => shell.Self.Start.User == "root" ? "#" : "$",
        's' => "bash",
        'n' => "\n",
        't' => TimeFormat.Format("%H:%M:%S", shell.World.UtcNow),
        'A' => TimeFormat.Format("%H:%M", shell.World.UtcNow),
        'd' => TimeFormat.Format("%a %b %d", shell.World.UtcNow),
        'e' => "\u001b",
        '\\' => "\\",
        '[' or ']' or 'a' => "",
        _ => "\\" + letter,
    };

    private static string ShortDirectory(Interpreter shell)
    {
        var directory = shell.Self.WorkingDirectory;
        var home = shell.State.Variables.Value("HOME");
        return home is { Length: > 1 } && (directory == home || directory.StartsWith(home + "/", StringComparison.Ordinal))
            ? "~" + directory[home.Length..] : directory;
    }
}
