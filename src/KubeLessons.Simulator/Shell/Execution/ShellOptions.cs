namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>What <c>set</c> and <c>shopt</c> switch.</summary>
internal sealed record ShellOptions
{
    /// <summary>-e</summary>
    public bool ExitsOnError { get; init; }

    /// <summary>-x</summary>
    public bool Traces { get; init; }

    /// <summary>-u</summary>
    public bool FaultsOnUnset { get; init; }

    /// <summary>-f</summary>
    public bool NoGlob { get; init; }

    /// <summary>-C</summary>
    public bool NoClobber { get; init; }

    /// <summary>-n</summary>
    public bool NoExecution { get; init; }

    /// <summary>-a</summary>
    public bool ExportsAll { get; init; }

    /// <summary>-o pipefail</summary>
    public bool PipeFail { get; init; }

    /// <summary>shopt nullglob</summary>
    public bool NullGlob { get; init; }

    /// <summary>shopt dotglob</summary>
    public bool DotGlob { get; init; }

    /// <summary>shopt nocasematch</summary>
    public bool NoCaseMatch { get; init; }

    /// <summary>shopt expand_aliases</summary>
    public bool ExpandsAliases { get; init; }

    /// <summary>What <c>$-</c> shows.</summary>
    public string Letters(bool isInteractive, bool fromArgument) =>
        (ExportsAll ? "a" : "") + (ExitsOnError ? "e" : "") + (NoGlob ? "f" : "") + "h" + (isInteractive ? "i" : "")
        + (isInteractive ? "m" : "") + (FaultsOnUnset ? "u" : "") + (Traces ? "x" : "") + "B" + (NoClobber ? "C" : "")
        + (isInteractive ? "H" : "") + (fromArgument ? "c" : "");
}
