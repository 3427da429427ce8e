using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>Something that the user can mend: told in one sentence, with the exit code that says what kind it is.</summary>
internal sealed class UserError(Message message, int exitCode = ExitCodes.Usage) : Exception(message.ToString())
{
    public Message Told => message;

    public int ExitCode => exitCode;
}
