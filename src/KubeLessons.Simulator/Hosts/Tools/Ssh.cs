using System.Globalization;
using KubeLessons.Simulator.Hosts.Daemons;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>ssh(1): a command, or a login shell, on another machine; scp(1) beside it. Failures of its own end with 255.</summary>
internal static class Ssh
{
    private const int Failed = 255;

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "p:o:i:l:F:J:L:R:D:tTnqvNfAaXxC46kE:", stopsAtOperand: true);
        if (options.Fault is not null || options.Operands.Count == 0)
        {
            self.Error.WriteLine((options.Fault is { } fault ? $"{fault.Replace("invalid option", "unknown option", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)}\n" : "")
                + "usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]\n           [-c cipher_spec] [-D [bind_address:]port] [-E log_file]\n"
                + "           [-e escape_char] [-F configfile] [-I pkcs11] [-i identity_file]\n           [-J destination] [-L address] [-l login_name] [-m mac_spec]\n"
                + "           [-O ctl_cmd] [-o option] [-p port] [-Q query_option] [-R address]\n           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]\n           destination [command [argument ...]]");
            self.Exit(Failed);
            yield break;
        }

        var link = new Link(self, options.Operands[0], options);
        yield return Wait.Call(link.Open());
        if (link.Service is not { } service)
        {
            self.Exit(Failed);
            yield break;
        }

        var command = options.Operands.Count > 1 ? string.Join(' ', options.Operands.Skip(1)) : null;
        var remote = service.Open(new SshRequest(link.User, command, link.ClientAddress)
        {
            Input = options.Has('n') ? TextStream.Empty(self.World) : self.Input,
            Output = self.Output,
            Error = command is null ? self.Output : self.Error,
        });
        if (remote is null)
        {
            self.Error.WriteLine($"{link.User}@{link.Host}: Permission denied (publickey,password).");
            self.Exit(Failed);
            yield break;
        }

        yield return Wait.Call(Follow(self, link, remote, command is null));
    }

    /// <summary>scp(1): one or more files from here to there, or from there to here.</summary>
    public static IEnumerable<Wait> Copy(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "rpqP:o:i:Cv346BF:");
        if (options.Fault is not null || options.Operands.Count < 2)
        {
            self.Error.WriteLine("usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]\n           [-P port] [-S program] [-X sftp_option] source ... target");
            self.Exit(1);
            yield break;
        }

        var target = options.Operands[^1];
        foreach (var source in options.Operands.SkipLast(1))
        {
            var remote = target.Contains(':', StringComparison.Ordinal) ? target : source;
            var link = new Link(self, remote.Contains(':', StringComparison.Ordinal) ? remote[..remote.IndexOf(':')] : "localhost", options);
            yield return Wait.Call(link.Open());
            if (link.Service is not { } service)
            {
                self.Error.WriteLine("scp: Connection closed");
                self.Exit(Failed);
                yield break;
            }

            if (Transfer(self, service.Host, link.User, source, target, options.Has('r')) is { } fault)
            {
                self.Error.WriteLine("scp: " + fault);
                self.Exit(1);
                yield break;
            }
        }
    }

    private static IEnumerable<Wait> Follow(Process self, Link link, Process remote, bool isLogin)
    {
        self.OnExit(() => remote.Send(ProcessSignal.Hangup));
        while (!remote.HasExited)
        {
            yield return Wait.On(remote.Exited);
        }

        // Whose machine went away under the session learns of it only from the connection.
        var wasCut = !remote.Host.IsPoweredOn || remote.ExitCode is 128 + (int)ProcessSignal.Hangup;
        if (wasCut)
        {
            self.Error.WriteLine($"Connection to {link.Host} closed by remote host.");
        }

        if (isLogin || (wasCut && self.Output.IsTerminal))
        {
            self.Error.WriteLine($"Connection to {link.Host} closed.");
        }

        self.Exit(wasCut ? Failed : remote.ExitCode > 128 && ExitStatus.IsSignal(remote.ExitCode) && remote.ExitCode != 130 ? Failed : remote.ExitCode);
    }

    private static string? Transfer(Process self, Host remote, string user, string source, string target, bool isRecursive)
    {
        var (sourceFiles, sourcePath) = Side(self, remote, user, source);
        var (targetFiles, targetPath) = Side(self, remote, user, target);
        if (sourceFiles.Find(sourcePath) is not { } node)
        {
            return $"{(source.Contains(':') ? source[(source.IndexOf(':') + 1)..] : source)}: No such file or directory";
        }

        var into = targetFiles.IsDirectory(targetPath) ? FileSystem.Resolve(targetPath, sourcePath[(sourcePath.LastIndexOf('/') + 1)..]) : targetPath;
        if (node.Kind == FileKind.Directory)
        {
            if (!isRecursive)
            {
                return $"{source}: not a regular file";
            }

            foreach (var below in sourceFiles.Below(sourcePath).ToList())
            {
                if (sourceFiles.Read(below) is { } text)
                {
                    targetFiles.Write(into + below[sourcePath.Length..], text);
                }
            }

            return null;
        }

        if (!targetFiles.IsDirectory(FileSystem.Parent(into)))
        {
            return $"dest open \"{target}\": No such file or directory";
        }

        targetFiles.Write(into, node.Content, node.Mode);
        return null;
    }

    private static (FileSystem Files, string Path) Side(Process self, Host remote, string user, string text) =>
        text.IndexOf(':') is > 0 and var at
            ? (remote.Files, FileSystem.Resolve(Shell.Execution.ShellStart.HomeOf(user), text[(at + 1)..]))
            : (self.Files, FileSystem.Resolve(self.WorkingDirectory, text));

    /// <summary>The way to another machine's sshd.</summary>
    private sealed class Link(Process self, string destination, CommandOptions options)
    {
        public string Host { get; } = destination[(destination.IndexOf('@') + 1)..];

        public string User { get; } = destination.IndexOf('@') is > 0 and var at ? destination[..at] : options.Value('l') ?? self.Start.User;

        public SshService? Service { get; private set; }

        public string ClientAddress { get; private set; } = "";

        public IEnumerable<Wait> Open()
        {
            ResolvedName? resolved = null;
            yield return Wait.Call(NameLookup.Resolve(self, Host, found => resolved = found));
            if (resolved!.Address is not { } address)
            {
                self.Error.WriteLine($"ssh: Could not resolve hostname {Host}: {(resolved.IsUnknown ? "Name or service not known" : "Temporary failure in name resolution")}");
                yield break;
            }

            var port = int.TryParse(options.Value('p') ?? options.Value('P'), out var asked) ? asked : SshServer.Port;
            var dial = new TcpDial();
            yield return Wait.Call(dial.Open(self, address, port, ConnectTimeout()));
            if (dial.Connection is not { } connection)
            {
                self.Error.WriteLine($"ssh: connect to host {Host} port {port}: {(dial.TimedOut ? "Connection timed out" : dial.Last!.Error.Message())}");
                yield break;
            }

            if (connection.Listener.Handler is not SshService service)
            {
                self.Error.WriteLine("kex_exchange_identification: Connection closed by remote host\nConnection closed by " + $"{address} port {port}");
                yield break;
            }

            // Key exchange and authentication: a handful of round trips and some arithmetic.
            yield return Wait.For(TimeSpan.FromMilliseconds(180));
            ClientAddress = connection.ServerRemote.Ip.ToString();
            Service = service;
        }

        private TimeSpan? ConnectTimeout()
        {
            foreach (var option in options.Values('o'))
            {
                if (option.Split('=', ' ') is [var name, var value] && name.Equals("ConnectTimeout", StringComparison.OrdinalIgnoreCase)
                    && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
                {
                    return TimeSpan.FromSeconds(seconds);
                }
            }

            return null;
        }
    }
}
