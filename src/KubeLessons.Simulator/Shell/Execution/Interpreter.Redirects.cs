using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>The files that redirections have opened for one command.</summary>
internal sealed class OpenedFiles
{
    private readonly List<FileOutput> _outputs = [];

    /// <summary>A redirection could not be made, and that was said: the command does not run.</summary>
    public bool Failed { get; set; }

    public void Add(FileOutput output) => _outputs.Add(output);

    public void Flush()
    {
        foreach (var output in _outputs)
        {
            output.Flush();
        }
    }
}

internal sealed partial class Interpreter
{
    private IEnumerable<Wait> Redirect(ImmutableArray<Redirect> redirects, OpenedFiles opened)
    {
        foreach (var redirect in redirects)
        {
            var target = new TextResult();
            yield return Wait.Call(redirect.Kind switch
            {
                RedirectKind.HereDocument => Expander.Text(redirect.HereDocument?.Text ?? Word.Of("", redirect.At), target),
                RedirectKind.HereString => Expander.Text(redirect.Target, target),
                _ => Expander.RedirectTarget(redirect.Target, target),
            });
            if (Flow == Flow.Abort)
            {
                // An ambiguous redirect fails the command, not the script.
                Flow = State.Status == 1 ? Flow.None : Flow;
                opened.Failed = true;
                yield break;
            }

            if (Flow != Flow.None || !Open(redirect, target.Text, opened))
            {
                yield break;
            }
        }
    }

    private bool Open(Redirect redirect, string target, OpenedFiles opened)
    {
        switch (redirect.Kind)
        {
            case RedirectKind.HereDocument:
                Io = Io.With(redirect.Descriptor ?? 0, TextStream.Of(World, target));
                return true;
            case RedirectKind.HereString:
                Io = Io.With(redirect.Descriptor ?? 0, TextStream.Of(World, target + "\n"));
                return true;
            case RedirectKind.Input or RedirectKind.ReadWrite:
                return OpenInput(redirect, target, opened);
            case RedirectKind.DuplicateInput:
                return Duplicate(redirect.Descriptor ?? 0, target, opened);
            case RedirectKind.DuplicateOutput when target == "-" || target.All(char.IsAsciiDigit) || redirect.Descriptor is not null:
                return Duplicate(redirect.Descriptor ?? 1, target, opened);
            case RedirectKind.DuplicateOutput or RedirectKind.OutputAndError or RedirectKind.AppendOutputAndError:
                if (!OpenOutput(1, target, redirect.Kind == RedirectKind.AppendOutputAndError, isForced: true, opened))
                {
                    return false;
                }

                Io = Io.With(2, Io.Out);
                return true;
            default:
                return OpenOutput(
                    redirect.Descriptor ?? 1, target, redirect.Kind == RedirectKind.Append, redirect.Kind == RedirectKind.Clobber, opened);
        }
    }

    private bool Duplicate(int descriptor, string target, OpenedFiles opened)
    {
        if (target == "-")
        {
            Io = Io.Without(descriptor);
            return true;
        }

        var moves = target.EndsWith('-');
        if (!int.TryParse(moves ? target[..^1] : target, out var source) || !Io.Descriptors.TryGetValue(source, out var stream))
        {
            return Fail(opened, target.All(char.IsAsciiDigit) ? $"{target}: Bad file descriptor" : $"{target}: ambiguous redirect");
        }

        Io = Io.With(descriptor, stream);
        Io = moves && source != descriptor ? Io.Without(source) : Io;
        return true;
    }

    private bool OpenInput(Redirect redirect, string path, OpenedFiles opened)
    {
        var descriptor = redirect.Descriptor ?? 0;
        if (Device(path) is { } device)
        {
            Io = Io.With(descriptor, device);
            return true;
        }

        if (redirect.Kind == RedirectKind.ReadWrite && !Self.Files.Exists(PathAccess.Resolve(Self, path)))
        {
            if (PathAccess.WhyNotWritable(Self, path) is { } unwritable)
            {
                return Fail(opened, $"{path}: {unwritable}");
            }

            Self.Files.Write(PathAccess.Resolve(Self, path), "");
        }

        if (PathAccess.Read(Self, path, out var reason) is not { } content)
        {
            return Fail(opened, $"{path}: {reason}");
        }

        Io = Io.With(descriptor, TextStream.Of(World, content));
        return true;
    }

    private bool OpenOutput(int descriptor, string path, bool appends, bool isForced, OpenedFiles opened)
    {
        if (Device(path) is { } device)
        {
            Io = Io.With(descriptor, device);
            return true;
        }

        if (PathAccess.WhyNotWritable(Self, path) is { } reason)
        {
            return Fail(opened, $"{path}: {reason}");
        }

        var absolute = PathAccess.Resolve(Self, path);
        var exists = Self.Files.Exists(absolute);
        if (State.Options.NoClobber && exists && !appends && !isForced)
        {
            return Fail(opened, $"{path}: cannot overwrite existing file");
        }

        if (!exists)
        {
            Self.Files.Write(absolute, "", 0b110_110_110 & ~State.Umask, Self.Start.User);
        }
        else if (!appends)
        {
            Self.Files.Write(absolute, "");
        }

        var output = new FileOutput(Self, absolute);
        opened.Add(output);
        Io = Io.With(descriptor, output.Stream);
        return true;
    }

    // The devices that stand for something else than a file. A closed stream is at its end and drops what is written: /dev/null.
    private TextStream? Device(string path) => path switch
    {
        "/dev/null" => TextStream.Empty(World),
        "/dev/stdin" or "/dev/fd/0" => Io.In,
        "/dev/stdout" or "/dev/fd/1" => Io.Out,
        "/dev/stderr" or "/dev/fd/2" => Io.Err,
        "/dev/tty" => Io.Err,
        _ => null,
    };

    private bool Fail(OpenedFiles opened, string message)
    {
        Complain(message);
        opened.Failed = true;
        return false;
    }
}
