using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>
/// One run of a command: its options, what it complains about, and the exit code that it gathers. Text is written through it
/// so that a full pipe makes the command wait and a broken one ends it.
/// </summary>
internal sealed class CommandContext(Process self, string? name = null)
{
    /// <summary>How long a command that writes without end takes for a piece of text.</summary>
    public static readonly TimeSpan PieceCost = TimeSpan.FromMilliseconds(10);

    public Process Self { get; } = self;

    public World World => Self.World;

    /// <summary>The name that messages begin with.</summary>
    public string Name { get; } = name is null || self.Name == name ? self.CommandLine[0] : name;

    /// <summary>The exit code that it will end with.</summary>
    public int Status { get; set; }

    public ImmutableArray<string> Arguments => Self.CommandLine[1..];

    /// <summary>False while the reader has not caught up, and when there is none any more: see <see cref="Room"/>.</summary>
    public bool CanWrite => Self.Output is { IsFull: false, IsBroken: false };

    /// <summary>
    /// Splits the arguments. Null, when one is wrong or help was asked for: that has been said, and the process has exited.
    /// </summary>
    public CommandOptions? Parse(string letters, int usageStatus = 1, bool stopsAtOperand = false, params ReadOnlySpan<LongOption> longOptions)
    {
        if (Arguments is ["--help", ..])
        {
            Write($"Usage: {Name} [OPTION]... [ARGUMENT]...\n");
            Self.Exit(0);
            return null;
        }

        if (Arguments is ["--version"])
        {
            Write($"{Name} (GNU coreutils) 9.1\n");
            Self.Exit(0);
            return null;
        }

        // With no long options of its own, "--x" is still one that is not known.
        var known = longOptions.IsEmpty ? [new LongOption("help", '\u0001')] : longOptions;
        var options = CommandOptions.Parse(Arguments, letters, stopsAtOperand, known);
        if (options.Fault is { } fault)
        {
            Usage(fault, usageStatus);
            return null;
        }

        return options;
    }

    /// <summary>Says that the command was called wrongly, and ends it.</summary>
    public void Usage(string message, int status = 1)
    {
        Self.Error.Write((message.Length > 0 ? $"{Name}: {message}\n" : "") + $"Try '{Name} --help' for more information.\n");
        Self.Exit(status);
    }

    /// <summary>Says what is wrong and goes on; the exit code will be this.</summary>
    public void Complain(string message, int status = 1)
    {
        Self.Error.Write($"{Name}: {message}\n");
        Status = Math.Max(Status, status);
    }

    /// <summary>Says what is wrong and ends the command.</summary>
    public void Die(string message, int status = 1)
    {
        Self.Error.Write($"{Name}: {message}\n");
        Self.Exit(status);
    }

    public void Write(string text) => Self.Output.Write(text);

    public void WriteLine(string line) => Self.Output.Write(line + "\n");

    /// <summary>Waits until there is room in the output; a broken pipe ends the process (SIGPIPE).</summary>
    public IEnumerable<Wait> Room()
    {
        while (Self.Output.IsFull && !Self.Output.IsBroken)
        {
            yield return Wait.On(Self.Output.Changed);
        }

        if (Self.Output.IsBroken)
        {
            Self.Exit(128 + (int)ProcessSignal.Pipe);
            yield return Wait.Forever;
        }
    }

    /// <summary>All that standard input gives, to its end.</summary>
    public IEnumerable<Wait> ReadInput(System.Text.StringBuilder into)
    {
        while (!Self.Input.IsAtEnd)
        {
            if (Self.Input.HasText)
            {
                into.Append(Self.Input.Read());
            }
            else
            {
                yield return Wait.On(Self.Input.Changed);
            }
        }
    }

    public void Exit() => Self.Exit(Status);

    public string Resolve(string path) => FileSystem.Resolve(Self.WorkingDirectory, path);
}
