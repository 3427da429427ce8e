using System.Diagnostics;

namespace KubeLessons.FailureTable;

/// <summary>A running kit of real machines, reached over ssh.</summary>
/// <param name="sshConfig">The file that `ssh -F` takes; it names the machines.</param>
/// <param name="powerCommand">A program that is called with <c>off HOST</c> or <c>on HOST</c>.</param>
internal sealed class RealLab(string sshConfig, string powerCommand) : ILab
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public Side Side => Side.Kit;

    public TimeSpan Now => _clock.Elapsed;

    public (int ExitCode, string Output) Run(string host, string command) =>
        Execute("ssh", "-F", sshConfig, "-o", "ConnectTimeout=10", host, $"exec 2>&1; {command}");

    public void Start(string host, string command) =>
        Execute("ssh", "-F", sshConfig, host, $"setsid bash -c '{command.Replace("'", "'\\''", StringComparison.Ordinal)}' > /dev/null 2>&1 < /dev/null &");

    public void Power(string host, bool on)
    {
        var (code, output) = Execute(powerCommand, on ? "on" : "off", host);
        if (code != 0)
        {
            throw new InvalidOperationException(output);
        }
    }

    public void Wait(TimeSpan duration) => Thread.Sleep(duration);

    private static (int ExitCode, string Output) Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
