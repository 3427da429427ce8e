using System.Text;
using CliWrap;
using KubeLessons.Clusters;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>How a command on a node ended.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string StandardOutput, string StandardError)
{
    /// <summary>The exit code of a command that could not be brought onto the node.</summary>
    public const int NotStarted = 255;
}

/// <summary>Runs texts of bash on nodes.</summary>
internal sealed class NodeShell(INodeAccess access)
{
    /// <summary>The variable that marks the processes of a command, so that they can be found and ended.</summary>
    public const string Mark = "KUBELESSONS_COMMAND";

    private static readonly TimeSpan Lookup = TimeSpan.FromSeconds(8);

    public INodeAccess Access => access;

    /// <summary>Runs to the end, or until cancelled: then what was started on the node goes on and is the caller's to end.</summary>
    public async Task<ShellResult> RunAsync(string address, string script, Action<OutputChunk>? onOutput, CancellationToken cancellation)
    {
        var gate = new Lock();
        StringBuilder both = new(), output = new(), error = new();
        PipeTarget Into(StringBuilder into, bool isError) => PipeTarget.Create(async (stream, token) =>
        {
            using var reader = new StreamReader(stream, new UTF8Encoding(false), false, 4096, leaveOpen: true);
            var buffer = new char[4096];
            int read;
            while ((read = await reader.ReadAsync(buffer.AsMemory(), token).ConfigureAwait(false)) > 0)
            {
                var text = new string(buffer, 0, read);
                lock (gate)
                {
                    both.Append(text);
                    into.Append(text);
                    onOutput?.Invoke(new OutputChunk(text, isError));
                }
            }
        });

        var line = access.CommandFor(address, script);
        try
        {
            var result = await CliWrap.Cli.Wrap(line.Program).WithArguments(line.Arguments).WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(Into(output, false)).WithStandardErrorPipe(Into(error, true))
                .ExecuteAsync(cancellation).ConfigureAwait(false);
            return new ShellResult(result.ExitCode, both.ToString(), output.ToString(), error.ToString());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            var words = $"{line.Program}: command not found on this machine\n";
            return new ShellResult(ShellResult.NotStarted, words, "", words);
        }
    }

    /// <summary>What a short look at a node printed; null when it failed or took too long.</summary>
    public async Task<string?> LookAsync(string address, string script, CancellationToken cancellation, TimeSpan? atMost = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(atMost ?? Lookup);
        try
        {
            var result = await RunAsync(address, script, null, limit.Token).ConfigureAwait(false);
            return result.ExitCode == 0 ? result.StandardOutput : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Ends every process on the node that carries a mark: INT first, as Ctrl-C does, KILL for what does not listen. A local ssh that is
    /// gone does not end what it had started.
    /// </summary>
    public Task EndAsync(string address, string mark, CancellationToken cancellation) => LookAsync(address, EndScript(mark), cancellation);

    /// <summary>The same as a text, to be put before others. It prints nothing.</summary>
    public static string EndScript(string mark) =>
        $$"""
        marked() { grep -lazF '{{Mark}}={{mark}}' /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | grep -vx "$$"; }
        found=$(marked)
        if [ -n "$found" ]; then
          kill -INT $found 2>/dev/null
          for i in 1 2 3 4 5 6 7 8 9 10; do [ -z "$(marked)" ] && break; sleep 0.1; done
          kill -KILL $(marked) 2>/dev/null
        fi
        true

        """;
}
