using System.Diagnostics;
using System.Text;

namespace KubeLessons.EndToEnd.Tests.Kit;

/// <summary>The tool as a process of its own, so that it can be interrupted and killed.</summary>
internal sealed class ToolRun : IDisposable
{
    private static readonly string Tool = typeof(KubeLessons.Cli.CommandLine).Assembly.Location;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ToolRun(Process process) => _process = process;

    public string Output => Read(_output);

    public string Error => Read(_error);

    public int ExitCode => _process.ExitCode;

    public static ToolRun Start(string stateFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Tool, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBELESSONS_STATE"] = stateFolder;
        start.Environment["KUBELESSONS_LESSONS"] = Lessons;
        start.Environment["LANG"] = "C.UTF-8";
        if (Environment.GetEnvironmentVariable(RealKit.Variable) is { Length: > 0 } home)
        {
            start.Environment["PATH"] = $"{Path.Combine(home, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        var run = new ToolRun(new Process { StartInfo = start });
        run._process.OutputDataReceived += (_, line) => run.Take(run._output, line.Data);
        run._process.ErrorDataReceived += (_, line) => run.Take(run._error, line.Data);
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    public static string Lessons
    {
        get
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "KubeLessons.sln")))
                {
                    return Path.Combine(at.FullName, "lessons");
                }
            }

            throw new DirectoryNotFoundException("The repository's lessons were not found.");
        }
    }

    /// <summary>Waits for its end, and gives the time that it took.</summary>
    public async Task<TimeSpan> EndAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        await _process.WaitForExitAsync(cancellation).WaitAsync(atMost, cancellation);
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Waits until it has printed a text.</summary>
    public async Task PrintsAsync(string text, TimeSpan atMost, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            _process.HasExited.ShouldBeFalse(Output + Error);
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(atMost, Output + Error);
            await Task.Delay(50, cancellation);
        }
    }

    public void Kill() => _process.Kill(entireProcessTree: false);

    public void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Take(StringBuilder into, string? line)
    {
        lock (into)
        {
            into.AppendLine(line);
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
    }
}
