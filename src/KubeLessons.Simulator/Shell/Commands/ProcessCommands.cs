using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Commands that run others, or tell about them: <c>env</c>, <c>printenv</c>, <c>which</c>, <c>nohup</c>, <c>kill</c>, <c>mktemp</c>.</summary>
internal static class ProcessCommands
{
    public static IEnumerable<Wait> Exit(Process self, int status)
    {
        self.Exit(status);
        yield break;
    }

    public static IEnumerable<Wait> WorkingDirectory(Process self)
    {
        self.Output.WriteLine(self.WorkingDirectory);
        yield break;
    }

    public static IEnumerable<Wait> PrintEnvironment(Process self)
    {
        var names = self.CommandLine[1..];
        if (names.IsEmpty)
        {
            WriteEnvironment(self);
            yield break;
        }

        var missing = false;
        foreach (var name in names)
        {
            missing |= !self.Environment.TryGetValue(name, out var value);
            self.Output.Write(value is null ? "" : value + "\n");
        }

        self.Exit(missing ? 1 : 0);
    }

    public static IEnumerable<Wait> Environment(Process self)
    {
        var command = new CommandContext(self, "env");
        if (command.Parse("iu:C:0S:v", 125, true, new("ignore-environment", 'i'), new("unset", 'u'), new("chdir", 'C')) is not { } options)
        {
            yield break;
        }

        var environment = options.Has('i') ? ImmutableDictionary<string, string>.Empty : self.Environment;
        environment = environment.RemoveRange(options.Values('u'));
        var words = options.Operands.ToList();
        while (words is [var word, ..] && (word == "-" || word.IndexOf('=') > 0))
        {
            var equals = word.IndexOf('=');
            environment = equals < 0 ? environment.Clear() : environment.SetItem(word[..equals], word[(equals + 1)..]);
            words.RemoveAt(0);
        }

        if (words.Count == 0)
        {
            self.Environment = environment;
            WriteEnvironment(self);
            yield break;
        }

        yield return Wait.Call(Become(command, [.. words], "‘{0}’: {1}", environment: environment));
    }

    public static IEnumerable<Wait> NoHangup(Process self)
    {
        var command = new CommandContext(self, "nohup");
        if (command.Arguments.IsEmpty)
        {
            command.Usage("missing operand", 125);
            yield break;
        }

        if (self.Output.IsTerminal)
        {
            self.Error.Write("nohup: ignoring input and appending output to 'nohup.out'\n");
            var output = new FileOutput(self, command.Resolve("nohup.out"));
            self.Become(self.CommandLine, TextStream.Empty(self.World), output.Stream, output.Stream);
        }

        yield return Wait.Call(Become(command, command.Arguments, "failed to run command '{0}': {1}", ignoresHangup: true));
    }

    public static IEnumerable<Wait> Nice(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("n:c:p:", 125, true, new LongOption("adjustment", 'n')) is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count == 0)
        {
            command.WriteLine("0");
            yield break;
        }

        yield return Wait.Call(Become(command, [.. options.Operands], "‘{0}’: {1}"));
    }

    public static IEnumerable<Wait> Which(Process self)
    {
        var command = new CommandContext(self, "which");
        if (command.Parse("as") is not { } options)
        {
            yield break;
        }

        foreach (var name in options.Operands)
        {
            var path = name.Contains('/')
                ? CommandLookup.Find(self, [name]).Program is not null ? name : null
                : CommandLookup.PathOf(self, self.Environment.GetValueOrDefault("PATH"), name);
            command.Write(path is null ? "" : path + "\n");
            command.Status = path is null ? 1 : command.Status;
        }

        self.Exit(options.Operands.Count == 0 ? 1 : command.Status);
    }

    public static IEnumerable<Wait> Kill(Process self)
    {
        var command = new CommandContext(self, "kill");
        var request = KillRequest.Parse(command.Arguments);
        if (request.Fault is { } fault)
        {
            command.Die(fault);
            yield break;
        }

        command.Write(request.Listing is { } listing ? listing + "\n" : "");
        foreach (var target in request.Targets)
        {
            // procps on a host, busybox in a container.
            var isBusybox = self.ContainerId is not null;
            if (!int.TryParse(target, out var pid))
            {
                command.Complain(isBusybox ? $"invalid number '{target}'" : $"failed to parse argument: '{target}'");
            }
            else if (KillRequest.Deliver(self, pid, request.Signal) is { } reason)
            {
                command.Complain(isBusybox ? $"can't kill pid {pid}: {reason}" : $"({target}): {reason}");
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> MakeTemporary(Process self)
    {
        var command = new CommandContext(self, "mktemp");
        if (command.Parse("dqtup:", 1, false, new("directory", 'd'), new("dry-run", 'u'), new("tmpdir", 'p'), new("quiet", 'q')) is not { } options)
        {
            yield break;
        }

        var template = options.Operands is [var given, ..] ? given : "tmp.XXXXXXXXXX";
        var count = template.Length - template.TrimEnd('X').Length;
        if (count < 3)
        {
            command.Die($"too few X's in template ‘{template}’");
            yield break;
        }

        var name = template[..^count] + self.Host.Random.NextName(count);
        var shown = options.Operands.Count == 0 || options.Has('p') || options.Has('t') ? (options.Value('p') ?? "/tmp").TrimEnd('/') + "/" + name : name;
        var path = command.Resolve(shown);
        if (PathAccess.WhyNotCreatable(self, path) is { } reason)
        {
            command.Die($"failed to create {(options.Has('d') ? "directory" : "file")} via template ‘{shown[..^count]}{template[^count..]}’: {reason}");
            yield break;
        }

        if (options.Has('d'))
        {
            self.Files.MakeDirectories(path);
            self.Files.SetMode(path, 0b111_000_000);
        }
        else if (!options.Has('u'))
        {
            self.Files.Write(path, "", 0b110_000_000, self.Start.User);
        }

        command.WriteLine(shown);
    }

    private static void WriteEnvironment(Process self)
    {
        foreach (var (name, value) in self.Environment.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            self.Output.WriteLine($"{name}={value}");
        }
    }

    private static IEnumerable<Wait> Become(CommandContext command, ImmutableArray<string> words, string complaint, bool ignoresHangup = false,
        ImmutableDictionary<string, string>? environment = null)
    {
        // It is found on the path that this program has, whatever it passes on.
        var self = command.Self;
        var found = CommandLookup.Find(self, words);
        self.Environment = environment ?? self.Environment;
        if (found.Program is not { } program)
        {
            command.Die(string.Format(complaint, words[0], found.Status == 126 ? PathAccess.Denied : PathAccess.NoSuchFile), found.Status);
            yield break;
        }

        self.Become(found.Arguments, self.Input, self.Output, self.Error);
        if (ignoresHangup)
        {
            self.SignalHandler = signal => signal == ProcessSignal.Hangup;
        }

        yield return Wait.Call(program(self));
    }
}
