using System.Collections;
using System.Runtime.InteropServices;

namespace KubeLessons.Cli;

/// <summary>What the tool needs of the process around it; tests give it their own.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="In">Standard input.</param>
/// <param name="IsTerminal">Whether a person sits at both ends: input and output are terminals.</param>
/// <param name="WorkingDirectory">Where relative paths begin.</param>
/// <param name="ToolDirectory">Where the tool itself lies: its lessons come with it.</param>
/// <param name="Variables">The environment's variables.</param>
/// <param name="Clock">The wall clock, to pace a cluster by and to say how long a run took.</param>
public sealed record Surroundings(
    TextWriter Out,
    TextWriter Error,
    TextReader In,
    bool IsTerminal,
    string WorkingDirectory,
    string ToolDirectory,
    IReadOnlyDictionary<string, string> Variables,
    TimeProvider Clock)
{
    /// <summary>Called with the handler of Ctrl-C; what it returns takes it away again.</summary>
    public Func<Action, IDisposable> OnInterrupt { get; init; } = _ => new Nothing();

    public static Surroundings OfThisProcess()
    {
        // Boxes and Korean need UTF-8 whatever the locale says; without a byte order mark, because output is piped.
        Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        return new Surroundings(
            Console.Out,
            Console.Error,
            Console.In,
            !Console.IsInputRedirected && !Console.IsOutputRedirected,
            Environment.CurrentDirectory,
            AppContext.BaseDirectory,
            variables,
            TimeProvider.System)
        {
            OnInterrupt = handler => new ConsoleInterrupt(handler),
        };
    }

    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed class ConsoleInterrupt : IDisposable
    {
        private readonly ConsoleCancelEventHandler _handler;
        private readonly List<PosixSignalRegistration> _signals = [];

        public ConsoleInterrupt(Action handler)
        {
            _handler = (_, pressed) =>
            {
                pressed.Cancel = true;
                handler();
            };
            Console.CancelKeyPress += _handler;

            // To be told to end, or to lose the terminal, is no reason to leave things undone.
            foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            {
                _signals.Add(PosixSignalRegistration.Create(signal, received =>
                {
                    received.Cancel = true;
                    handler();
                }));
            }
        }

        public void Dispose()
        {
            Console.CancelKeyPress -= _handler;
            _signals.ForEach(signal => signal.Dispose());
        }
    }
}
