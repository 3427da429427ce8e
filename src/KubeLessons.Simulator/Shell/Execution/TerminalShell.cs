using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>A shell at a terminal: prompts, lines that go on, Ctrl-C. Such a shell runs in a container after <c>exec -it … sh</c>.</summary>
internal sealed class TerminalShell
{
    private readonly Interpreter _shell;
    private readonly LineRunner _runner;
    private readonly StringBuilder _text = new();

    public TerminalShell(Interpreter shell)
    {
        _shell = shell;
        _runner = new LineRunner(shell);
    }

    public IEnumerable<Wait> Run()
    {
        var self = _shell.Self;
        self.SignalHandler = OnSignal;
        try
        {
            Prompt();
            while (true)
            {
                if (self.Input.ReadLine() is { } line)
                {
                    _text.Append(line).Append('\n');
                    if (ShellProgram.IsComplete(_text.ToString()))
                    {
                        var commands = _text.ToString();
                        _text.Clear();
                        _runner.Start(commands);
                        while (_runner.IsRunning)
                        {
                            yield return Wait.On(_runner.Finished);
                        }
                    }

                    Prompt();
                }
                else if (self.Input.IsAtEnd)
                {
                    self.Error.Write("exit\n");
                    yield break;
                }
                else
                {
                    yield return Wait.On(self.Input.Changed);
                }
            }
        }
        finally
        {
            _runner.Kill(129);
        }
    }

    private void Prompt()
    {
        if (_shell.Self.HasExited)
        {
            return;
        }

        var prompt = _shell.State.Variables.Value(_text.Length == 0 ? "PS1" : "PS2") ?? "";
        _shell.Self.Error.Write(PromptText.Of(_shell, prompt));
    }

    private bool OnSignal(ProcessSignal signal)
    {
        if (signal != ProcessSignal.Interrupt)
        {
            return _shell.OnSignal(signal);
        }

        if (_runner.IsRunning)
        {
            _runner.Interrupt();
        }
        else
        {
            _text.Clear();
            _shell.State.Status = 130;
            _shell.Self.Error.Write("\n");
            Prompt();
        }

        return true;
    }
}
