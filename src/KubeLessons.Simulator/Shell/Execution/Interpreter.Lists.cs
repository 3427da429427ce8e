using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    public IEnumerable<Wait> RunList(CommandList list)
    {
        foreach (var item in list.Items)
        {
            if (item.IsBackground)
            {
                StartBackground(item);
            }
            else
            {
                yield return Wait.Call(RunItem(item));
            }

            if (HasPendingTraps)
            {
                yield return Wait.Call(RunPendingTraps());
            }

            if (Flow != Flow.None)
            {
                yield break;
            }
        }
    }

    /// <summary>Runs a list whose failing commands do not end the shell: a condition.</summary>
    private IEnumerable<Wait> RunCondition(CommandList list)
    {
        State.ConditionDepth++;
        yield return Wait.Call(RunList(list));
        State.ConditionDepth--;
    }

    private IEnumerable<Wait> RunItem(ListItem item)
    {
        yield return Wait.Call(RunPipeline(item.First, isLast: item.Rest.IsEmpty));
        for (var i = 0; i < item.Rest.Length && Flow == Flow.None; i++)
        {
            var next = item.Rest[i];
            if (next.IsAnd == (State.Status == 0))
            {
                yield return Wait.Call(RunPipeline(next.Pipeline, isLast: i == item.Rest.Length - 1));
            }
        }
    }

    private IEnumerable<Wait> RunPipeline(Pipeline pipeline, bool isLast)
    {
        var isCondition = pipeline.IsNegated || !isLast;
        State.ConditionDepth += isCondition ? 1 : 0;
        var started = World.Now;
        if (pipeline.Commands is [var only])
        {
            yield return Wait.Call(RunCommand(only));
            State.PipeStatus = only is SimpleCommand or Subshell ? [State.Status] : State.PipeStatus;
        }
        else if (pipeline.Commands.Length > 1)
        {
            yield return Wait.Call(RunPipes(pipeline.Commands));
        }
        else
        {
            State.Status = 0;
            yield return Wait.For(CommandCost);
        }

        State.ConditionDepth -= isCondition ? 1 : 0;
        if (pipeline.IsTimed)
        {
            ReportTime(World.Now - started, pipeline.TimesPosix);
        }

        var failed = State.Status != 0 && State.ConditionDepth == 0 && !isCondition && Flow == Flow.None;
        if (pipeline.IsNegated)
        {
            State.Status = State.Status == 0 ? 1 : 0;
        }
        else if (failed && (pipeline.Commands.Length > 1 || pipeline.Commands is [SimpleCommand or Subshell or ConditionalCommand or ArithmeticCommand]))
        {
            yield return Wait.Call(RunTrap("ERR"));
            Flow = State.Options.ExitsOnError && Flow == Flow.None ? Flow.Exit : Flow;
        }
    }

    private void ReportTime(TimeSpan time, bool isPosix) => Io.Err.Write(isPosix
        ? $"real {time.TotalSeconds:F2}\nuser 0.00\nsys 0.00\n"
        : $"\nreal\t{(int)time.TotalMinutes}m{time.TotalSeconds % 60:F3}s\nuser\t0m0.000s\nsys\t0m0.000s\n");

    private IEnumerable<Wait> RunPipes(ImmutableArray<CommandNode> commands)
    {
        var processes = new List<Process>();
        var input = Io.In;
        for (var i = 0; i < commands.Length; i++)
        {
            var isLast = i == commands.Length - 1;
            var output = isLast ? Io.Out : new TextStream(World);
            var process = Fork(commands[i], Io.With(0, input).With(1, output));
            if (process is null)
            {
                output = isLast ? output : TextStream.Empty(World);
            }
            else
            {
                processes.Add(process);
                if (!isLast)
                {
                    Pipes.CloseAfter(process, output);
                }

                if (i > 0)
                {
                    Pipes.BreakAfter(process, input);
                }
            }

            input = output;
        }

        yield return Wait.Call(WaitFor(processes));
        State.PipeStatus = processes.Count == 0 ? [254] : [.. processes.Select(process => process.ExitCode)];
        if (Flow == Flow.None)
        {
            var worst = State.Options.PipeFail ? State.PipeStatus.LastOrDefault(status => status != 0) : 0;
            State.Status = worst != 0 ? worst : State.PipeStatus[^1];
        }
    }

    /// <summary>Waits in the foreground until all have ended. A Ctrl-C reaches them first (see <see cref="Interrupt"/>).</summary>
    private IEnumerable<Wait> WaitFor(IReadOnlyList<Process> processes)
    {
        _foreground.AddRange(processes);
        foreach (var process in processes)
        {
            while (!process.HasExited)
            {
                yield return Wait.On(process.Exited);
            }
        }

        foreach (var process in processes)
        {
            _foreground.Remove(process);
        }

        if (_isInterrupted)
        {
            _isInterrupted = false;
            State.Status = 130;
            Flow = Flow.Abort;
        }
    }

    public IEnumerable<Wait> WaitInForeground(Process process) => WaitFor([process]);

    private void StartBackground(ListItem item)
    {
        // Without job control a background command reads nothing (POSIX, 2.9.3).
        var io = IsInteractive ? Io : Io.With(0, TextStream.Empty(World));
        var node = item is { Rest.IsEmpty: true, First: { IsNegated: false, IsTimed: false, Commands: [var only] } }
            ? only
            : new Group(new CommandList([item with { IsBackground = false }], default), default);
        if (Fork(node, io) is not { } process)
        {
            return;
        }

        State.LastBackground = process.OwnId;
        State.Status = 0;
        var source = item.Source.EndsWith('&') ? item.Source[..^1].TrimEnd() : item.Source;
        var job = Jobs.Add(process, source);
        Coroutine.Start(World, AfterJob(process), _ => { });
        if (IsInteractive && !IsFork)
        {
            Io.Err.Write($"[{job.Number}] {process.OwnId}\n");
        }
    }

    private IEnumerable<Wait> AfterJob(Process process)
    {
        while (!process.HasExited)
        {
            yield return Wait.On(process.Exited);
        }

        Woken.Raise();
    }

    /// <summary>
    /// Starts a copy of this shell that runs one command; null, after complaining, when there are too many processes.
    /// A simple command becomes the program itself, so its PID is the one that <c>$!</c> gives.
    /// </summary>
    private Process? Fork(CommandNode node, ShellIo io)
    {
        if (!CanStart())
        {
            return null;
        }

        var state = State.Fork();
        var line = Line;
        return Self.Host.Processes.Start(new ProcessStart(Self.CommandLine, Main)
        {
            Parent = Self,
            User = Self.Start.User,
            WorkingDirectory = Self.WorkingDirectory,
            Environment = State.Variables.Environment,
            Input = io.In,
            Output = io.Out,
            Error = io.Err,
        });

        IEnumerable<Wait> Main(Process child)
        {
            var shell = new Interpreter(child, state, io) { IsFork = true, Line = line };
            return shell.RunFork(node);
        }
    }

    private IEnumerable<Wait> RunFork(CommandNode node)
    {
        Self.SignalHandler = OnSignal;
        yield return Wait.Call(node switch
        {
            SimpleCommand simple => RunSimple(simple, becomesIt: true),
            Subshell subshell when subshell.Redirects.IsEmpty => RunList(subshell.Body),
            _ => RunCommand(node),
        });
        yield return Wait.Call(RunExitTrap());
        Self.Exit(State.Status);
    }

    private bool CanStart()
    {
        if (State.ForkDepth < MaxForkDepth && Self.Host.Processes.Running.Count() < MaxProcesses)
        {
            return true;
        }

        Complain("fork: retry: Resource temporarily unavailable");
        State.Status = 254;
        return false;
    }
}
