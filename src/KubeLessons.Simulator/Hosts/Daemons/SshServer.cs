using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Hosts.Daemons;

/// <summary>What an SSH client asks for once it is connected and let in.</summary>
/// <param name="User">Who logs in.</param>
/// <param name="Command">The command line for the user's shell; null: a login shell on a terminal.</param>
/// <param name="Address">Where the client comes from, as the server sees it.</param>
public sealed record SshRequest(string User, string? Command, string Address)
{
    public required TextStream Input { get; init; }

    public required TextStream Output { get; init; }

    public required TextStream Error { get; init; }
}

/// <summary>What a running sshd puts behind its port.</summary>
public sealed record SshService(Host Host, Func<SshRequest, Process?> Open);

/// <summary>
/// The program <c>sshd</c>. The machines of the lab trust each other's keys: every user of /etc/passwd with a shell is let in.
/// A session is a process of its own, which goes on when sshd is stopped (KillMode=process), as on a real machine.
/// </summary>
public static class SshServer
{
    public const int Port = 22;

    public static IEnumerable<Wait> Main(Process self)
    {
        var port = ConfiguredPort(self.Files);
        if (self.Listen(port, new SshService(self.Host, request => Open(self, request))) is null)
        {
            self.Error.WriteLine($"error: Bind to port {port} on 0.0.0.0 failed: Address already in use.\nfatal: Cannot bind any address.");
            self.Exit(255);
            yield break;
        }

        self.SignalHandler = signal =>
        {
            if (signal == ProcessSignal.Terminate)
            {
                self.Error.WriteLine("Received signal 15; terminating.");
            }

            return signal == ProcessSignal.Hangup;
        };
        self.Error.WriteLine($"Server listening on 0.0.0.0 port {port}.");
        yield return Wait.Forever;
    }

    /// <summary>The shell of a user of /etc/passwd; null: there is no such user, or none who may log in.</summary>
    internal static string? ShellOf(FileSystem files, string user)
    {
        foreach (var line in (files.Read("/etc/passwd") ?? "root:x:0:0:root:/root:/bin/bash").Split('\n'))
        {
            if (line.Split(':') is [var name, _, _, _, _, _, var shell] && name == user)
            {
                return shell.EndsWith("nologin", StringComparison.Ordinal) || shell.EndsWith("false", StringComparison.Ordinal) ? null : shell;
            }
        }

        return null;
    }

    private static Process? Open(Process self, SshRequest request)
    {
        var host = self.Host;
        if (ShellOf(host.Files, request.User) is not { } shell || host.Programs.Find(shell) is not { } main)
        {
            self.Error.WriteLine($"Invalid user {request.User} from {request.Address}");
            return null;
        }

        self.Error.WriteLine($"Accepted publickey for {request.User} from {request.Address} ssh2: ED25519");
        var session = host.Processes.Start(new ProcessStart([$"sshd: {request.User}@{(request.Command is null ? "pts/0" : "notty")}"], _ => [Wait.Forever])
        {
            Parent = self,
        });
        ImmutableArray<string> words = request.Command is { } command ? [shell, "-c", command] : ["-" + shell[(shell.LastIndexOf('/') + 1)..]];
        var process = host.Processes.Start(new ProcessStart(words, main)
        {
            Parent = session,
            User = request.User,
            WorkingDirectory = host.Files.IsDirectory(ShellStart.HomeOf(request.User)) ? ShellStart.HomeOf(request.User) : "/",
            Environment = ShellStart.LoginEnvironment(request.User, shell)
                .Add("SSH_CLIENT", $"{request.Address} 51022 {Port}")
                .Add("SSH_CONNECTION", $"{request.Address} 51022 {host.Address} {Port}"),
            Input = request.Input,
            Output = request.Output,
            Error = request.Error,
        });
        process.OnExit(() => session.Exit(0));
        session.OnExit(() => process.Send(ProcessSignal.Hangup));
        return process;
    }

    private static int ConfiguredPort(FileSystem files)
    {
        foreach (var line in (files.Read("/etc/ssh/sshd_config") ?? "").Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Port", var number] && int.TryParse(number, out var port))
            {
                return port;
            }
        }

        return Port;
    }
}
