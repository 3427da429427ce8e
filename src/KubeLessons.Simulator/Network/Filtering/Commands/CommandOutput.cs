namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>What a program printed, and how it exited.</summary>
public sealed record CommandOutput(int ExitCode, string Output, string Error)
{
    public static readonly CommandOutput Nothing = new(0, "", "");

    public static CommandOutput Print(string text) => new(0, text, "");
}
