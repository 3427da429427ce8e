namespace KubeLessons.Cli.Terminal;

/// <summary>
/// Completion scripts. Each hands the line to the tool itself, whose <c>[suggest:N]</c> directive (System.CommandLine) answers
/// with the words that fit, a line each.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # kubelessons completion for bash: put  source <(kubelessons completion bash)  into ~/.bashrc
        _kubelessons_complete() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(kubelessons "[suggest:${COMP_POINT}]" "${COMP_LINE#* }" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _kubelessons_complete kubelessons

        """;

    private const string Zsh = """
        # kubelessons completion for zsh: put  source <(kubelessons completion zsh)  into ~/.zshrc
        _kubelessons_complete() {
            local -a found
            found=("${(@f)$(kubelessons "[suggest:${CURSOR}]" "${BUFFER#* }" 2>/dev/null)}")
            compadd -a found
        }
        compdef _kubelessons_complete kubelessons

        """;

    private const string Fish = """
        # kubelessons completion for fish: kubelessons completion fish > ~/.config/fish/completions/kubelessons.fish
        complete -c kubelessons -f -a '(kubelessons "[suggest:"(string length -- (commandline -cp))"]" (string replace -r "^\S+ ?" "" -- (commandline -cp)) 2>/dev/null)'

        """;

    private const string PowerShell = """
        # kubelessons completion for PowerShell: kubelessons completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName kubelessons -ScriptBlock {
            param($word, $commandAst, $cursor)
            $line = $commandAst.ToString() -replace '^\S+ ?', ''
            kubelessons "[suggest:$cursor]" $line 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    public static string? For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => PowerShell,
        _ => null,
    };
}
